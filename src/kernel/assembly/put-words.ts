import { putWords } from "./layout";

// What is known of the publishing of a source, by address (`putWords` in src/publish/record-putter.ts, in this order).
/** The file is comma-separated: its fields go into the sets as they stand. */
export const isOrdinary: usize = putWords;
/** Column that gives the records their record_id, -1 for none. */
export const ownIdColumn: usize = putWords + 4;
/** Addresses: of three words for each vaccine, of the words of each verdict, of the verdicts' texts. */
export const vaccines: usize = putWords + 8;
export const verdicts: usize = putWords + 12;
export const verdictTexts: usize = putWords + 16;
/** Where the three sets and the change log are written, and where their room ends. */
export const outputs: usize = putWords + 20;
/** Changes written. */
export const changeCount: usize = putWords + 52;
/** What is asked: room of an output, its bytes; a text's start and end. */
export const askedOutput: usize = putWords + 56;
export const askedBytes: usize = putWords + 60;
export const askedStart: usize = putWords + 64;
export const askedEnd: usize = putWords + 68;
/** The host's answer: its address and its length, negative for none. */
export const answerStart: usize = putWords + 72;
export const answerLength: usize = putWords + 76;

// Texts: address and length of each.
/** `,name,` */
export const sourceField: usize = putWords + 80;
/** What stands before and behind the line in the record_id of a record that has none of its own. */
export const idHead: usize = putWords + 88;
export const idTail: usize = putWords + 96;
/** `record,` */
export const scope: usize = putWords + 104;
/** `,version` and the line's end. */
export const version: usize = putWords + 112;
/** `,column,` */
export const citizenIdField: usize = putWords + 120;
export const fullNameField: usize = putWords + 128;
export const birthDateField: usize = putWords + 136;
export const sexField: usize = putWords + 144;
export const vaccinationDateField: usize = putWords + 152;
export const readDateRule: usize = putWords + 160;
/** What an error of a row that could be read has in the columns of those that could not. */
export const errorTail: usize = putWords + 168;

/** Numbers of outputs: the three sets, then the change log. */
export const cleanedOutput: i32 = 0;
export const errorsOutput: i32 = 1;
export const changesOutput: i32 = 3;

/** Words of a verdict: its set; where its suffix and its rules stand in the texts, and how long each is. */
export const suffixWords: usize = 4;
export const citizenIdRule: usize = 12;
export const fullNameRule: usize = 20;
export const sexRule: usize = 28;
/** 1 when the standard name is the register's. */
export const takesRegisterName: usize = 36;

/** Address of an output's two words. */
export function outputAt(output: i32): usize {
  return outputs + ((<usize>output) << 3);
}

/** Whether an output lacks room for `bytes`: then it is what is asked for. */
export function lacksRoom(output: i32, bytes: usize): bool {
  const words = outputAt(output);
  if (load<u32>(words) + bytes <= load<u32>(words, 4)) return false;
  store<i32>(askedOutput, output);
  store<usize>(askedBytes, bytes);
  return true;
}
