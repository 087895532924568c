CREATE VIEW outcome AS
  SELECT verdict.* EXCLUDE (code), coalesce(dose_fault.code, verdict.code) AS code
  FROM verdict LEFT JOIN dose_fault USING (number);

-- A set's rows as CSV text. The delivered cells are passed on as they stand in the file; a row that cannot be read has
-- none.
CREATE MACRO set_rows(set_name, letter, file) AS TABLE
  SELECT number,
    concat_ws(',',
      CASE WHEN is_keyless THEN concat(file, ':', number) ELSE key_text(text) END,
      file, number, set_name, code,
      CASE WHEN code <= 'E11'::code THEN repeat(',', 22) ELSE text_after_key(text) END,
      CASE WHEN letter = 'C' THEN concat_ws(',', citizen_id, name, birth_date, sex, dose, vaccine, day) END) AS row
  FROM line JOIN outcome ON line.rowid = outcome.line
  WHERE starts_with(code::VARCHAR, letter)
  UNION ALL
  SELECT number, concat_ws(',', concat(file, ':', number), file, number, set_name, 'E11', repeat(',', 22))
  FROM undecodable WHERE letter = 'E';
