-- The file's physical lines, one column: quotes are left to the next steps, because a quote that nobody closed would
-- swallow good rows, and because a reader of records does not tell on which line a record stands.
CREATE TABLE line AS
  FROM read_csv(getvariable('input'), columns = {text: 'VARCHAR'}, header = false, delim = '\x01', quote = '', escape = '',
    auto_detect = false, max_line_size = 2097152, store_rejects = true, rejects_limit = 0);

-- Lines that are not UTF-8 are rejected and missing above: each moves the lines behind it by one.
CREATE TABLE undecodable AS
  SELECT line::INTEGER AS number, row_number() OVER (ORDER BY line)::INTEGER AS so_far FROM reject_errors;

CREATE TABLE line_number AS
  SELECT line.rowid AS line, (line.rowid + 1 + so_far)::INTEGER AS number
  FROM line ASOF JOIN (
    SELECT -1 AS first_line, 0 AS so_far
    UNION ALL SELECT number - so_far, max(so_far) FROM undecodable GROUP BY ALL) shift ON line.rowid >= first_line;

SELECT error('the header: not the canonical one of the long export; expected the columns in its order. Give that file.')
FROM line WHERE rowid = 0 AND text <> getvariable('header');
