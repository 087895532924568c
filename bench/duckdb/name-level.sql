-- Names that are not the register's letter by letter, compared with it; each pair of texts once.
CREATE TABLE name_cell AS
  SELECT DISTINCT full_name AS cell FROM record WHERE is_name_as_registered IS NOT TRUE AND full_name IS NOT NULL;

CREATE TABLE name_reading AS
  SELECT cell, standard, folded(standard) AS folded FROM standard_names('name_cell');

CREATE TABLE name_pair AS
  WITH pair AS (
    SELECT DISTINCT full_name AS cell, person AS id FROM record WHERE NOT is_name_as_registered AND live = person
    UNION
    SELECT full_name, candidate.live FROM candidate JOIN record USING (number)),
  compared AS (
    SELECT cell, id, standard, person.name, person.toneless, person.tones, name_reading.folded = person.folded AS is_alike,
      consonants(cell) = person.consonants
        AND (NOT is_alike OR regexp_matches(cell, '[^\x00-\x7f\p{L}\p{M}]')) AS may_be_damaged
    FROM pair JOIN name_reading USING (cell) JOIN register.person USING (id))
  SELECT cell, id, standard, toneless, tones, may_be_damaged,
    CASE WHEN NOT is_alike THEN 'different'
      WHEN standard = name THEN 'equal'
      WHEN has_lost_marks_only(standard, name) THEN 'marks-lost'
      WHEN toneless(standard) = toneless AND tones(standard) = tones THEN 'equal'
      ELSE 'different' END AS level
  FROM compared;

-- What a damaged delivery of a name may stand for.
CREATE TABLE repair_cell AS
  WITH damaged AS (SELECT DISTINCT cell, standard FROM name_pair WHERE may_be_damaged AND level <> 'equal'),
  reading AS (
    SELECT cell, regexp_replace(standard, '\d+', '', 'g') AS text FROM damaged WHERE regexp_matches(standard, '\d')
    UNION ALL
    SELECT cell, unnest([read_tcvn3(cell), read_vni(cell), read_mojibake(cell)])
    FROM damaged WHERE regexp_matches(cell, '[^\x00-\x7f]'))
  SELECT cell AS delivered, text AS cell FROM reading WHERE text <> delivered;

CREATE TABLE repaired_name AS
  WITH repair AS (
    SELECT DISTINCT delivered, standard
    FROM repair_cell JOIN standard_names('repair_cell') USING (cell))
  SELECT DISTINCT cell, id
  FROM name_pair JOIN repair ON cell = delivered AND toneless(repair.standard) = toneless AND tones(repair.standard) = tones
  WHERE may_be_damaged AND level <> 'equal';

CREATE TABLE name_level AS
  SELECT cell, id, CASE WHEN repaired_name.id IS NOT NULL THEN 'repaired' ELSE level END AS level
  FROM name_pair LEFT JOIN repaired_name USING (cell, id);
