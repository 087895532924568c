CREATE MACRO capitalised(text, separator) AS
  array_to_string(
    list_transform(string_split(text, separator), lambda syllable: upper(syllable[1:1]) || syllable[2:]), separator);

-- An apostrophe or hyphen that does not join two letters becomes a space.
CREATE MACRO strip_stray_joiners(text) AS
  regexp_replace(regexp_replace(regexp_replace(text,
    '[''-]{2,}', ' ', 'g'), '(^|[^\p{L}\p{M}])[''-]', '\1 ', 'g'), '[''-]([^\p{L}]|$)', ' \1', 'g');

-- hoà, hoè, thuý: the tone belongs on the letter before; quý stays.
CREATE MACRO move_late_tones(name) AS
  nfc_normalize(
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(name,
    '([oO])à([^\p{L}]|$)', '\1' || chr(768) || 'a\2', 'g'),
    '([oO])á([^\p{L}]|$)', '\1' || chr(769) || 'a\2', 'g'),
    '([oO])ả([^\p{L}]|$)', '\1' || chr(777) || 'a\2', 'g'),
    '([oO])ã([^\p{L}]|$)', '\1' || chr(771) || 'a\2', 'g'),
    '([oO])ạ([^\p{L}]|$)', '\1' || chr(803) || 'a\2', 'g'),
    '([oO])è([^\p{L}]|$)', '\1' || chr(768) || 'e\2', 'g'),
    '([oO])é([^\p{L}]|$)', '\1' || chr(769) || 'e\2', 'g'),
    '([oO])ẻ([^\p{L}]|$)', '\1' || chr(777) || 'e\2', 'g'),
    '([oO])ẽ([^\p{L}]|$)', '\1' || chr(771) || 'e\2', 'g'),
    '([oO])ẹ([^\p{L}]|$)', '\1' || chr(803) || 'e\2', 'g'),
    '((?:^|[^qQ])[uU])ỳ([^\p{L}]|$)', '\1' || chr(768) || 'y\2', 'g'),
    '((?:^|[^qQ])[uU])ý([^\p{L}]|$)', '\1' || chr(769) || 'y\2', 'g'),
    '((?:^|[^qQ])[uU])ỷ([^\p{L}]|$)', '\1' || chr(777) || 'y\2', 'g'),
    '((?:^|[^qQ])[uU])ỹ([^\p{L}]|$)', '\1' || chr(771) || 'y\2', 'g'),
    '((?:^|[^qQ])[uU])ỵ([^\p{L}]|$)', '\1' || chr(803) || 'y\2', 'g'));

-- The distinct texts of a table's column `cell` with `standard`, the name as it should be written: NFC, no invisible
-- characters, single spaces, no stray punctuation, Title Case by syllable, tones in their usual place. Step by step,
-- because a macro's argument is evaluated wherever the macro names it.
CREATE MACRO standard_names(source) AS TABLE
  WITH usual AS (
    SELECT cell, regexp_full_match(cell, '\p{Lu}\p{Ll}*(?: \p{Lu}\p{Ll}*)*') AS is_usual
    FROM query_table(source)),
  spelt AS (
    SELECT cell, is_usual, CASE WHEN is_usual THEN cell ELSE
      lower(trim(regexp_replace(strip_stray_joiners(regexp_replace(
        translate(
          nfc_normalize(regexp_replace(cell,
            '[\p{Cf}\x{034F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{3164}\x{FFA0}\x{FE00}-\x{FE0F}\x00-\x08\x0E-\x1F\x7F-\x9F]',
            '', 'g')),
          'ÐƉɖ’‘ʼ`´', 'ĐĐđ'''''''''''),
        '[^\p{L}\p{M}\p{N}\p{Z}\p{C}''-]+', ' ', 'g')), '[\s\p{Z}]+', ' ', 'g')))
      END AS text
    FROM usual),
  by_word AS (
    SELECT cell, is_usual, CASE WHEN is_usual THEN text ELSE capitalised(text, ' ') END AS text FROM spelt),
  titled AS (
    SELECT cell, CASE
      WHEN is_usual OR NOT regexp_matches(text, '[''-]') THEN text
      ELSE capitalised(capitalised(text, '-'), '''') END AS text
    FROM by_word)
  SELECT cell, CASE
    WHEN regexp_matches(text, '(?i)(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?:[^\p{L}]|$)') THEN move_late_tones(text)
    ELSE text END AS standard
  FROM titled;

-- Letters without case and tone, with their quality marks.
CREATE MACRO toneless(name) AS
  translate(lower(name),
    'àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ',
    'aaaaaăăăăăâââââeeeeeêêêêêiiiiioooooôôôôôơơơơơuuuuuưưưưưyyyyy');

-- Each syllable's tones as digits, wherever in the syllable they stand. What `translate` has no place for is dropped.
CREATE MACRO tones(name) AS
  translate(lower(name),
    'àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵaăâeêioôơuưybcdđghklmnpqrstvxfjwz',
    '123451234512345123451234512345123451234512345123451234512345');

-- The name without case and marks.
CREATE MACRO folded(name) AS replace(strip_accents(lower(name)), 'đ', 'd');

-- Every syllable is the register's, or carries no mark at all.
CREATE MACRO has_lost_marks_only(name, register_name) AS
  len(list_filter(
    list_zip(regexp_split_to_array(lower(name), '[ ''-]'), regexp_split_to_array(lower(register_name), '[ ''-]')),
    lambda pair: pair[1] <> pair[2] AND pair[1] <> folded(pair[1]))) = 0;

-- What a delivery in another encoding or with digits in it still has of the name: the Latin consonants but d (for đ).
CREATE MACRO consonants(name) AS regexp_replace(lower(name), '[^bcfghjklmnpqrstvwxz]+', '', 'g');
