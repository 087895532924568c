-- The code of each record but for the rules across a person's doses, and the standard values beside it.
CREATE TABLE verdict AS
  WITH identified AS (
    -- Most records have the register's name letter by letter and ask nothing more.
    SELECT record.*, true AS is_direct, 'equal' AS level, full_name AS standard_name,
      0 AS people, NULL::INTEGER AS fitting_person, NULL AS fitting_id, NULL AS fitting_sex, true AS has_number,
      NULL::code AS id_code
    FROM record WHERE is_name_as_registered
    UNION ALL
    SELECT record.*, coalesce(live = record.person, false) AS is_direct, level, standard,
      people, fit.person, fit.citizen_id, fit.sex, record.person IS NOT NULL OR kind = 'number',
      CASE
        WHEN people > 1 THEN 'E60'
        WHEN kind IN ('blank', 'placeholder') AND holds_two_numbers(note) THEN 'E60'
        WHEN kind IN ('blank', 'placeholder') AND is_foreign(nationality) THEN 'X13'
        WHEN kind IS NULL THEN 'X30'
        ELSE id_reading.code END::code
    FROM record
    LEFT JOIN name_reading ON name_reading.cell = record.full_name
    LEFT JOIN name_level ON name_level.cell = record.full_name AND name_level.id = record.person
    LEFT JOIN id_reading ON id_reading.cell = record.citizen_id
    LEFT JOIN fit ON fit.number = record.number
    WHERE is_name_as_registered IS NOT TRUE),
  said AS (
    SELECT line, identified.number, coalesce(record_id = '', true) AS is_keyless, fault, is_direct, person,
      person_birth_date, person_sex,
      citizen_id, level, full_name, standard_name, people, fitting_person, fitting_id, id_code, is_without_facility,
      settled_birth(value, is_short, short_year, value_1900, value_2000, citizen_id) AS birth_date,
      is_short OR is_serial AS is_birth_normalised, is_blank AS is_birth_blank,
      sex_reading.sex IS NULL AS is_sex_missing,
      CASE WHEN sex_reading.sex IS NOT NULL THEN sex_reading.sex
        WHEN has_number THEN sex_of(citizen_id)
        WHEN people = 1 THEN fitting_sex END AS sex,
      vaccine_reading.vaccine, approved, vaccine_reading.code AS vaccine_code, day, day_reading.code AS day_code, dose,
      dose_reading.code AS dose_code, repeated_key.code AS key_code
    FROM identified
    LEFT JOIN sex_reading ON sex_reading.cell = identified.sex
    LEFT JOIN birth_reading ON birth_reading.cell = identified.birth_date
    LEFT JOIN vaccine_reading ON vaccine_reading.cell = identified.vaccine
    LEFT JOIN day_reading ON day_reading.cell = identified.vaccination_date
    LEFT JOIN dose_reading ON dose_reading.cell = identified.dose_no
    LEFT JOIN repeated_key ON repeated_key.number = identified.number),
  compared AS (
    SELECT *,
      is_direct AND standard_name <> '' AND (level = 'different' OR (level = 'marks-lost'
        AND NOT coalesce(birth_date = person_birth_date AND length(birth_date) = 10, false))) AS is_other_name,
      is_direct AND birth_date IS NOT NULL AND NOT is_same_birth(birth_date, person_birth_date) AS is_other_birth,
      is_direct AND sex <> person_sex AS is_other_sex
    FROM said)
  SELECT line, number, is_keyless,
    coalesce(fault, least(
      key_code,
      CASE WHEN NOT is_direct AND people IS DISTINCT FROM 1 THEN id_code END,
      CASE WHEN standard_name = '' THEN 'E20' END::code,
      CASE WHEN birth_date IS NULL THEN CASE WHEN is_birth_blank THEN 'E21' ELSE 'E36' END END::code,
      CASE WHEN sex IS NULL THEN 'E22' END::code,
      CASE is_other_name::INTEGER + is_other_birth::INTEGER * 2 + is_other_sex::INTEGER * 4
        WHEN 0 THEN NULL WHEN 1 THEN 'X31' WHEN 2 THEN 'X32' WHEN 4 THEN 'X33' ELSE 'X34' END::code,
      vaccine_code, day_code, dose_code,
      CASE WHEN is_without_facility THEN 'E25' END::code,
      CASE WHEN day < approved THEN 'E31' END::code,
      CASE WHEN day < birth_date THEN 'E33' END::code,
      CASE
        WHEN NOT is_direct OR level = 'repaired' OR is_sex_missing THEN 'C3'
        WHEN standard_name <> full_name OR is_birth_normalised OR level = 'marks-lost' THEN 'C2'
        ELSE 'C1' END::code)) AS code,
    CASE WHEN is_direct THEN person ELSE fitting_person END AS person,
    CASE WHEN is_direct THEN citizen_id ELSE fitting_id END AS citizen_id,
    standard_name AS name, birth_date, sex, dose, vaccine, day
  FROM compared;
