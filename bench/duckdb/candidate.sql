-- The live people that a record's number may lead to when it is not a live person's as delivered.
CREATE TABLE candidate AS
  SELECT number, live FROM record WHERE person IS NOT NULL AND live <> person
  UNION
  SELECT number, live_id
  FROM record JOIN id_reading ON citizen_id = cell JOIN register.person ON findable_id = candidate
  WHERE record.person IS NULL AND live_id IS NOT NULL
  UNION
  SELECT number, live_id
  FROM record JOIN id_reading ON citizen_id = cell JOIN register.person ON legacy_id = old_number
  WHERE record.person IS NULL AND live_id IS NOT NULL;
