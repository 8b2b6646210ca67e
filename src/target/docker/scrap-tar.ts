/**
 * As much of the tar format as Docker wants and gives for a few small files. It spares a temp folder on the
 * runner, where a parked container's environment (secrets) must never lie.
 */

const BLOCK = 512;

/** A tar of text files, by name; a `/` in a name makes a folder. */
export function packTar(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text, 'utf8');
    parts.push(header(name, content.length), content, Buffer.alloc(padding(content.length)));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

export interface TarEntry {
  /** As it is in the archive: folders end with a slash. */
  readonly name: string;
  readonly type: 'file' | 'link' | 'other';
  readonly mode: number;
  /** ms since the epoch, in whole seconds. */
  readonly modified: number;
  /** Where a link leads. */
  readonly target: string;
  readonly content: Buffer;
}

/** What is in a tar. What is cut off is left out: nobody may take half a file for a whole one. */
export function entriesOf(tar: Buffer): readonly TarEntry[] {
  const entries: TarEntry[] = [];
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const octal = (offset: number, length: number) =>
      Number.parseInt(field(tar, at + offset, length), 8) || 0;
    const size = octal(124, 12);
    const begin = at + BLOCK;
    const prefix = field(tar, at + 345, 155);
    const type = TYPES[String.fromCharCode(tar[at + 156] ?? 0)] ?? 'other';
    if (begin + size <= tar.length)
      entries.push({
        name: prefix === '' ? field(tar, at, 100) : `${prefix}/${field(tar, at, 100)}`,
        type,
        mode: octal(100, 8),
        modified: octal(136, 12) * 1000,
        target: field(tar, at + 157, 100),
        content: tar.subarray(begin, begin + size),
      });
    at = begin + size + padding(size);
  }
  return entries;
}

const TYPES: Readonly<Record<string, TarEntry['type']>> = { '0': 'file', '\0': 'file', '2': 'link' };

/** The regular files of a tar, by name. */
export const unpackTar = (tar: Buffer): ReadonlyMap<string, string> =>
  new Map(
    entriesOf(tar)
      .filter(({ type }) => type === 'file')
      .map(({ name, content }) => [name, content.toString('utf8')]),
  );

function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 100);
  // Only root on the host can look into a container's files; nobody else is given leave to.
  block.write('0000600\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write(' '.repeat(8), 148);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

function field(tar: Buffer, from: number, length: number): string {
  const text = tar.toString('latin1', from, from + length);
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).trim();
}
