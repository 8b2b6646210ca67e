import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeployError } from '../../../src/errors.ts';
import { containerOf, type Inspected } from '../../../src/target/docker/containers.ts';
import { DependencyWait } from '../../../src/target/docker/dependency-wait.ts';

type State = Partial<Inspected['State']>;

const inspected = (service: string, state: State, dependsOn = ''): Inspected =>
  ({
    Id: service,
    Name: `/${service}-1`,
    Config: {
      Image: 'x',
      Labels: {
        'com.docker.compose.service': service,
        ...(dependsOn === '' ? {} : { 'com.docker.compose.depends_on': dependsOn }),
      },
    },
    State: { Status: 'running', Running: state.Status === undefined, ExitCode: 0, ...state },
    HostConfig: {},
    NetworkSettings: {},
    Image: 'sha256:1',
  }) as unknown as Inspected;

const starting: State = { Health: { Status: 'starting' } };
const healthy: State = { Health: { Status: 'healthy' } };
const DOWN: State = { Status: 'exited' };

/** What becomes of a wait for `cache`, whose states are these at one look after the other. */
async function wait(states: readonly State[], dependsOn = 'cache:service_healthy:false', web = DOWN) {
  let now = 0;
  let looks = 0;
  const told: string[] = [];
  const docker = {
    inspect: async () => {
      const state = states[Math.min(looks, states.length - 1)]!;
      looks += 1;
      return [inspected('cache', state)];
    },
    run: async (_: unknown, { onProgress }: { onProgress(line: string): void }) => {
      onProgress('2026-01-01T00:00:00Z no room');
      return '';
    },
  };
  const error = await new DependencyWait({
    docker: docker as never,
    limitMs: 60_000,
    progress: (message) => told.push(message),
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    },
  })
    .before(
      [containerOf(inspected('web', web, dependsOn))],
      [containerOf(inspected('cache', states[0]!)), containerOf(inspected('other', starting))],
    )
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  assert.ok(error === undefined || error instanceof DeployError, String(error));
  return { error, looks, now, told };
}

test('What needs a healthy cache waits until it is, and says so once', async () => {
  const { error, looks, told } = await wait([starting, starting, healthy]);
  assert.deepEqual([error, looks], [undefined, 3]);
  assert.deepEqual(told, ['cache-1: other services wait for it.']);
});

test('A job is waited for until it has ended well', async () => {
  const completed = 'cache:service_completed_successfully:false';
  assert.equal((await wait([{}, { Status: 'exited' }], completed)).error, undefined);
  const { error } = await wait([{}, { Status: 'exited', ExitCode: 3 }], completed);
  assert.match(error?.message ?? '', /^cache-1 exited with code 3, and other services wait for it/);
});

test('Nothing is waited for where only a start is asked for, without a health check, or when it runs already', async () => {
  assert.equal((await wait([starting], 'cache:service_started:false')).looks, 0);
  assert.equal((await wait([starting], '')).looks, 0);
  assert.equal((await wait([starting], 'cache:service_healthy:false', {})).looks, 0);
  assert.deepEqual((await wait([{}])).told, []);
});

for (const [how, state] of Object.entries({
  'exited with code 0': { Status: 'exited' },
  'exited with code 1': { Status: 'exited', ExitCode: 1 },
  'is unhealthy': { Health: { Status: 'unhealthy' } },
} satisfies Record<string, State>))
  test(`What is waited for in vain is told at once, with its log: ${how}`, async () => {
    const { error, now } = await wait([starting, state]);
    assert.equal(error?.code, 'dependency-failed');
    assert.equal(error?.message, `cache-1 ${how}, and other services wait for it (\`depends_on\`).`);
    assert.deepEqual(error?.details, ['log of cache-1, its last lines:', '  no room']);
    assert.ok(now < 1000);
  });

test('Patience ends at health.timeout', async () => {
  const { error, now } = await wait([starting]);
  assert.equal(error?.code, 'health-timeout');
  assert.match(error?.message ?? '', /^cache-1 did not come up within 60 s/);
  assert.ok(now >= 60_000 && now < 61_000);
});
