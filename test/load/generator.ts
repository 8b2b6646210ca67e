/**
 * The process that makes the load, a child of the one that asked for it: neither a busy test nor a paused one may
 * disturb the measure. Its plan is its only argument; what it finds out goes to its parent, without whom it ends.
 */
import { Tally } from './tally.ts';
import { Traffic } from './traffic.ts';
import type { FromGenerator, LoadPlan } from './types.ts';

const progressMs = 200;

const plan = JSON.parse(process.argv[2]!) as LoadPlan;
const tally = new Tally();
const traffic = new Traffic(plan, tally);
let ending = false;

function tell(message: FromGenerator): void {
  process.send?.(message);
}

async function end(cutShort: boolean): Promise<void> {
  if (ending) return;
  ending = true;
  await traffic.stop();
  tell({ type: 'progress', snapshot: tally.snapshot(0) });
  process.send?.({ type: 'finished', result: tally.result(cutShort) } satisfies FromGenerator, () =>
    process.exit(0),
  );
}

process.on('disconnect', () => process.exit(1));
process.on('message', () => void end(false));
// Ctrl-C in a terminal reaches children as well; whether the load ends then is for the parent to decide.
process.on('SIGINT', () => {});
setTimeout(() => void end(true), plan.longestSeconds * 1000);
setInterval(() => tell({ type: 'progress', snapshot: tally.snapshot(traffic.inFlight) }), progressMs);

traffic.start();
tell({ type: 'started' });
