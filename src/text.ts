import { stripVTControlCharacters } from 'node:util';

/**
 * Foreign text on one line that can do no harm in a log, a summary or a Slack message: without colors, control
 * characters and marks that turn the direction of writing.
 */
export const plain = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, ' ')
    .trimEnd();

/** The beginning of a text, plain and on one line: at most `limit` characters. */
export function excerpt(text: string, limit = 200): string {
  // Cut before it is cleaned: a body can be a mebibyte, and its excerpt must not cost more than the request.
  const line = plain(text.slice(0, 10 * limit))
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= limit && text.length <= 10 * limit) return line;
  return `${line.slice(0, limit - 1).toWellFormed()}…`;
}

/** The first lines of a text, each plain and bounded. */
export const firstLines = (text: string, count: number, limit = 200): readonly string[] =>
  text
    .slice(0, 10 * count * limit)
    .trim()
    .split(/\r?\n/, count)
    .map((line) => excerpt(line, limit));

/** `800 ms`, `2.5 s`. */
export const duration = (ms: number): string =>
  ms < 1000 ? `${ms} ms` : `${Number((ms / 1000).toFixed(1))} s`;
