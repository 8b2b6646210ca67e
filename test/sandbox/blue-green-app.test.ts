import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { blueGreenApp } from './blue-green-app.ts';
import { startSandbox } from './sandbox.ts';
import { eventually } from './testing.ts';

test('the app stands there: users reach the live version, the other color is empty', async () => {
  await using sandbox = await startSandbox({ scale: 0.02 });
  const app = await blueGreenApp(sandbox, { live: { version: 'v2', color: 'green', count: 3 } });
  assert.deepEqual(app.weights(), { blue: 0, green: 100 });
  assert.deepEqual(app.versionsRunning('green'), ['v2']);
  assert.deepEqual(app.versionsRunning('blue'), []);
  assert.equal(app.tasks('green').length, 3);
  assert.deepEqual(await app.rules(), []);
  for (const url of app.urls) {
    const answer = await fetch(`${url}/echo`, { method: 'POST', body: 'hello' });
    assert.equal(answer.headers.get('x-version'), 'v2');
    assert.equal(await answer.text(), 'hello');
  }
  // The setup is none of the action's calls.
  assert.deepEqual(sandbox.requests, []);
});

test('a first deployment ever: a single target group, and nothing runs', async () => {
  await using sandbox = await startSandbox({ scale: 0.02 });
  const app = await blueGreenApp(sandbox, { live: null, forward: 'single' });
  assert.deepEqual(app.weights(), { blue: 100, green: 0 });
  assert.equal(sandbox.elb.registry.attached(app.targetGroups.green), false);
  assert.equal((await fetch(app.url)).status, 503);
});

test('digests name the same image as tags', async () => {
  await using sandbox = await startSandbox();
  sandbox.addImage('shop:v7');
  const digest = sandbox.images.get('shop:v7')!.digest!;
  assert.equal(sandbox.images.get(`shop@${digest}`)?.env?.['VERSION'], 'v7');
});

/** Starts the command, and waits for its line. */
async function startCommand(): Promise<{ child: ChildProcess; line: { endpoint: string; url: string } }> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--scale', '0.02'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [text] = await once(createInterface(child.stdout!), 'line');
  return { child, line: JSON.parse(text) };
}

test('the command says where everything is, and ends with its standard input', async () => {
  const { child, line } = await startCommand();
  assert.equal((await fetch(line.url)).status, 200);
  child.stdin!.end();
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});

test('no task outlives a sandbox that is killed', {
  skip: process.platform !== 'linux' && 'needs Linux',
}, async () => {
  const { child } = await startCommand();
  const tasks = childrenOf(child.pid!);
  assert.equal(tasks.length, 2);
  child.kill('SIGKILL');
  await eventually(() => tasks.every((pid) => !isAlive(pid)), 'all tasks gone');
});

function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    // `pid (command) state parent ...`; the command may contain spaces.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
  } catch {
    return false;
  }
}
