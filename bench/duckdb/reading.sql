-- What the cells of few distinct values say, each value read once.
CREATE TABLE sex_reading AS
  SELECT cell,
    CASE WHEN fold(cell) IN ('nam', 'm', 'male') THEN 'M' WHEN fold(cell) IN ('nu', 'f', 'female') THEN 'F' END AS sex
  FROM (SELECT DISTINCT sex AS cell FROM record);

CREATE TABLE birth_reading AS
  WITH text AS (SELECT cell, date_text(cell) AS text FROM (SELECT DISTINCT birth_date AS cell FROM record)),
  day AS (
    SELECT cell, text, full_day(text) AS day, short_day(text, '19') AS day_1900, short_day(text, '20') AS day_2000,
      CASE WHEN regexp_full_match(text, '\d{4}') THEN text END AS year
    FROM text)
  SELECT cell, text = '' AS is_blank, regexp_full_match(text, '\d{5}') AS is_serial,
    CASE WHEN is_possible_birth(day) THEN day::VARCHAR
      WHEN year::INTEGER BETWEEN year(getvariable('as_of')) - 120 AND year(getvariable('as_of')) THEN year END AS value,
    CASE WHEN is_possible_birth(day_1900) THEN day_1900::VARCHAR END AS value_1900,
    CASE WHEN is_possible_birth(day_2000) THEN day_2000::VARCHAR END AS value_2000,
    coalesce(day_1900, day_2000) IS NOT NULL AS is_short, right(text, 2) AS short_year
  FROM day;

CREATE TABLE vaccine_reading AS
  WITH vaccine AS (
    SELECT row_number() OVER () AS rank, key,
      [key, canonical_name_platform] || string_split(product, ' / ') || string_split(variants, '|') AS names,
      CASE WHEN list_contains(string_split(confirmed, ';'), 'approval date')
        AND regexp_full_match(vn_approval_date, '\d{4}-\d\d-\d\d') THEN vn_approval_date END AS approved
    FROM read_csv(getvariable('tables') || '/vaccines.csv', all_varchar = true, header = true, nullstr = '\N')),
  alias AS (SELECT rank, key, approved, squeeze(unnest(names)) AS alias FROM vaccine),
  known AS (
    SELECT alias, max_by({key: key, approved: approved}, rank) AS vaccine
    FROM alias WHERE alias <> '' GROUP BY alias)
  SELECT cell, vaccine.key AS vaccine, vaccine.approved AS approved,
    CASE WHEN known.vaccine IS NOT NULL THEN NULL WHEN tidy(cell) = '' THEN 'E23' ELSE 'E34' END::code AS code
  FROM (SELECT DISTINCT vaccine AS cell FROM record) LEFT JOIN known ON alias = squeeze(cell);

CREATE TABLE day_reading AS
  WITH text AS (SELECT cell, date_text(cell) AS text FROM (SELECT DISTINCT vaccination_date AS cell FROM record)),
  day AS (SELECT cell, coalesce(full_day(text), short_day(text, '20')) AS day FROM text)
  SELECT cell, day::VARCHAR AS day,
    CASE WHEN day.day IS NULL THEN CASE WHEN tidy(cell) = '' THEN 'E24' ELSE 'E30' END
      WHEN day.day < DATE '2021-03-08' THEN 'E31'
      WHEN day.day > getvariable('as_of') THEN 'E32' END::code AS code
  FROM day;

CREATE TABLE dose_reading AS
  WITH dose AS (
    SELECT cell,
      try_cast(regexp_extract(fold(cell), '^(?:mui(?: so| thu)? ?)?0*(\d{1,3})(?:[.,]0+)?$', 1) AS INTEGER) AS dose
    FROM (SELECT DISTINCT dose_no AS cell FROM record))
  SELECT cell, dose, CASE WHEN dose BETWEEN 1 AND 6 THEN NULL ELSE 'E35' END::code AS code FROM dose;

-- The first three digits a citizen ID can have.
CREATE TABLE place AS
  SELECT DISTINCT id_code FROM read_csv(
    [getvariable('tables') || '/province_codes.csv', getvariable('tables') || '/country_codes.csv'],
    union_by_name = true, all_varchar = true, header = true)
  UNION SELECT '000';
