-- Lower case, no marks, đ as d, single spaces: how codings and placeholders are compared. RE2 has no lookaround and
-- its \s is ASCII, so the classes are written out.
CREATE MACRO fold(text) AS
  trim(regexp_replace(
    replace(strip_accents(regexp_replace(lower(text), '[\p{Cf}]+', '', 'g')), 'đ', 'd'), '[\s\p{Z}]+', ' ', 'g'));

-- `fold` with letters and digits only.
CREATE MACRO squeeze(text) AS regexp_replace(fold(text), '[^\p{L}\p{N}]+', '', 'g');

-- Full-width digits and signs resolved (DuckDB has NFC, no NFKC), without the blanks and invisible characters around.
CREATE MACRO tidy(text) AS
  regexp_replace(
    translate(text, '０１２３４５６７８９．，－／ ', '0123456789.,-/ '),
    '^[\s\p{Z}\p{Cc}\p{Cf}]+|[\s\p{Z}\p{Cc}\p{Cf}]+$', '', 'g');
