/** Label of what a row did not say. */
export const notGiven = "(không ghi)";

/** Label of what is in no table. */
export const notRecognised = "(không nhận ra)";
