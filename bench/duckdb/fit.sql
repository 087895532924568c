-- Of each record's candidates, those that name, birth date and sex all authenticate.
CREATE TABLE fit AS
  WITH said AS (
    SELECT candidate.number, live_person.id, live_person.citizen_id, live_person.birth_date AS registered,
      live_person.sex AS registered_sex, name_level.level, sex_reading.sex,
      settled_birth(value, is_short, short_year, value_1900, value_2000, record.citizen_id) AS birth_date,
      CASE WHEN record.person IS NULL THEN live_person.citizen_id ELSE record.citizen_id END AS own_number
    FROM candidate
    JOIN record USING (number)
    JOIN register.person live_person ON live_person.id = candidate.live
    JOIN birth_reading ON birth_reading.cell = record.birth_date
    JOIN sex_reading ON sex_reading.cell = record.sex
    JOIN name_reading ON name_reading.cell = record.full_name AND name_reading.standard <> ''
    JOIN name_level ON name_level.cell = record.full_name AND name_level.id = candidate.live)
  SELECT number, count(*) AS people, min(id) AS person, min(citizen_id) AS citizen_id, min(registered_sex) AS sex
  FROM said
  WHERE (level IN ('equal', 'repaired') OR (level = 'marks-lost' AND birth_date = registered AND length(registered) = 10))
    AND is_same_birth(birth_date, registered)
    AND coalesce(sex, sex_of(own_number)) = registered_sex
  GROUP BY number;
