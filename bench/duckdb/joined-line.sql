-- Records over several lines: a line that ends inside quotes, and the lines up to the one that closes them.
CREATE TABLE odd_line AS
  SELECT rowid AS line, regexp_full_match(text, '(?:(?:"(?:[^"]|"")*"|[^",]*),)*"(?:[^"]|"")*') AS opens
  FROM line WHERE contains(text, '"') AND (length(text) - length(replace(text, '"', ''))) % 2 = 1;

CREATE TABLE joined_line AS
  WITH span AS (
    SELECT line AS first, opens, lead(line) OVER (ORDER BY line) AS last FROM odd_line),
  spread AS (
    SELECT first, last, unnest(range(first, last + 1)) AS part FROM span WHERE opens AND last - first <= 100),
  whole AS (
    SELECT first, last, string_agg(text, chr(10) ORDER BY part) AS text
    FROM spread JOIN line ON line.rowid = part
    GROUP BY ALL),
  valid AS (FROM whole WHERE len(string_split(unquoted(text), ',')) = 24)
  FROM valid WHERE NOT EXISTS (FROM valid before WHERE before.last = valid.first);

UPDATE line SET text = joined_line.text FROM joined_line WHERE line.rowid = first;

DELETE FROM line
  USING (SELECT unnest(range(first + 1, last + 1)) AS part FROM joined_line) WHERE line.rowid = part;
