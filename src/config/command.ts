/**
 * Commands are run without a shell: nothing in a tag or a config can then become a command of its own. A string is
 * still split as a shell would split it, and what only a shell could do is refused instead of passed on literally.
 */

/** Why a string is no plain command: the fix, as the end of a sentence. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

const USE_SCRIPT = 'put it into a script file and run that, or write the command as a list of arguments';
const noShell = (what: string) => new CommandError(`${what} needs a shell, and none is used: ${USE_SCRIPT}`);

/** Characters that mean something to a shell wherever they stand unquoted. */
const OPERATORS = new Set(['|', '>', '<', '&', ';', '(', ')', '`', '\n']);

/**
 * Splits a command into its program and arguments: `'…'` is literal, in `"…"` a backslash escapes `"`, `\`, `$` and
 * the backtick, elsewhere a backslash escapes any character.
 * @throws CommandError for operators, substitutions, several lines, an open quote, or nothing at all
 */
export function splitCommand(text: string): string[] {
  const args: string[] = [];
  // Not the empty string: '' and "" are arguments too.
  let word: string | undefined;
  let quote = '';
  const source = text.trim();
  for (let i = 0; i < source.length; i++) {
    const char = source[i]!;
    const next = source[i + 1];
    if (quote === "'") {
      if (char === "'") quote = '';
      else word += char;
    } else if (char === '\\') {
      if (next === undefined) throw new CommandError('it ends with a backslash: remove it');
      if (next === '\n') i++;
      else if (quote === '"' && !'"\\$`'.includes(next)) word += char;
      else {
        word = (word ?? '') + next;
        i++;
      }
    } else if (char === '$' && /[\w{(@*#?!$-]/.test(next ?? '')) {
      throw noShell(`\`${/^\$(?:\w+|.)/.exec(source.slice(i, i + 40))}\``);
    } else if (char === '`') {
      throw noShell('a backtick');
    } else if (quote === '"') {
      if (char === '"') quote = '';
      else word += char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= '';
    } else if (OPERATORS.has(char)) {
      throw noShell(char === '\n' ? 'more than one line' : `\`${char}\``);
    } else if (/\s/.test(char)) {
      if (word !== undefined) args.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (quote !== '')
    throw new CommandError(`a ${quote} is never closed: close it, or escape it with a backslash`);
  if (word !== undefined) args.push(word);
  checkProgram(args[0]);
  return args;
}

function checkProgram(program: string | undefined): void {
  if (!program) throw new CommandError('write the program and its arguments');
  if (/^[A-Za-z_]\w*=/.test(program)) throw noShell('setting a variable before the program');
}

/** The command as it could be typed: for logs and names. */
export const formatCommand = (args: readonly string[]): string =>
  args.map((arg) => (/^[\w@%+=:,./{}-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`)).join(' ');
