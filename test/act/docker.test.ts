import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { snippetsIn } from '../../scripts/validate-workflows.ts';
import { startEngine } from '../docker/lab/engine.ts';
import { buildApp, IMAGES, loadImage } from '../docker/lab/images.ts';
import { docker } from '../docker/lab/parts.ts';
import { freePort, startRegistry } from '../docker/lab/registry.ts';
import { act, describe, runWorkflow, type Transcript } from './act.ts';

// The three uses of README on a Docker host, after docs/docker.md has set it up: on a real runner (act.ts says what it
// lacks), a real engine, a real HAProxy, with nothing but the pages' own files.

const ROOT = resolve(import.meta.dirname, '../..');
const page = (path: string) => snippetsIn(readFileSync(join(ROOT, path), 'utf8'));
const [push, rollback, reusable] = page('README.md')
  .filter(({ path }) => path.startsWith('.github/workflows/'))
  .map(({ text }) => text) as [string, string, string];
// The first of each name: what follows on the page are variations.
const guide = new Map(
  page('docs/docker.md')
    .toReversed()
    .map(({ path, text }) => [path, text]),
);

/** What README says of a Docker host: the AWS step and `id-token: write` go. @throws Error when they are not there */
function forDocker(workflow: string): string {
  const without = workflow
    .replace(/^ +- uses: aws-actions\/[\s\S]*?(?=^ +- |^ +# )/m, '')
    .replace(/^ +id-token: write.*\n/m, '');
  assert.doesNotMatch(without, /aws-|id-token/);
  assert.notEqual(without, workflow);
  return without;
}

test('push step, reusable workflow, manual rollback on a Docker host, on a real runner', {
  skip: act.skip || docker.skip,
}, async (t) => {
  await using engine = await startEngine();
  await using registry = await startRegistry(engine);
  await loadImage(engine, 'app');
  await loadImage(engine, 'haproxy');
  for (const tag of ['v1', 'v2']) {
    const built = await buildApp(engine, `acme/storefront:${tag}`);
    await engine.docker(['rmi', await registry.push(built), built]);
  }
  // Only what is of the reader's own differs: host, registry, address and the folder of the socket.
  const config = parse(guide.get('.github/blue-green.yml')!);
  const { production } = config.environments;
  production.url = `http://127.0.0.1:${await freePort()}`;
  production.stabilize = { for: '1s' };
  production.retire = { drain: '2s' };
  production.docker.image = `${registry.host}/acme/storefront`;
  production.docker.proxy.haproxy.socket = join(engine.folder, 'files/haproxy/admin.sock');
  delete production.docker.host;
  delete production.docker['known-hosts'];
  // The lab's app has no jobs.js.
  const compose = guide.get('compose.yml')!.replace(/^ {2}jobs:[\s\S]*$/m, '');

  const run = async (
    name: string,
    event: 'push' | 'workflow_dispatch',
    workflow: string,
    inputs?: Record<string, string>,
  ): Promise<Transcript> => {
    const path = '.github/workflows/workflow.yml';
    const transcript = await runWorkflow({
      files: { [path]: workflow, '.github/blue-green.yml': JSON.stringify(config), 'compose.yml': compose },
      ...{ event, workflow: path, inputs },
      env: { ...engine.env, HAPROXY_IMAGE: IMAGES.haproxy, DATABASE_URL: 'postgres://db' },
    });
    for (const line of describe(name, transcript)) t.diagnostic(line);
    assert.equal(transcript.exitCode, 0, transcript.log);
    return transcript;
  };
  const version = async () =>
    (
      (await (await fetch(production.url, { headers: { connection: 'close' } })).json()) as {
        version: string;
      }
    ).version;

  await run('set-up', 'workflow_dispatch', guide.get('.github/workflows/setup.yml')!);

  const sha = /\$\{\{ github\.sha \}\}/;
  const pushed = await run('push step', 'push', forDocker(push).replace(sha, 'v1'));
  assert.deepEqual([pushed.outputs['result'], await version()], ['deployed', 'v1']);

  const call = reusable.replace(sha, 'v2').replace(/^ +aws-.*\n/gm, '');
  const called = await run('reusable workflow', 'push', call);
  assert.deepEqual([called.outputs['result'], await version()], ['deployed', 'v2']);

  const inputs = { environment: 'production', reason: 'checkout is slow' };
  const back = await run('manual rollback', 'workflow_dispatch', forDocker(rollback), inputs);
  assert.deepEqual([back.outputs['result'], await version()], ['rolled-back', 'v1']);
  assert.match(back.log, /Reason: checkout is slow/);
});
