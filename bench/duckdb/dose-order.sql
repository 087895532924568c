-- A person's doses: those on one day, and dose numbers that contradict the days. Most people have neither.
CREATE TABLE dose_fault AS
  WITH clean AS (SELECT number, person, day, dose FROM verdict WHERE code >= 'C1'::code),
  suspect AS (
    SELECT DISTINCT person
    FROM clean a JOIN clean b USING (person)
    WHERE a.number < b.number AND (a.day = b.day OR a.dose = b.dose OR (a.day < b.day) <> (a.dose < b.dose))),
  ranked AS (
    SELECT *, row_number() OVER (PARTITION BY person, day ORDER BY number) AS nth
    FROM clean SEMI JOIN suspect USING (person)),
  kept AS (FROM ranked WHERE nth = 1)
  SELECT number, 'E41'::code AS code FROM ranked WHERE nth > 1
  UNION ALL
  SELECT DISTINCT a.number, 'E50'::code
  FROM kept a JOIN kept b USING (person)
  WHERE a.number <> b.number AND (a.dose = b.dose OR (a.day < b.day) <> (a.dose < b.dose));
