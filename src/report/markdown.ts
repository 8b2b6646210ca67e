import { excerpt, plain } from '../text.ts';
import { address } from './format.ts';

/** The longest foreign text inside a line or cell. */
const LONGEST = 300;

/**
 * Foreign text inside a line or table cell: nothing in it is Markdown, HTML, a link or a formula any more. Entities,
 * because a backslash before a pipe can not be escaped with another one inside of a table.
 */
export const inline = (text: string, limit = LONGEST): string =>
  excerpt(text, limit)
    .replace(/[&<>|\\`*_~[\]$@]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/:(?=\/\/)/g, '&#58;') // else GitHub makes a link of it
    .replace(/www(?=\.)/gi, (www) => `${www.slice(0, 2)}&#${www.charCodeAt(2)};`);

/** The same in the typeface of code, where GitHub finds no mentions, issue numbers or emoji either. */
export const code = (text: string, limit = LONGEST): string =>
  text === '' ? '' : `<code>${inline(text, limit)}</code>`;

/** A link; its text is Markdown already. */
export const link = (text: string, url: string): string => `[${text}](${address(url)})`;

/** A code block that its own content can not end. */
export function fence(lines: readonly string[]): string {
  const longest = Math.max(2, ...lines.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length));
  const mark = '`'.repeat(longest + 1);
  return [`${mark}text`, ...lines.map(plain), mark].join('\n');
}

/** A table; the cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}
