import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ActionRun, runAction } from '../e2e/runner.ts';
import { type Load, type LoadResult, startLoad } from '../load/index.ts';
import { drawTraffic, type Mark } from './chart.ts';
import { createLogView } from './log-view.ts';
import { renderPage } from './page.ts';
import type { Act, DemoStage } from './stage.ts';

const FOLDER = resolve('demo-report');

const isTerminal = process.stdout.isTTY === true;
const dim = (text: string) => (isTerminal ? `\u001b[2m${text}\u001b[0m` : text);
const title = (text: string) =>
  process.stdout.write(`\n${isTerminal ? `\u001b[7m ${text} \u001b[0m` : `== ${text} ==`}\n`);

interface Played {
  readonly run: ActionRun;
  readonly seconds: string;
}

/** The three acts, each with what the picture calls it and the page. */
const ACTS: readonly (Act & { readonly label: string; readonly heading: string })[] = [
  {
    title: 'v2 goes to the idle color, is proven, and gets the traffic',
    label: 'deploy v2',
    heading: 'Deploy v2',
    inputs: { operation: 'deploy', 'image-tag': 'v2', reason: 'the demo' },
  },
  {
    title: 'v3 is broken: it must be refused, and nobody notices',
    label: 'v3 refused',
    heading: 'Deploy v3, which is broken',
    inputs: { operation: 'deploy', 'image-tag': 'v3', reason: 'a broken release' },
  },
  {
    title: 'Second thoughts: back to v1, with one click',
    label: 'rollback to v1',
    heading: 'Rollback',
    inputs: { operation: 'rollback', reason: 'checkout is slow' },
  },
];

/**
 * Deploys, has a broken release refused, and rolls back, while users come; leaves a picture and a page of it.
 * @returns whether all went as it should, without a failed request
 */
export async function show(stage: DemoStage, signal: AbortSignal): Promise<boolean> {
  for (const act of stage.prelude) {
    title(act.title);
    const run = await play(stage, act.inputs, signal);
    if (run.exitCode === 0) continue;
    if (!signal.aborted) process.stdout.write(`unexpected: ${act.title} ended with ${run.exitCode}\n`);
    return false;
  }
  const load = await startLoad({ url: stage.url, addresses: stage.addresses });
  const began = Date.now();
  const seconds = () => (Date.now() - began) / 1000;
  const ticker = tellOf(load, stage, seconds);
  const marks: Mark[] = [];
  const played: Played[] = [];
  try {
    for (const act of ACTS) {
      signal.throwIfAborted();
      title(act.title);
      const from = seconds();
      marks.push({ t: from, label: act.label });
      const run = await play(stage, act.inputs, signal, () => marks.push({ t: seconds(), label: 'switch' }));
      played.push({ run, seconds: (seconds() - from).toFixed(1) });
    }
    signal.throwIfAborted();
    clearInterval(ticker);
    return await report(stage, await load.stop(), played, marks);
  } finally {
    clearInterval(ticker);
    await load.stop().catch(() => {});
  }
}

/** A line every other second, so that one sees the traffic move while the log goes on. */
function tellOf(load: Load, stage: DemoStage, seconds: () => number): NodeJS.Timeout {
  return setInterval(() => {
    const { lastSecond, requests, failed } = load.snapshot();
    const rates = ofColors(stage, lastSecond, 1);
    const bar = (color: 'blue' | 'green') => `${color} ${String(rates[color]).padStart(4)}/s`;
    process.stdout.write(
      dim(
        `   ┊ ${seconds().toFixed(0).padStart(3)} s  ${bar('blue')}  ${bar('green')}  ${requests} requests, ${failed} failed\n`,
      ),
    );
  }, 2_000);
}

/** Runs the action as GitHub would, and shows its log. */
async function play(
  stage: DemoStage,
  inputs: Readonly<Record<string, string>>,
  signal: AbortSignal,
  switched = () => {},
): Promise<ActionRun> {
  const off = stage.onSwitch?.(switched);
  const view = createLogView((text) => process.stdout.write(text), isTerminal);
  let cancel = () => {};
  const onAbort = () => cancel();
  signal.addEventListener('abort', onAbort);
  try {
    return await runAction({
      inputs: { environment: 'production', config: stage.config, ...inputs },
      env: stage.env,
      workspace: stage.workspace,
      onLine(line) {
        if (stage.onSwitch === undefined && /\bTraffic: /.test(line)) switched();
        view(line);
      },
      onStart(handle) {
        cancel = handle.cancel;
        if (signal.aborted) cancel();
      },
      // Nobody needs a release put in order that is removed with its stage.
      get post() {
        return !signal.aborted;
      },
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    off?.();
  }
}

async function report(
  stage: DemoStage,
  result: LoadResult,
  played: readonly Played[],
  marks: readonly Mark[],
): Promise<boolean> {
  // The load ends here: its last requests trail off, which is no outage.
  const ended = result.seconds - 2;
  const points = result.buckets
    .filter(({ t }) => t < ended)
    .map((bucket) => ({
      t: bucket.t,
      ...ofColors(stage, bucket, 10),
      failed: (bucket.failed ?? 0) * 10,
    }));
  await mkdir(FOLDER, { recursive: true });
  const picture = drawTraffic(points, marks);
  await writeFile(resolve(FOLDER, 'traffic.svg'), picture);
  const runs = ACTS.map(({ heading }, index) => ({ title: heading, run: played[index]!.run }));
  await writeFile(resolve(FOLDER, 'index.html'), await renderPage(picture, runs));
  for (const [index, { run }] of runs.entries())
    await writeFile(resolve(FOLDER, `summary-${index + 1}.md`), run.summary);

  const [deployed, refused, back] = played as [Played, Played, Played];
  const surprises = [
    ...(deployed.run.outputs['result'] === 'deployed' ? [] : ['v2 was not deployed']),
    ...(refused.run.outputs['result'] === 'failed' && refused.run.exitCode === 1
      ? []
      : ['v3 was not refused']),
    ...(back.run.outputs['result'] === 'rolled-back' && back.run.exitCode === 0
      ? []
      : ['there was no rollback']),
    ...(result.byVersion['v3'] === undefined ? [] : ['users saw v3']),
    ...(result.byVersion['v1'] && result.byVersion['v2'] ? [] : ['the traffic never moved']),
  ];
  for (const failure of result.failures) process.stdout.write(`failed request: ${JSON.stringify(failure)}\n`);
  for (const surprise of surprises) process.stdout.write(`unexpected: ${surprise}\n`);
  process.stdout.write(`\nLook at ${FOLDER}/index.html\n`);
  process.stdout.write(
    `demo: ${result.requests} requests, ${result.failed} failed; deploy ${deployed.seconds}s, refused release ${refused.seconds}s, rollback ${back.seconds}s\n`,
  );
  return result.failed === 0 && surprises.length === 0;
}

function ofColors(
  { colorOf }: DemoStage,
  bucket: Readonly<Record<string, number>>,
  perSecond: number,
): { blue: number; green: number } {
  const sum = (color: 'blue' | 'green') =>
    perSecond *
    Object.entries(colorOf).reduce(
      (total, [version, of]) => total + (of === color ? (bucket[version] ?? 0) : 0),
      0,
    );
  return { blue: sum('blue'), green: sum('green') };
}
