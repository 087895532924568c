/**
 * Version of the rules in this release: raised whenever a record could get another code, value or finding. Part of a
 * run's identity and of every change, so that an output says by what it was made.
 */
export const rulesVersion = "1.1.0";
