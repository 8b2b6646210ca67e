/** Replaces what stands between `<!-- generated: NAME -->` and the next `<!-- /generated -->`. */
export function fillMarkers(
  text: string,
  parts: Readonly<Record<string, string>>,
  page = 'README.md',
): string {
  let filled = text;
  for (const [name, part] of Object.entries(parts)) {
    const start = `<!-- generated: ${name} -->`;
    const end = '<!-- /generated -->';
    const from = filled.indexOf(start);
    const to = filled.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`${page} has no ${start} … ${end}`);
    filled = `${filled.slice(0, from + start.length)}\n\n${part}\n\n${filled.slice(to)}`;
  }
  return filled;
}
