-- A record's text ready to be split at its commas: quotes resolved, commas between them as unit separators. NULL when
-- it is not RFC 4180. Split at its quotes, every second part stands between quotes; of the others one that is empty,
-- inside the text, is a doubled quote, and the rest must begin and end at a comma.
CREATE MACRO unquoted(text) AS
  list_transform([string_split(text, '"')], lambda parts: CASE
    WHEN len(parts) % 2 = 1
      AND (parts[1] = '' OR ends_with(parts[1], ','))
      AND (parts[-1] = '' OR starts_with(parts[-1], ','))
      AND len(list_filter(parts[2:-2], lambda part, nth:
        nth % 2 = 0 AND part <> '' AND NOT (starts_with(part, ',') AND ends_with(part, ',')))) = 0
    THEN array_to_string(list_transform(parts, lambda part, nth: CASE
      WHEN nth % 2 = 0 THEN replace(part, ',', chr(31))
      WHEN part = '' AND nth > 1 AND nth < len(parts) THEN '"'
      ELSE part END), '')
    END)[1];

-- One cell of a text that was split.
CREATE MACRO cell_at(cells, nth, has_quotes) AS
  CASE WHEN has_quotes THEN replace(cells[nth], chr(31), ',') ELSE cells[nth] END;

-- A record's first cell as it was delivered, and the text behind it.
CREATE MACRO key_text(text) AS
  CASE WHEN starts_with(text, '"') THEN regexp_extract(text, '^"(?:[^"]|"")*"') ELSE split_part(text, ',', 1) END;

CREATE MACRO text_after_key(text) AS
  CASE WHEN starts_with(text, '"') THEN regexp_replace(text, '^"(?:[^"]|"")*",', '')
    ELSE substr(text, instr(text, ',') + 1) END;
