-- Between the run's date and 120 years before it.
CREATE MACRO is_possible_birth(day) AS
  day BETWEEN getvariable('as_of')::DATE - INTERVAL 120 YEAR AND getvariable('as_of')::DATE;

-- A day from its parts, NULL when the calendar does not have it.
CREATE MACRO day_of(year, month, day) AS
  try_cast(lpad(year, 4, '0') || '-' || lpad(month, 2, '0') || '-' || lpad(day, 2, '0') AS DATE);

-- The cell without the time 00:00 behind it.
CREATE MACRO date_text(cell) AS
  regexp_replace(tidy(cell), '(?: +|T)0?0:00(?::00(?:\.0+)?)?Z?$', '');

-- Day, month and year (two or four digits) of dd/mm/yyyy and its kin, NULL when the text is written otherwise.
CREATE MACRO day_first(text) AS
  nullif(regexp_extract(text,
    '^(\d{1,2})(?:/(\d{1,2})/|-(\d{1,2})-|\.(\d{1,2})\.| (\d{1,2}) )(\d{4}|\d{2})$',
    ['day', 'slash', 'dash', 'dot', 'space', 'year']), {day: '', slash: '', dash: '', dot: '', space: '', year: ''});

-- The day that the text stands for, whatever is not a two-digit year or a year alone.
CREATE MACRO full_day(text) AS
  CASE
    WHEN regexp_full_match(text, '\d{1,2}([/\-. ])\d{1,2}[/\-. ]\d{4}') THEN
      day_of(day_first(text).year,
        concat(day_first(text).slash, day_first(text).dash, day_first(text).dot, day_first(text).space),
        day_first(text).day)
    WHEN regexp_full_match(text, '[1-9]\d{4}') THEN DATE '1899-12-30' + text::INTEGER
    WHEN regexp_full_match(text, '\d{8}') THEN day_of(text[1:4], text[5:6], text[7:8])
    WHEN regexp_full_match(text, '\d{4}-\d{1,2}-\d{1,2}') THEN
      day_of(split_part(text, '-', 1), split_part(text, '-', 2), split_part(text, '-', 3))
    WHEN regexp_full_match(text, '\d{4}/\d{1,2}/\d{1,2}') THEN
      day_of(split_part(text, '/', 1), split_part(text, '/', 2), split_part(text, '/', 3))
  END;

-- The day of a text with a two-digit year, in the century given.
CREATE MACRO short_day(text, century) AS
  CASE WHEN regexp_full_match(text, '\d{1,2}([/\-. ])\d{1,2}[/\-. ]\d{2}') THEN
    day_of(century || day_first(text).year,
      concat(day_first(text).slash, day_first(text).dash, day_first(text).dot, day_first(text).space),
      day_first(text).day)
  END;

-- A birth date as the register writes it; digits 4 to 6 of the citizen ID settle the century of a two-digit year.
CREATE MACRO settled_birth(value, is_short, short_year, value_1900, value_2000, citizen_id) AS
  CASE WHEN NOT is_short THEN value
    WHEN regexp_full_match(citizen_id, '\d{12}') AND citizen_id[5:6] = short_year THEN
      CASE WHEN citizen_id[4] IN ('0', '1') THEN value_1900 WHEN citizen_id[4] IN ('2', '3') THEN value_2000 END
  END;

-- Equal, or the register holds only a year and the years agree.
CREATE MACRO is_same_birth(birth_date, registered) AS
  birth_date = registered OR (length(registered) = 4 AND birth_date[1:4] = registered);
