-- Keys delivered more than once, with the same content or with another.
CREATE TABLE repeated_key AS
  WITH key AS (SELECT record_id FROM record WHERE record_id <> '' GROUP BY record_id HAVING count(*) > 1),
  delivered AS (
    SELECT number, record_id,
      CASE WHEN contains(text, '"') THEN unquoted(text) ELSE text END AS content FROM record SEMI JOIN key USING (record_id) JOIN line ON line.rowid = record.line),
  compared AS (
    SELECT number, min(content) OVER same_key = max(content) OVER same_key AS is_same,
      row_number() OVER (PARTITION BY record_id ORDER BY number) > 1 AS is_again
    FROM delivered WINDOW same_key AS (PARTITION BY record_id))
  SELECT number, CASE WHEN is_same THEN 'E40' ELSE 'E42' END::code AS code FROM compared WHERE is_again OR NOT is_same;
