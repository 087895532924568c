/** Label of what a row did not say. */
export const notGiven = "(không ghi)";

/** Label of what is in no table. */
export const notRecognised = "(không nhận ra)";

/** Label of where the two cannot be told apart. */
export const notGivenOrRecognised = "(không ghi hoặc không nhận ra)";

/** Label of a group of people that follows from nothing of the row. */
export const notKnown = "(không rõ)";
