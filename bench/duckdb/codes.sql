-- The codes in the order of judgement: the least of a record's codes is the one it gets.
CREATE TYPE code AS ENUM ('E10', 'E11', 'E40', 'E42', 'X10', 'X11', 'X12', 'X13', 'X20', 'X21', 'X22', 'X23', 'X24', 'E20',
  'E21', 'E22', 'X30', 'X31', 'X32', 'X33', 'X34', 'E23', 'E24', 'E25', 'E30', 'E31', 'E32', 'E33', 'E34', 'E35', 'E36',
  'E41', 'E50', 'E60', 'C1', 'C2', 'C3');
