import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { docker } from '../../docker/lab/parts.ts';
import { type Change, type Tap, tapEngine } from '../../docker/lab/tap.ts';
import { type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';
import type { Load } from '../../load/index.ts';
import type { ActionRun } from '../runner.ts';
import { assertUnnoticed, tellUsers } from './kit.ts';

// The machine of a run is lost, again and again: at least once in each phase of the journal, and wherever two things that
// belong together are done one after the other. Each run first finishes or undoes what the one before it left, and is
// then lost itself, until the last one comes to its end. Users notice nothing of all this.

const USERS = {
  ratePerSecond: 200,
  mostInFlight: 50,
  kept: 8,
  slow: { inFlight: 4, ms: 300, toMs: 600 },
  idle: { connections: 2, seconds: 1 },
  webSockets: { connections: 0, everyMs: 100 },
};

interface Loss {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** What is done first, undisturbed. */
  readonly first?: Readonly<Record<string, string>>;
  /** Where there is nothing to be dealt with first, and it happens before the run's own work begins. */
  readonly early?: boolean;
  /** The step in which it happens, where others do the like before. */
  readonly during?: RegExp;
  /** At a change to the engine, and whether the engine still does it; or when the log says so. */
  readonly at: readonly ['before' | 'after', (change: Change) => boolean] | RegExp;
  /** What users have then, and what they have when the next run has dealt with it. */
  readonly users: string;
  readonly afterwards: string;
  /** What the next run says of it; absent where nothing was left to be dealt with. */
  readonly next?: RegExp;
}

const creates = (name: string) => (change: Change) =>
  change.method === 'POST' && change.path.startsWith('/containers/create') && change.path.includes(name);
const notes = (phase: string) => (change: Change) =>
  change.path.startsWith('/volumes/create') && change.body.includes(`.phase":"${phase}"`);
const asks = (what: RegExp) => (change: Change) => change.method === 'POST' && what.test(change.path);
/** The map of HAProxy: its file. */
const switches = ({ method, path }: Change) =>
  method === 'PUT' && path.startsWith('/containers/edge/archive') && path.includes('maps');
const drops =
  (name: string) =>
  ({ method, path }: Change) =>
    method === 'DELETE' && path.includes(name);

/** Before that, a run deals with what the one before it has left. */
const AT_WORK = /^::group::(?:Look for what would go wrong|Start )/;
const UNDO = /ended half-way: undo it/;
const FINISH = /ended half-way: finish it/;
const deploy = (tag: string) => ({ 'image-tag': tag });

/** v2 is live, and v1 is parked. */
const LOSSES: readonly Loss[] = [
  {
    name: 'it has the lock, and has changed nothing',
    inputs: deploy('v3'),
    early: true,
    at: ['after', creates('-lock')],
    users: 'v2',
    afterwards: 'v2',
  },
  {
    name: 'staging: nothing is started yet',
    inputs: deploy('v3'),
    at: ['after', notes('staging')],
    users: 'v2',
    afterwards: 'v2',
    next: UNDO,
  },
  {
    name: 'staging: Compose is at work, and some of what was parked is replaced',
    inputs: deploy('v3'),
    at: ['after', creates('-web-')],
    users: 'v2',
    afterwards: 'v2',
    next: UNDO,
  },
  {
    name: 'staging: the release runs, and is not proven yet',
    inputs: deploy('v3'),
    at: /^::group::Wait until/,
    users: 'v2',
    afterwards: 'v2',
    next: UNDO,
  },
  {
    name: 'shifting: nobody was moved yet',
    inputs: deploy('v3'),
    at: ['after', notes('shifting')],
    users: 'v2',
    afterwards: 'v2',
    next: UNDO,
  },
  {
    name: 'shifting: HAProxy has the new color, and its file names the old one',
    inputs: deploy('v3'),
    at: ['before', switches],
    users: 'v3',
    afterwards: 'v2',
    next: UNDO,
  },
  {
    name: 'shifting: both name the new color',
    inputs: deploy('v3'),
    at: ['after', switches],
    users: 'v3',
    afterwards: 'v2',
    next: UNDO,
  },
  {
    name: 'shifting: users have it, and it is watched',
    inputs: deploy('v3'),
    at: /^::group::Watch/,
    users: 'v3',
    afterwards: 'v2',
    next: UNDO,
  },
  {
    name: 'retiring: it is accepted, and nothing else is done',
    inputs: deploy('v3'),
    at: ['after', notes('retiring')],
    users: 'v3',
    afterwards: 'v3',
    next: FINISH,
  },
  {
    name: 'retiring: the old color finishes its requests',
    inputs: deploy('v1'),
    at: /^::group::Let /,
    users: 'v1',
    afterwards: 'v1',
    next: FINISH,
  },
  {
    name: 'retiring: some of the old color has stopped',
    inputs: deploy('v2'),
    during: /^::group::Park /,
    at: ['after', asks(/\/stop\b/)],
    users: 'v2',
    afterwards: 'v2',
    next: FINISH,
  },
  {
    name: 'retiring: some of the journal is gone',
    inputs: deploy('v1'),
    at: ['after', drops('-journal-')],
    users: 'v1',
    afterwards: 'v1',
    next: FINISH,
  },
  {
    name: 'retiring: only the journal is left',
    inputs: deploy('v3'),
    at: ['before', drops('-journal-')],
    users: 'v3',
    afterwards: 'v3',
    next: FINISH,
  },
  {
    name: 'only the lock is left',
    inputs: deploy('v1'),
    at: ['before', drops('-lock')],
    users: 'v1',
    afterwards: 'v1',
  },
  {
    name: 'rollback, staging: one of the parked containers runs',
    inputs: { operation: 'rollback' },
    at: ['after', asks(/-web-\d\/start/)],
    users: 'v1',
    afterwards: 'v1',
    next: UNDO,
  },
  {
    name: 'rollback, shifting: HAProxy leads back to it, and its file does not yet',
    inputs: { operation: 'rollback' },
    at: ['before', switches],
    users: 'v3',
    afterwards: 'v3',
    next: FINISH,
  },
  {
    name: 'staged, and promoted: users have it, and it is watched',
    first: { operation: 'stage', 'image-tag': 'v2' },
    inputs: { operation: 'promote' },
    early: true,
    at: /^::group::Watch/,
    users: 'v2',
    afterwards: 'v3',
    next: UNDO,
  },
];

describe('runs whose machine is lost, with HAProxy', { skip: docker.skip }, () => {
  let world: DockerWorld;
  let tap: Tap;
  let users: Load;
  let attempt = 0;
  before(async () => {
    world = await startDockerWorld({
      proxy: 'haproxy',
      images: { v3: {} },
      config: {
        stabilize: { for: '300ms', interval: '100ms' },
        retire: { drain: '3s' },
        smoke: [{ path: '/health' }],
      },
    });
    tap = await tapEngine(world.engine);
    for (const tag of ['v1', 'v2']) {
      const run = await act(deploy(tag));
      assert.equal(run.outputs['result'], 'deployed', run.log);
    }
    users = await world.startUsers(USERS);
  });
  after(async () => {
    await tap?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  /** Each is another attempt of the same run: what the one before it held is known to be nobody's. */
  function act(
    inputs: Readonly<Record<string, string>>,
    options: Parameters<DockerWorld['act']>[1] = {},
  ): Promise<ActionRun> {
    attempt += 1;
    return world.act(inputs, {
      ...options,
      env: { DOCKER_HOST: tap.host, GITHUB_RUN_ATTEMPT: String(attempt) },
    });
  }

  async function lost({ inputs, at, early = false, during = /^/ }: Loss): Promise<ActionRun> {
    let kill = () => {};
    let isAtWork: boolean = early;
    let isDuring: boolean = early;
    const isChange = typeof at === 'object' && 'length' in at;
    tap.watch(
      (change) => (isChange && isDuring && at[1](change) ? at[0] : undefined),
      () => kill(),
    );
    return act(inputs, {
      post: false,
      onStart: (handle) => {
        kill = handle.kill;
      },
      onLine: (line) => {
        isAtWork ||= AT_WORK.test(line);
        isDuring ||= isAtWork && during.test(line);
        if (isChange || !isDuring || !at.test(line)) return;
        kill();
        tap.cut();
      },
    });
  }

  let last: Loss | undefined;
  const assertRecovered = ({ log }: ActionRun) => {
    if (last?.next === undefined) assert.doesNotMatch(log, /half-way/);
    else assert.match(log, last.next);
    if (last !== undefined) assert.match(log, new RegExp(`is live with \\S+:${last.afterwards}@`));
  };

  for (const loss of LOSSES)
    test(loss.name, async () => {
      if (loss.first !== undefined) {
        const run = await act(loss.first);
        assert.equal(run.exitCode, 0, run.log);
        assertRecovered(run);
        // Also where the run before it ended between HAProxy's memory and its file.
        const file = await world.engine.docker(['cp', 'edge:/maps/active.map', '-']);
        assert.match(file, new RegExp(`storefront-production-${run.outputs['live-color']}\n`));
        last = undefined;
      }
      const run = await lost(loss);
      assert.equal(run.exitCode, null, run.log);
      if (loss.first === undefined) assertRecovered(run);
      assert.equal((await world.answer()).version, loss.users, run.log);
      last = loss;
      assertUnnoticed(users);
    });

  test('the last one comes to its end, and nothing of all of them is left', async (t) => {
    const run = await act(deploy('v2'));
    assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
    assertRecovered(run);
    assert.match(run.outputs['previous-image'] ?? '', /:v3@/);
    assert.equal((await world.answer()).version, 'v2');
    await world.assertClean(run.outputs['live-color'] === 'blue' ? 'blue' : 'green');
    tellUsers(t, await world.usersSaw());
  });
});
