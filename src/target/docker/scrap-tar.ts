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

/**
 * An archive of one file as Docker gives it, by the file's full path: unpacked at the root, it makes the folders that are
 * missing. Owner, mode and time are as they were. Nothing where there is no file in it.
 */
export function relocated(tar: Buffer, path: string): Buffer | undefined {
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(field(tar, at + 124, 12), 8) || 0;
    const end = at + BLOCK + size;
    const type = TYPES[String.fromCharCode(tar[at + 156] ?? 0)];
    if (type === 'file' && end <= tar.length) {
      const block = Buffer.from(tar.subarray(at, at + BLOCK));
      rename(block, path.replace(/^\/+/, ''));
      return Buffer.concat([block, tar.subarray(at + BLOCK, end), Buffer.alloc(padding(size) + 2 * BLOCK)]);
    }
    at = end + padding(size);
  }
  return undefined;
}

/** A path of up to 255 bytes is kept in two parts, which meet at a slash. */
function rename(block: Buffer, path: string): void {
  const cut = Buffer.byteLength(path) <= 100 ? -1 : path.indexOf('/', Math.max(0, path.length - 101));
  const [prefix, name] = [path.slice(0, Math.max(cut, 0)), path.slice(cut + 1)];
  if (Buffer.byteLength(name) > 100 || Buffer.byteLength(prefix) > 155)
    throw new RangeError(`The path ${path} is too long for an archive`);
  block.fill(0, 0, 100).write(name, 0);
  block.fill(0, 345, 500).write(prefix, 345);
  checksum(block);
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
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  checksum(block);
  return block;
}

/** Its own eight bytes count as spaces. */
function checksum(block: Buffer): void {
  block.write(' '.repeat(8), 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
}

const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

function field(tar: Buffer, from: number, length: number): string {
  const text = tar.toString('latin1', from, from + length);
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).trim();
}
