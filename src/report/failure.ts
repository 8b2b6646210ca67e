import type { DeployError } from '../errors.ts';
import { excerpt, plain } from '../text.ts';

/** Lines of evidence that a report shows; a log has more, behind the platform's own door. */
const MOST_LINES = 40;

/**
 * A failure as an annotation: what happened and what to do, each on a line of its own, harmless in every report.
 */
export function describeFailure({ message, hint }: Pick<DeployError, 'message' | 'hint'>): string {
  const lines = hint === undefined ? [message] : [message, hint];
  return lines.map((line) => excerpt(line, 1_000)).join('\n');
}

/** The evidence: the platform's reasons and the last log lines. Of too many, the last ones, as logs end in the cause. */
export function evidence({ details }: Pick<DeployError, 'details'>, most = MOST_LINES): readonly string[] {
  const lines = details
    .flatMap((detail) => detail.split(/\r?\n/))
    .map((line) => bounded(plain(line.slice(0, 2_000))))
    .filter((line) => line !== '');
  if (lines.length <= most) return lines;
  // The platform's reasons come first, the log after them: keep some of both ends.
  const head = Math.ceil(most / 4);
  const tail = most - head - 1;
  return [
    ...lines.slice(0, head),
    `… ${lines.length - head - tail} more lines …`,
    ...lines.slice(lines.length - tail),
  ];
}

const bounded = (line: string) => (line.length <= 400 ? line : `${line.slice(0, 399).toWellFormed()}…`);
