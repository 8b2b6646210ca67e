/**
 * `npm run demo`: what this action does, to watch. A sandbox with real traffic, the very dist/index.js that GitHub
 * runs, three deployments' worth of it; ends with 1 if a single request failed.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ActionRun, runAction } from '../e2e/runner.ts';
import { startLoad } from '../load/index.ts';
import { blueGreenApp } from '../sandbox/blue-green-app.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { drawTraffic, type Mark } from './chart.ts';
import { createLogView } from './log-view.ts';
import { renderPage } from './page.ts';

const HOST = 'shop.sandbox';
const FOLDER = resolve('demo-report');
/** Which color answers with a version: v1 is on blue when the demo begins. */
const COLOR_OF: Readonly<Record<string, 'blue' | 'green'>> = { v1: 'blue', v2: 'green' };

const isTerminal = process.stdout.isTTY === true;
const dim = (text: string) => (isTerminal ? `\u001b[2m${text}\u001b[0m` : text);
const title = (text: string) =>
  process.stdout.write(`\n${isTerminal ? `\u001b[7m ${text} \u001b[0m` : `== ${text} ==`}\n`);

await using sandbox = await startSandbox();
const app = await blueGreenApp(sandbox, { versions: ['v1', 'v2'], live: { count: 3 } });
sandbox.addImage(app.image('v3'), { env: { HEALTH: 'status:500' } });
const addresses = app.urls.map((one) => new URL(one).hostname);
const url = `http://${HOST}:${new URL(app.url).port}`;
const config = `# .github/blue-green.yml
app: ${app.app}
environments:
  production:
    url: ${url}
    ecs:
      region: ${sandbox.region}
      cluster: ${app.cluster}
      image: ${app.repository}
      services: { blue: ${app.services.blue}, green: ${app.services.green} }
      listeners: ['${app.listener}']
      propagation: 1s
    health: { interval: 500ms }
    smoke: [{ path: /health, body: '"ok":true' }]
    identity: { header: x-version, value: '{image-tag}' }
    stabilize: { for: 4s, interval: 1s, probe: { path: /health } }
    retire: { drain: 2s }
`;

const load = await startLoad({ url, addresses });
const began = Date.now();
const marks: Mark[] = [];
const seconds = () => (Date.now() - began) / 1000;

/** A line every other second, so that one sees the traffic move while the log goes on. */
const ticker = setInterval(() => {
  const { lastSecond, requests, failed } = load.snapshot();
  const rate = (color: 'blue' | 'green') =>
    Object.entries(COLOR_OF).reduce(
      (sum, [version, of]) => sum + (of === color ? (lastSecond[version] ?? 0) : 0),
      0,
    );
  const bar = (color: 'blue' | 'green') => `${color} ${String(rate(color)).padStart(4)}/s`;
  process.stdout.write(
    dim(
      `   ┊ ${seconds().toFixed(0).padStart(3)} s  ${bar('blue')}  ${bar('green')}  ${requests} requests, ${failed} failed\n`,
    ),
  );
}, 2_000);

try {
  title('v2 goes to the idle color, is proven, and gets the traffic');
  const deployed = await act('deploy v2', { operation: 'deploy', 'image-tag': 'v2', reason: 'the demo' });
  title('v3 is broken: it must be refused, and nobody notices');
  const refused = await act('v3 refused', {
    operation: 'deploy',
    'image-tag': 'v3',
    reason: 'a broken release',
  });
  title('Second thoughts: back to v1, with one click');
  const back = await act('rollback to v1', { operation: 'rollback', reason: 'checkout is slow' });
  clearInterval(ticker);
  const result = await load.stop();

  // The load ends here: its last requests trail off, which is no outage.
  const ended = result.seconds - 2;
  const points = result.buckets
    .filter(({ t }) => t < ended)
    .map((bucket) => ({
      t: bucket.t,
      ...ofColors(bucket, 10),
      failed: (bucket.failed ?? 0) * 10,
    }));
  await mkdir(FOLDER, { recursive: true });
  const picture = drawTraffic(points, marks);
  await writeFile(resolve(FOLDER, 'traffic.svg'), picture);
  const runs = [
    { title: 'Deploy v2', run: deployed.run },
    { title: 'Deploy v3, which is broken', run: refused.run },
    { title: 'Rollback', run: back.run },
  ];
  await writeFile(resolve(FOLDER, 'index.html'), await renderPage(picture, runs));
  for (const [index, { run }] of runs.entries())
    await writeFile(resolve(FOLDER, `summary-${index + 1}.md`), run.summary);

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
  process.exitCode = result.failed === 0 && surprises.length === 0 ? 0 : 1;
} finally {
  clearInterval(ticker);
  await load.stop().catch(() => {});
}

/** Runs the action as GitHub would, and shows its log. */
async function act(
  label: string,
  inputs: Record<string, string>,
): Promise<{ run: ActionRun; seconds: string }> {
  const from = seconds();
  marks.push({ t: from, label });
  const off = sandbox.onCall((operation) => {
    if (operation === 'ModifyListener') marks.push({ t: seconds(), label: 'switch' });
  });
  const view = createLogView((text) => process.stdout.write(text), isTerminal);
  const run = await runAction({
    inputs: { environment: 'production', config, ...inputs },
    env: {
      ...sandbox.env,
      NODE_OPTIONS: `--import ${resolve(import.meta.dirname, '../hosts.mjs')}`,
      SANDBOX_HOSTS: `${HOST}=${addresses.join(',')}`,
    },
    onLine: view,
  });
  off();
  return { run, seconds: (seconds() - from).toFixed(1) };
}

function ofColors(bucket: Readonly<Record<string, number>>, perSecond: number) {
  const sum = (color: 'blue' | 'green') =>
    perSecond *
    Object.entries(COLOR_OF).reduce(
      (total, [version, of]) => total + (of === color ? (bucket[version] ?? 0) : 0),
      0,
    );
  return { blue: sum('blue'), green: sum('green') };
}
