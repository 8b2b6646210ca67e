/**
 * `npm run demo`: what this action does, to watch. A sandbox with real traffic, or with `-- --target docker` real
 * containers on this machine's Docker engine; the very dist/index.js that GitHub runs, three deployments' worth of it;
 * ends with 1 if a single request failed.
 */
import { parseArgs } from 'node:util';
import { show } from './show.ts';
import { type DemoStage, NoStage } from './stage.ts';

// Loaded only when it plays: each needs what the other one does without.
const STAGES: Readonly<Record<string, () => Promise<DemoStage>>> = {
  ecs: async () => (await import('./ecs-stage.ts')).ecsStage(),
  docker: async () => (await import('./docker-stage.ts')).dockerStage(),
};

const interruption = new AbortController();

try {
  const { values } = parseArgs({ options: { target: { type: 'string', default: 'ecs' } } });
  const open = Object.hasOwn(STAGES, values.target) ? STAGES[values.target] : undefined;
  if (open === undefined) throw new NoStage(`--target is one of ${Object.keys(STAGES).join(', ')}.`);
  // What stands in a sandbox ends with this process; what stands on an engine must be removed first.
  if (values.target === 'docker')
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)
      process.on(signal, () => {
        process.exitCode = code;
        interruption.abort();
      });
  await using stage = await open();
  const succeeded = await show(stage, interruption.signal);
  if (!interruption.signal.aborted) process.exitCode = succeeded ? 0 : 1;
} catch (error) {
  if (error instanceof NoStage) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else if (!interruption.signal.aborted) throw error;
}
