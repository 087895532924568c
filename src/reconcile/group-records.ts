/** Records by a 64-bit key, each group in input order. */
export interface RecordGroups {
  readonly groups: number;
  /** Group g holds the records `members[starts[g] .. starts[g + 1])`. */
  readonly starts: Uint32Array;
  readonly members: Uint32Array;
}

/**
 * Groups records 0..count-1 by their key (two words from `keys[2 * record]`); groups are in order of their first
 * record. A record whose key is 0, 0 is a group of its own. Linear in time; 16 bytes a record beside the result.
 */
export function groupRecords(keys: Uint32Array, count: number): RecordGroups {
  const groupOf = new Uint32Array(count);
  const sizes = new Uint32Array(count);
  const groups = findGroups(keys, groupOf, sizes);
  const starts = new Uint32Array(groups + 1);
  for (let group = 0; group < groups; group++)
    starts[group + 1] = (starts[group] as number) + (sizes[group] as number);
  return { groups, starts, members: listMembers(groupOf, starts.slice(0, groups)) };
}

/** Fills in the group of each record and the size of each group; returns how many groups there are. */
function findGroups(keys: Uint32Array, groupOf: Uint32Array, sizes: Uint32Array): number {
  const count = groupOf.length;
  let bits = 4;
  while (2 ** bits < count * 2) bits++;
  const mask = 2 ** bits - 1;
  const table = new Int32Array(2 ** bits); // group + 1
  const firstOfGroup = new Uint32Array(count);
  let groups = 0;
  for (let record = 0; record < count; record++) {
    const high = keys[record * 2] as number;
    const low = keys[record * 2 + 1] as number;
    if (high === 0 && low === 0) {
      sizes[groups] = 1;
      groupOf[record] = groups++;
      continue;
    }
    let hash = Math.imul(high ^ Math.imul(low, 0x9e3779b1), 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let probe = hash & mask; ; probe = (probe + 1) & mask) {
      const group = (table[probe] as number) - 1;
      if (group < 0) {
        table[probe] = groups + 1;
        firstOfGroup[groups] = record;
        sizes[groups] = 1;
        groupOf[record] = groups++;
        break;
      }
      const other = (firstOfGroup[group] as number) * 2;
      if (keys[other] === high && keys[other + 1] === low) {
        sizes[group] = (sizes[group] as number) + 1;
        groupOf[record] = group;
        break;
      }
    }
  }
  return groups;
}

/** `next`: where the first record of each group goes. */
function listMembers(groupOf: Uint32Array, next: Uint32Array): Uint32Array {
  const members = new Uint32Array(groupOf.length);
  for (let record = 0; record < groupOf.length; record++) {
    const group = groupOf[record] as number;
    const at = next[group] as number;
    members[at] = record;
    next[group] = at + 1;
  }
  return members;
}
