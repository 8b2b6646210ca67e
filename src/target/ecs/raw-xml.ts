/**
 * ELBv2 speaks XML and form-encoded requests, and the SDK drops what it does not know of both (facts/ecs.md 4a). Since
 * Modify* replaces whole lists of actions, a member that AWS added after this action was built would be gone after the
 * first shift. Both forms name things alike (`DefaultActions.member.1.Type`), so what the answer had and the SDK's
 * request has not can be put back into the request.
 */

/** An element; `text` counts only where there are no children. */
export interface XmlNode {
  readonly name: string;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

const TOKEN = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([\w:.-]+)[^>]*?(\/?)>|([^<]+)/g;

/** Reads the XML that AWS writes: elements and text; attributes say nothing here. */
export function parseXml(xml: string): XmlNode {
  interface Open {
    name: string;
    children: XmlNode[];
    text: string;
  }
  const root: Open = { name: '', children: [], text: '' };
  const open = [root];
  for (const [, closes, name, isEmpty, text] of xml.matchAll(TOKEN)) {
    const top = open.at(-1)!;
    if (text !== undefined) top.text += plain(text);
    else if (closes) {
      if (open.length > 1) open.pop();
    } else if (name !== undefined) {
      const node: Open = { name, children: [], text: '' };
      top.children.push(node);
      if (!isEmpty) open.push(node);
    }
  }
  return root;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const plain = (text: string): string =>
  text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) =>
    hex || decimal
      ? String.fromCodePoint(Number.parseInt(hex ?? decimal, hex ? 16 : 10))
      : (NAMED[name] ?? all),
  );

export const child = (node: XmlNode | undefined, name: string): XmlNode | undefined =>
  node?.children.find((one) => one.name === name);

/** Each text by its path as a request spells it; elements of lists and maps are numbered. Empty elements say nothing. */
export function pathsOf(node: XmlNode, prefix = ''): Map<string, string> {
  const paths = new Map<string, string>();
  let number = 0;
  for (const one of node.children) {
    const listed = one.name === 'member' || one.name === 'entry';
    if (listed) number += 1;
    const path = `${prefix}${one.name}${listed ? `.${number}` : ''}`;
    if (one.children.length === 0) {
      if (one.text !== '') paths.set(path, one.text);
    } else for (const [inner, text] of pathsOf(one, `${path}.`)) paths.set(inner, text);
  }
  return paths;
}

/** The request's body with those of `known` added, below `list`, that it lacks. */
export function withMissing(body: string, list: string, known: ReadonlyMap<string, string>): string {
  const form = new URLSearchParams(body);
  const missing = [...known].filter(([path]) => !form.has(`${list}.${path}`));
  const added = missing.map(
    ([path, text]) => `&${encodeURIComponent(`${list}.${path}`)}=${encodeURIComponent(text)}`,
  );
  return body + added.join('');
}
