/**
 * As much of the tar format as `docker cp -` wants and gives for a few small files. It spares a temp folder on the
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

/** The regular files of a tar, by name. What is cut off is left out: nobody may take half a file for a whole one. */
export function unpackTar(tar: Buffer): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(field(tar, at + 124, 12), 8) || 0;
    const begin = at + BLOCK;
    const prefix = field(tar, at + 345, 155);
    const name = prefix === '' ? field(tar, at, 100) : `${prefix}/${field(tar, at, 100)}`;
    const type = String.fromCharCode(tar[at + 156] ?? 0);
    if ((type === '0' || type === '\0') && begin + size <= tar.length)
      files.set(name, tar.toString('utf8', begin, begin + size));
    at = begin + size + padding(size);
  }
  return files;
}

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
