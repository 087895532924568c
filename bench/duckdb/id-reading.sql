-- The citizen ID cells that name nobody as they stand: their code, and the number a repair would give.
CREATE TABLE id_reading AS
  WITH text AS (
    SELECT cell, tidy(cell) AS text FROM (SELECT DISTINCT citizen_id AS cell FROM record WHERE person IS NULL)),
  compact AS (
    SELECT cell, text, regexp_replace(text, '[^\p{L}\p{N}|]+', '', 'g') AS compact,
      regexp_extract(text, '^(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})$', ['first', 'fraction', 'exponent']) AS scientific,
      regexp_extract(text, '^(\d+)[.,]0{1,2}$', 1) AS float
    FROM text),
  kind AS (
    SELECT *, translate(compact, 'OoDQlIi|ZzSsB', '0000111122558') AS alike, CASE
      WHEN regexp_full_match(cell, '\d{12}') AND NOT is_placeholder_number(cell) THEN 'number'
      WHEN text = '' THEN 'blank'
      WHEN is_placeholder(text) THEN 'placeholder'
      WHEN regexp_full_match(text, '[;,/\s]*\d{12}(?:[;,/\s]+\d{12})+[;,/\s]*') AND holds_two_numbers(text) THEN 'two'
      WHEN regexp_full_match(compact, '[A-Za-z]\d{7,8}') THEN 'passport'
      WHEN regexp_full_match(compact, '[A-Za-z]{2}\d{13}') THEN 'insurance'
      WHEN scientific.first <> '' THEN 'scientific'
      WHEN float <> '' THEN 'float'
      WHEN regexp_full_match(text, '\+?84[35789]\d{8}') THEN 'phone'
      WHEN regexp_full_match(text, '\d+') THEN 'digits'
      WHEN regexp_full_match(compact, '\d+') THEN 'separated'
      WHEN regexp_full_match(alike, '\d{12}') THEN 'alike'
      ELSE 'other' END AS kind
    FROM compact),
  given AS (
    SELECT cell, kind,
      CASE kind WHEN 'blank' THEN 'X10' WHEN 'placeholder' THEN 'X11' WHEN 'two' THEN 'E60' WHEN 'passport' THEN 'X13'
        WHEN 'insurance' THEN 'X23' WHEN 'scientific' THEN 'X24' WHEN 'float' THEN 'X24' WHEN 'phone' THEN 'X23'
        WHEN 'digits' THEN CASE WHEN length(text) = 12 THEN 'X21' WHEN length(text) IN (8, 9) THEN 'X12'
          WHEN regexp_full_match(text, '0[35789]\d{8}') THEN 'X23' ELSE 'X20' END
        WHEN 'number' THEN CASE WHEN cell[1:3] IN (FROM place) THEN 'X30' ELSE 'X22' END
        ELSE 'X21' END::code AS code,
      CASE kind
        WHEN 'scientific' THEN CASE WHEN length(scientific.fraction) = try_cast(scientific.exponent AS INTEGER)
          THEN scientific.first || scientific.fraction END
        WHEN 'float' THEN float
        WHEN 'phone' THEN CASE WHEN starts_with(text, '+') THEN NULL ELSE text END
        WHEN 'digits' THEN text
        WHEN 'separated' THEN CASE WHEN length(compact) = 8 THEN NULL ELSE compact END
        WHEN 'alike' THEN alike
        WHEN 'other' THEN CASE WHEN regexp_full_match(replace(compact, '|', ''), '\d{12}') THEN replace(compact, '|', '') END
      END AS digits
    FROM kind)
  SELECT cell, kind, code,
    CASE WHEN length(digits) BETWEEN 10 AND 12 THEN lpad(digits, 12, '0') END AS candidate,
    CASE WHEN length(digits) IN (8, 9) THEN digits END AS old_number
  FROM given;
