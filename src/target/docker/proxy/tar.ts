/** The blocks that tar archives are made of, in bytes. */
const BLOCK = 512;

/**
 * An archive of one file, as `docker cp - <container>:<directory>` takes it. Unlike a copy of a file of ours it says
 * mode and time exactly, whatever the runner's umask and clock are.
 */
export function tarOf(
  name: string,
  { content, mode, modified }: { content: Buffer; mode: number; modified: number },
): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`The name ${name} is too long for an archive`);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  const number = (value: number, offset: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset);
  number(mode, 100, 8);
  number(0, 108, 8); // owner: root
  number(0, 116, 8); // group
  number(content.length, 124, 12);
  number(Math.floor(modified / 1000), 136, 12);
  header.write('        ', 148); // its own checksum counts as spaces
  header.write('0', 156); // a plain file
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  // Two empty blocks end an archive.
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * BLOCK)]);
}
