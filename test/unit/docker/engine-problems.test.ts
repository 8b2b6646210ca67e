import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DockerError } from '../../../src/target/docker/docker-error.ts';
import { engineProblems } from '../../../src/target/docker/engine-problems.ts';

const problemsOf = (SecurityOptions: readonly string[] | null) =>
  engineProblems({ api: { get: async () => ({ SecurityOptions }) as never } }, 'this machine');

test('A rootless engine is one problem, before anything is started on it', async () => {
  const [problem, ...others] = await problemsOf([
    'name=seccomp,profile=builtin',
    'name=rootless',
    'name=cgroupns',
  ]);
  assert.deepEqual(others, []);
  assert.match(problem?.message ?? '', /^The Docker engine of this machine is a rootless one: /);
  assert.match(problem?.fix ?? '', /^Use the engine of the whole host: leave out the socket in docker\.host/);
  assert.equal(problem?.forceable, true);
});

test('An engine that may not be asked is none', async () => {
  const get = () => Promise.reject(new DockerError('403 Forbidden', '403 Forbidden'));
  assert.deepEqual(await engineProblems({ api: { get } }, 'this machine'), []);
});

test('Any other is none', async () => {
  assert.deepEqual(await problemsOf(['name=apparmor', 'name=seccomp,profile=builtin']), []);
  assert.deepEqual(await problemsOf(null), []);
});
