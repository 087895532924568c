CREATE MACRO is_placeholder_number(digits) AS
  regexp_full_match(digits,
    '0+|1+|2+|3+|4+|5+|6+|7+|8+|9+|123456789|1234567890|123456789012|012345678912');

-- Words of the pipeline's list, also when followed by anything; only dashes, dots and underscores; or a number as above.
CREATE MACRO is_placeholder(text) AS
  regexp_full_match(text, '[\p{Pd}._\s]+')
  OR regexp_matches(trim(regexp_replace(fold(text), '[^\p{L}\p{N}]+', ' ', 'g')),
    '^(k ?h ?o ?n ?g|k ?h ?o ?n ?g ?(c ?o|r ?o|b ?i ?e ?t)|c ?h ?u ?a ?(c ?o|r ?o)|n ?a|n ?u ?l ?l|n ?o ?n ?e|n ?i ?l|x|x ?x|x ?x ?x)( |$)')
  OR is_placeholder_number(squeeze(text));

-- Two or more different 12-digit numbers of a text.
CREATE MACRO holds_two_numbers(text) AS
  len(list_distinct(list_filter(
    string_split(regexp_replace(text, '[^0-9]+', ' ', 'g'), ' '), lambda digits: length(digits) = 12))) > 1;

CREATE MACRO is_foreign(nationality) AS
  regexp_matches(squeeze(nationality), '\p{L}')
  AND squeeze(nationality) NOT IN ('vietnam', 'vn', 'vnm', 'vietnamese', 'viet', 'kinh', 'tay', 'thai', 'muong', 'khmer',
    'hoa', 'nung', 'hmong', 'mong', 'dao', 'giarai', 'ede', 'bana', 'xodang', 'sanchay', 'coho', 'cham', 'sandiu', 'hre',
    'khac', 'khongco', 'khong', 'chuaco', 'khongro', 'chuaro', 'khongbiet', 'na', 'null', 'none', 'nil', 'x', 'xx', 'xxx');

-- The sex that the fourth digit stands for.
CREATE MACRO sex_of(citizen_id) AS CASE WHEN citizen_id[4] IN ('0', '2', '4', '6', '8') THEN 'M' ELSE 'F' END;
