/** A run's partitions `first .. end - 1`. */
export interface PartitionRange {
  readonly first: number;
  readonly end: number;
}

/** More partitions of one task would not save much. */
const mostOfTask = 8;
/** Records of one task, some half a second of work: who stops a run waits for the tasks that have begun or wait for a thread. */
const recordsOfTask = 1 << 19;

/**
 * Cuts a run's partitions into tasks, shorter ones towards the end, so that all threads end at about the same time. What a
 * task counts is added up in its thread: the main one gets it once for each task. `width`: tasks under way at once.
 */
export function cutPartitions(partitions: number, records: number, width: number): PartitionRange[] {
  const most = Math.max(
    1,
    Math.min(mostOfTask, Math.floor((recordsOfTask * partitions) / Math.max(records, 1))),
  );
  const ranges: PartitionRange[] = [];
  for (let first = 0; first < partitions; ) {
    const share = Math.floor((partitions - first) / width);
    const end = first + Math.min(Math.max(share, 1), most);
    ranges.push({ first, end });
    first = end;
  }
  return ranges;
}
