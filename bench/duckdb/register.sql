-- The register with what every look-up needs of a person, worked out once: the name as it should be written and its
-- keys, and the live person at the end of the `replaced_by` chain.
CREATE TEMP TABLE delivered AS
  SELECT row_number() OVER ()::INTEGER AS id, *
  FROM read_csv(getvariable('input'), header = true, delim = ',', quote = '"', escape = '"', auto_detect = false,
    columns = {citizen_id: 'VARCHAR', full_name: 'VARCHAR', birth_date: 'VARCHAR', sex: 'VARCHAR', legacy_id: 'VARCHAR',
      status: 'VARCHAR', replaced_by: 'VARCHAR', province_code: 'VARCHAR', district_code: 'VARCHAR',
      ward_code: 'VARCHAR'});

CREATE TEMP TABLE delivered_name AS SELECT DISTINCT full_name AS cell FROM delivered;

CREATE TEMP TABLE live AS
  WITH RECURSIVE chain AS (
    SELECT id, id AS live_id, status, replaced_by, 0 AS hops FROM delivered
    UNION ALL
    SELECT chain.id, next.id, next.status, next.replaced_by, hops + 1
    FROM chain JOIN delivered next ON next.citizen_id = chain.replaced_by
    WHERE chain.status = 'replaced' AND hops < 20)
  SELECT id, live_id FROM chain WHERE status IN ('active', 'deceased');

CREATE TABLE register.person AS
  SELECT id, citizen_id, live_id,
    -- A placeholder is never looked up.
    CASE WHEN NOT is_placeholder_number(citizen_id) THEN citizen_id END AS findable_id,
    standard AS name, toneless(standard) AS toneless,
    tones(standard) AS tones, folded(standard) AS folded, consonants(standard) AS consonants, birth_date, sex, legacy_id
  FROM delivered JOIN standard_names('delivered_name') ON full_name = cell LEFT JOIN live USING (id)
  ORDER BY citizen_id;
