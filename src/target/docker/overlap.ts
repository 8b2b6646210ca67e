import type { Problem } from '../target.ts';
import { nameProblems } from './overlap-names.ts';
import { networkProblems } from './overlap-networks.ts';
import { portProblems } from './overlap-ports.ts';
import type { Overlap } from './overlap-subject.ts';
import { trafficProblems } from './overlap-traffic.ts';
import { volumeProblems } from './overlap-volumes.ts';

/**
 * Why the two colors of this file can't run beside each other on this engine, or why the one can't at all. Each says
 * the service, the line and what to write there.
 */
export function findOverlaps(overlap: Overlap): readonly Problem[] {
  return [
    ...trafficProblems(overlap),
    ...networkProblems(overlap),
    ...portProblems(overlap),
    ...nameProblems(overlap),
    ...volumeProblems(overlap),
  ];
}
