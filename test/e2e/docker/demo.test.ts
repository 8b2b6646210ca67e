import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { type Engine, startEngine } from '../../docker/lab/engine.ts';
import { docker as parts } from '../../docker/lab/parts.ts';
import { endWithin } from '../../processes.ts';

// `npm run demo -- --target docker`, on an engine of the lab in place of the user's own.

const DEMO = resolve(import.meta.dirname, '../../demo/demo.ts');
const { skip } = parts;

let engine: Engine;
const folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
if (skip === false) engine = await startEngine();
after(async () => {
  await engine?.close();
  rmSync(folder, { recursive: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param onText is called with all that it has written, each time that it writes */
function demo(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  onText: (text: string, interrupt: () => void) => void = () => {},
): Promise<Ended> {
  const child = spawn(process.execPath, [DEMO, ...args], {
    cwd: folder,
    // Its temporary files too are to be gone in the end.
    env: { ...process.env, ...env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithin(child, 4 * 60_000);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    onText(stdout, () => child.kill('SIGINT'));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((done) => child.once('close', (code) => done({ code, stdout, stderr })));
}

async function assertNothingLeft(): Promise<void> {
  for (const list of [
    ['ps', '--all', '--format', '{{.Names}}'],
    ['images', '--all', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}'],
    ['volume', 'ls', '--format', '{{.Name}}'],
    ['network', 'ls', '--filter', 'type=custom', '--format', '{{.Name}}'],
  ])
    assert.equal(await engine.docker(list), '', list.join(' '));
}

test('the demo with real containers deploys, refuses and rolls back without a failed request, and leaves nothing but its report', {
  skip,
}, async () => {
  const { code, stdout, stderr } = await demo(['--target', 'docker'], engine.env);
  assert.equal(code, 0, `${stdout}\n${stderr}`);
  const said =
    /^demo: (\d+) requests, 0 failed; deploy [\d.]+s, refused release [\d.]+s, rollback [\d.]+s$/m.exec(
      stdout,
    );
  assert.ok(said, stdout);
  assert.ok(Number(said[1]) > 500, said[0]);
  const report = join(folder, 'demo-report');
  const picture = readFileSync(join(report, 'traffic.svg'), 'utf8');
  assert.equal(picture.match(/>switch</g)?.length, 2, 'two switches');
  assert.ok(existsSync(join(report, 'index.html')) && existsSync(join(report, 'summary-3.md')));
  await assertNothingLeft();
});

test('Ctrl-C in the middle of a deployment leaves nothing', { skip }, async () => {
  let pressed = false;
  const { code, stdout } = await demo(['--target', 'docker'], engine.env, (text, interrupt) => {
    if (pressed || !/^ *▼ .*[Ss]tart/m.test(text.slice(text.indexOf('v2 goes to')))) return;
    pressed = true;
    interrupt();
  });
  assert.ok(pressed, stdout);
  assert.equal(code, 130, stdout);
  assert.doesNotMatch(stdout, /^demo:/m);
  await assertNothingLeft();
});

test('without an engine, or with another target, the demo says so in one line', { skip }, async () => {
  const nowhere = { ...engine.env, DOCKER_HOST: `unix://${folder}/nowhere.sock` };
  for (const [args, env, says] of [
    [['--target', 'docker'], nowhere, /^No Docker engine answers on this machine: [^\n]*\n$/],
    [['--target', 'docker'], { ...engine.env, DOCKER_CONFIG: folder }, /Compose/],
    [
      ['--target', 'docker'],
      { ...engine.env, DOCKER_HOST: 'tcp://10.0.0.1:2375' },
      /needs an engine on this machine/,
    ],
    [['--target', 'swarm'], engine.env, /^--target is one of ecs, docker\.\n$/],
  ] as const) {
    const { code, stderr } = await demo(args, env);
    assert.equal(code, 1, stderr);
    assert.match(stderr, says);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  }
});
