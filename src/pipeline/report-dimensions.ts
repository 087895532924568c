/** What a report can be broken down by, in the order in which it is shown and stored. */
export const reportDimensions = [
  "province",
  "district",
  "ward",
  "facility",
  "vaccine",
  "month",
  "dose",
  "age",
  "sex",
  "region",
  "abroad",
  "file",
] as const;
