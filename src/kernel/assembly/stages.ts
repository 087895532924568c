// Questions to the host, by number (`questions` in src/publish/record-putter.ts).
export const noQuestion: i32 = 0;
export const roomQuestion: i32 = 1;
export const recordIdQuestion: i32 = 2;
export const wordQuestion: i32 = 3;
export const nameQuestion: i32 = 4;
export const sexQuestion: i32 = 5;
export const doseQuestion: i32 = 6;
export const vaccineQuestion: i32 = 7;
export const cvxQuestion: i32 = 8;
export const facilityQuestion: i32 = 9;

// What is done next of a record. A question is followed by the stage that takes its answer.
export const begun: i32 = 0;
export const recordIdAnswered: i32 = 1;
export const idKnown: i32 = 2;
export const nameNext: i32 = 3;
export const wordAnswered: i32 = 4;
export const nameAnswered: i32 = 5;
export const datesNext: i32 = 6;
export const doseNext: i32 = 7;
export const vaccineNext: i32 = 8;
export const cvxNext: i32 = 9;
export const facilityNext: i32 = 10;
export const facilityAnswered: i32 = 11;

/** The stage of the record that is put together: begun. */
export let stage: i32 = 0;

export function goTo(next: i32): void {
  stage = next;
}
