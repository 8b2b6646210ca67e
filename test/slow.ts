/** Limits are there for what hangs, and not for a machine that is slow: CI's may be by as much. */
export const SLOW = process.env['CI'] === undefined ? 1 : 2;
