import { plain } from '../text.ts';
import { address } from './format.ts';

/**
 * Foreign text in Slack's markup: `<!channel>` and links are text and no more, and backticks are gone. At most `limit`
 * characters long once it is escaped, which is what Slack counts; an entity is never cut.
 */
export function escapeSlack(text: string, limit: number): string {
  const clean = plain(text.slice(0, 2 * limit));
  let result = '';
  for (const character of clean) {
    const escaped = ENTITIES[character] ?? character;
    if (result.length + escaped.length > limit - 1) return `${result}…`;
    result += escaped;
  }
  return result;
}

/** A backtick has no entity; as a quotation mark it can not begin a block of code that swallows what follows. */
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '`': "'" };

/** The same in the typeface of code. */
export const codeSlack = (text: string, limit = 200): string =>
  text === '' ? '' : `\`${escapeSlack(text, limit - 2)}\``;

/** A block of code with as many of the last lines as there is room for. */
export function codeBlockSlack(lines: readonly string[], limit: number): string {
  const room = limit - '```\n\n```'.length;
  const kept: string[] = [];
  let length = 0;
  for (const line of lines.toReversed()) {
    const escaped = escapeSlack(line, 300);
    length += escaped.length + 1;
    if (length > room) break;
    kept.unshift(escaped);
  }
  return `\`\`\`\n${kept.join('\n')}\n\`\`\``;
}

/** A link with a text of its own. */
export const linkSlack = (url: string, text: string): string =>
  `<${address(url).replaceAll('&', '&amp;')}|${escapeSlack(text.replaceAll('|', '/'), 100)}>`;

/**
 * The mention as the config has it: one or more of Slack's own (`<!here>`, `<@U012AB3CD>`, `<!subteam^S012>`). Anything
 * else is shown as text, so that a typing error does not call the whole channel.
 */
export const mentionSlack = (mention: string): string =>
  /^(?:<(?:!here|!channel|!everyone|@[A-Z0-9]+|!subteam\^[A-Z0-9]+)>\s*)+$/.test(mention)
    ? mention.trim()
    : escapeSlack(mention, 100);
