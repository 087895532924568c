-- Every record with the cells that a rule asks for, and the person that the register has under its number as delivered.
CREATE TABLE record AS
  WITH plain AS (
    SELECT line.rowid AS line, number, contains(text, '"') AS has_quotes, contains(text, chr(0)) AS has_nul,
      CASE WHEN has_quotes THEN unquoted(text) ELSE text END AS plain
    FROM line JOIN line_number ON line.rowid = line_number.line
    WHERE number > 1 AND (unicode(text) > 32 OR trim(text) <> '')),
  split AS (SELECT line, number, has_quotes, has_nul, string_split(plain, ',') AS cells FROM plain),
  cell AS (
    SELECT line, number,
      CASE WHEN has_nul THEN 'E11' WHEN cells IS NULL OR len(cells) <> 24 THEN 'E10' END::code AS fault,
      cell_at(cells, 1, has_quotes) AS record_id,
      cell_at(cells, 2, has_quotes) AS full_name,
      cell_at(cells, 3, has_quotes) AS birth_date,
      cell_at(cells, 4, has_quotes) AS sex,
      cell_at(cells, 5, has_quotes) AS citizen_id,
      cell_at(cells, 8, has_quotes) AS nationality,
      cell_at(cells, 18, has_quotes) AS dose_no,
      cell_at(cells, 19, has_quotes) AS vaccine,
      cell_at(cells, 20, has_quotes) AS vaccination_date,
      cell_at(cells, 22, has_quotes) AS facility_code,
      cell_at(cells, 23, has_quotes) AS facility_name,
      cell_at(cells, 24, has_quotes) AS note
    FROM split)
  SELECT cell.* EXCLUDE (record_id, facility_code, facility_name),
    CASE WHEN fault IS NULL THEN record_id END AS record_id,
    CASE WHEN unicode(facility_code) BETWEEN 33 AND 126 THEN false
      ELSE tidy(facility_code) = '' AND tidy(facility_name) = '' END AS is_without_facility,
    person.id AS person, person.live_id AS live, person.birth_date AS person_birth_date, person.sex AS person_sex,
    live_id = id AND cell.full_name = person.name AS is_name_as_registered
  FROM cell LEFT JOIN register.person ON person.findable_id = cell.citizen_id;
