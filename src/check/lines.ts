import { StringDecoder } from 'node:string_decoder';

/** Longer lines are broken, so that a stream without line ends can not fill the memory. */
const LONGEST = 8192;

/**
 * Cuts the bytes of a stream into lines. (@actions/exec's own lines lose the last one when it has no line end, and
 * break characters which stand on the border of two chunks.) Of a line that was overwritten, as progress bars do,
 * only the last state is kept.
 */
export function lineCutter(line: (text: string) => void): { write(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const give = (text: string) => {
    const states = text.replace(/\r+$/, '').split('\r');
    line(states.at(-1) ?? '');
  };
  return {
    write(chunk) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) give(text);
      while (rest.length > LONGEST) {
        give(rest.slice(0, LONGEST));
        rest = rest.slice(LONGEST);
      }
    },
    end() {
      rest += decoder.end();
      if (rest !== '') give(rest);
      rest = '';
    },
  };
}
