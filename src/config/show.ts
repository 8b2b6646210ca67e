const LONGEST = 60;

/** A value as it is shown in a message: on one line, cut, with control characters made visible. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value, LONGEST));
  if (value === null || value === undefined) return 'empty';
  if (typeof value !== 'object') return String(value);
  if (Object.keys(value).length === 0) return 'empty';
  return Array.isArray(value) ? 'a list' : 'a map';
}

/** A path into the config: `environments.production.smoke[0].path`. */
export function showPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else {
      const name = cut(String(part), LONGEST);
      const quoted = /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
      text += text === '' ? quoted : `.${quoted}`;
    }
  }
  return text;
}

/** The start of a long text; never half a surrogate pair. */
export const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')}…`;

/** `` `a`, `b` and `c` `` */
export function enumerate(names: readonly string[], conjunction = 'and'): string {
  const quoted = names.map((name) => `\`${name}\``);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${conjunction} ${last}`;
}
