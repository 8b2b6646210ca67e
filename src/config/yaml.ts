import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { DeployError } from '../errors.ts';
import { cut, show } from './show.ts';
import type { Source } from './source.ts';

/** A config as plain data, and where each part of it is written. */
export interface Parsed {
  readonly data: unknown;
  /** The longest part of the path that is written down: how many of its steps, in which line, and where in the text. */
  find(path: readonly PropertyKey[]): {
    readonly steps: number;
    readonly line: number;
    readonly offset: number;
  };
}

/** Far more than a config needs, and far less than what exhausts the stack of whoever walks it. */
const DEEPEST = 20;
/** Values that aliases may add to those that are written: a few lines of aliases of aliases make billions. */
const MOST_VALUES = 10_000;

/**
 * Reads YAML 1.2.
 * @throws DeployError `config-invalid` with everything that is wrong, each with line, column and the line itself
 */
export function parseYaml({ name, text }: Source): Parsed {
  const lines = new LineCounter();
  const document = parseWithin(name, text, lines);
  const complaints = [...document.errors, ...document.warnings].map(
    ({ code, message, pos }) => new Complaint(EXPLAINED[code] ?? lower(message), pos[0]),
  );
  let data: unknown;
  try {
    if (complaints.length === 0) data = toPlain(document.contents as Node | null, document);
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    complaints.push(error);
  }
  if (complaints.length > 0) throw unreadable(name, text, lines, complaints);
  return {
    data,
    find(path) {
      const { steps, offset } = follow(document, path);
      return { steps, line: lines.linePos(offset).line, offset };
    },
  };
}

type Document = ReturnType<typeof parseDocument>;

/** What is wrong, as one clause, and where: an offset in characters. */
class Complaint extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const EXPLAINED: Record<string, string> = {
  DUPLICATE_KEY: 'this key is there twice: keep one',
  TAB_AS_INDENT: 'tabs are not allowed as indentation: use spaces',
  TAG_RESOLVE_FAILED: 'tags are not supported: write the plain value',
  RESOURCE_EXHAUSTION: 'this is nested too deeply',
  MULTIPLE_DOCS: 'a second document starts here: keep one',
};

const lower = (message: string) => message.charAt(0).toLowerCase() + message.slice(1).split('\n')[0];

function parseWithin(name: string, text: string, lineCounter: LineCounter): Document {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
  } catch (cause) {
    // The parser is recursive: absurd nesting ends its stack before it ends ours.
    const why =
      cause instanceof RangeError ? 'is nested too deeply' : `can't be read: ${(cause as Error).message}`;
    throw new DeployError(`${name} ${why}.`, { code: 'config-invalid', cause });
  }
}

/** Own conversion, since the library's lets aliases multiply further, and makes a text of any key. */
function toPlain(root: Node | null, document: Document): unknown {
  let values = 0;
  // `through`: where the alias stands that led here.
  const convert = (node: unknown, depth: number, at: number, through?: number): unknown => {
    const offset = through ?? (node as Node | null)?.range?.[0] ?? at;
    if (depth > DEEPEST) throw new Complaint(`this is nested more than ${DEEPEST} levels deep`, offset);
    if (++values > MOST_VALUES) throw new Complaint(`there are more than ${MOST_VALUES} values`, offset);
    const inner = (child: unknown) => convert(child, depth + 1, offset, through);
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined) throw new Complaint(`there is no anchor &${node.source} before this`, offset);
      return convert(target, depth + 1, offset, offset);
    }
    if (isMap(node))
      return Object.fromEntries(node.items.map((pair) => [keyOf(pair, offset), inner(pair.value)]));
    if (isSeq(node)) return node.items.map(inner);
    return isScalar(node) ? node.value : null;
  };
  return convert(root, 0, 0);
}

function keyOf(pair: Pair, at: number): string {
  const { key } = pair;
  const offset = (key as Node | null)?.range?.[0] ?? at;
  if (!isScalar(key) || key.value === null) throw new Complaint('a key must be a plain word', offset);
  const name = String(key.value);
  if (name === '<<')
    throw new Complaint('`<<` is not supported: write what environments share under `defaults`', offset);
  if (name === '__proto__') throw new Complaint('`__proto__` can not be a key', offset);
  return name;
}

function follow(document: Document, path: readonly PropertyKey[]) {
  let node: unknown = document.contents;
  let offset = (node as Node | null)?.range?.[0] ?? 0;
  let steps = 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (pair === undefined) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number' && step in node.items) {
      node = node.items[step];
      offset = (node as Node | null)?.range?.[0] ?? offset;
    } else break;
    steps++;
  }
  return { steps, offset };
}

function unreadable(name: string, text: string, lines: LineCounter, complaints: readonly Complaint[]) {
  const shown = complaints
    .map(({ message, offset }) => ({ message, ...lines.linePos(offset) }))
    .sort((a, b) => a.line - b.line || a.col - b.col)
    // What comes after the first on a line is mostly its consequence.
    .filter(({ line }, i, all) => line !== all[i - 1]?.line)
    .slice(0, 20)
    .map(({ message, line, col }) => {
      const source = text.split(/\r?\n/)[line - 1]?.trim() ?? '';
      return `line ${line}, column ${col}: ${message}: ${show(cut(source, 60))}`;
    });
  const heading = `${name} is not readable YAML`;
  return new DeployError(
    shown.length === 1
      ? `${heading}: ${shown[0]}.`
      : `${heading}:\n${shown.map((one) => `  ${one}`).join('\n')}`,
    { code: 'config-invalid' },
  );
}
