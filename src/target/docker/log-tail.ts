import { toDeployError } from '../../errors.ts';
import { plain } from '../../text.ts';
import type { DockerCli } from './docker-cli.ts';

const LINES = 50;
/** A log line can be a mebibyte. */
const MAX_LINE = 500;
/** All that a log may cost a verdict, in ms. */
const TIMEOUT_MS = 10_000;

/** What a container wrote last, or why that is not known: a log that can't be read is never a second failure. */
export interface Tail {
  readonly lines: readonly string[];
  readonly remark?: string;
}

/** The last lines that a container wrote to stdout and stderr, in the order in which Docker got them. */
export async function logTail(docker: Pick<DockerCli, 'run'>, id: string): Promise<Tail> {
  try {
    const told: string[] = [];
    // Docker gives the two streams apart, and this hears both; by their times they are one again.
    await docker.run(['container', 'logs', '--timestamps', '--tail', String(LINES), id], {
      timeout: TIMEOUT_MS,
      onProgress: (line) => told.push(line),
    });
    const lines = merge(told);
    return lines.length > 0 ? { lines } : { lines, remark: 'it wrote nothing to its log' };
  } catch (error) {
    return { lines: [], remark: `its log can't be read: ${toDeployError(error).message}` };
  }
}

/** Lines with a time before them, by that time and without it, fit to be shown. */
export const merge = (lines: readonly string[]): string[] =>
  lines
    .map((line) => /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ?(.*)$/s.exec(line))
    .filter((match) => match !== null)
    .map(([, time = '', text = '']) => ({ time: time.replace('Z', '').padEnd(29, '0'), text }))
    .toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    .slice(-LINES)
    .map(({ text }) => plain(text.slice(0, MAX_LINE)));
