import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { DeployError } from '../../errors.ts';

/**
 * The user's Compose file as it is written, so that a message can name the line. What it means, Compose alone knows:
 * nothing but places is read here, and a file that can't be read as YAML has none.
 */
export class ComposeFile {
  /** As in the config: `compose.yml`. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly #document: Document;
  readonly #lines = new LineCounter();

  constructor(name: string, path: string, text: string) {
    this.name = name;
    this.path = path;
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      merge: true,
      prettyErrors: false,
      logLevel: 'silent',
      uniqueKeys: false,
    });
  }

  /**
   * Where something is written: `compose.yml:12`. The file alone where it isn't in this file (`extends`, `include`).
   * `holding` picks the item of a list, or the value, which has that text in it.
   */
  at(path: readonly string[], holding?: string): string {
    const line = this.#line(path, holding);
    return line === undefined ? this.name : `${this.name}:${line}`;
  }

  /** Whether the path is there, as far as this file tells. */
  has(path: readonly string[]): boolean {
    return this.#follow(path).steps === path.length;
  }

  /** Where the YAML itself is broken: `line 3, column 5: …`. */
  broken(): string | undefined {
    const error = this.#document.errors[0];
    if (error === undefined) return undefined;
    const { line, col } = this.#lines.linePos(error.pos[0]);
    return `line ${line}, column ${col}: ${error.message.split('\n')[0]}`;
  }

  #line(path: readonly string[], holding: string | undefined): number | undefined {
    const { node, offset, steps } = this.#follow(path);
    // A service that isn't in this file at all has no line in it.
    if (offset === undefined || steps < Math.min(2, path.length)) return undefined;
    const item =
      holding !== undefined && steps === path.length && isSeq(node)
        ? (node.items as Node[]).find((one) => JSON.stringify(one.toJSON()).includes(holding))
        : undefined;
    return this.#lines.linePos(item?.range?.[0] ?? offset).line;
  }

  #follow(path: readonly string[]) {
    let node: unknown = this.#document.contents;
    let offset: number | undefined;
    let steps = 0;
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(this.#document);
      if (!isMap(node)) break;
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (pair === undefined) break;
      offset = (pair.key as Node).range?.[0];
      node = pair.value;
      steps += 1;
    }
    return { node, offset, steps };
  }
}

/**
 * Reads the user's Compose file.
 * @throws DeployError `compose-missing`, `compose-outside`
 */
export async function readComposeFile(name: string, workspace: string): Promise<ComposeFile> {
  const path = resolve(workspace, name);
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new DeployError(
      cause.code === 'ENOENT' || cause.code === 'ENOTDIR'
        ? `There is no Compose file ${name} in the workspace.`
        : `Compose file ${name} can’t be read: ${cause.code}.`,
      {
        code: 'compose-missing',
        hint: 'Check the repository out before this step (actions/checkout), and write the path from its root in docker.compose.',
        cause,
      },
    );
  });
  // A symbolic link must not lead out of what was checked out either.
  const inside = relative(await realpath(workspace), await realpath(path));
  if (inside.split(sep)[0] === '..' || isAbsolute(inside))
    throw new DeployError(`Compose file ${name} is outside of the workspace.`, {
      code: 'compose-outside',
      hint: 'Write a path inside of the repository in docker.compose.',
    });
  return new ComposeFile(name, path, text);
}
