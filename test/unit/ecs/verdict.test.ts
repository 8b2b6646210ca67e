import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployment, Service, ServiceEvent, Task } from '@aws-sdk/client-ecs';
import { Anchor, type Sight } from '../../../src/target/ecs/anchor.ts';
import type { TargetState } from '../../../src/target/ecs/target-health.ts';
import { judge } from '../../../src/target/ecs/verdict.ts';

const CREATED = new Date('2026-01-01T12:00:00Z');
const later = (seconds: number) => new Date(CREATED.getTime() + seconds * 1_000);
const ours: Deployment = {
  id: 'ecs-svc/1',
  status: 'PRIMARY',
  rolloutState: 'IN_PROGRESS',
  createdAt: CREATED,
};
const other: Deployment = {
  id: 'ecs-svc/2',
  status: 'PRIMARY',
  taskDefinition: 'shop:1',
  createdAt: later(60),
};

let ids = 0;
const task = (members: Partial<Task> = {}): Task => {
  ids += 1;
  return { taskArn: `task/${ids}`, startedBy: 'ecs-svc/1', lastStatus: 'RUNNING', ...members };
};
const crash = (members: Partial<Task> = {}) =>
  task({
    lastStatus: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'app', exitCode: 1 }],
    stoppedAt: later(ids),
    ...members,
  });
const service = (members: Partial<Service> = {}): Service => ({
  deployments: [ours],
  desiredCount: 2,
  events: [],
  ...members,
});
const sick: TargetState = { kind: 'sick', text: 'unhealthy (Target.Timeout)' };

/** What a number of equal looks come to. */
function looks(
  anchor: Anchor,
  {
    service: shown = service(),
    stopped = [],
    running = [],
    state = sick,
    count = 1,
    hasUsers = false,
  }: {
    service?: Service;
    stopped?: Task[];
    running?: Task[];
    state?: TargetState;
    count?: number;
    hasUsers?: boolean;
  },
) {
  let verdict: ReturnType<typeof judge>;
  for (let look = 0; look < count; look += 1) {
    const sight: Sight = {
      service: shown,
      deployment: shown.deployments?.find(({ id }) => id === anchor.deploymentId),
      stopped: anchor.stoppedSince(stopped),
      running,
      hasUsers,
      others: 0,
      states: new Map(running.map(({ taskArn = '' }) => [taskArn, state])),
    };
    anchor.events.note(shown, anchor.createdAt);
    anchor.tally.note(running, sight.states);
    anchor.tally.noteRoom(
      running.length,
      running.length < anchor.wanted && anchor.events.noRoom !== undefined,
    );
    verdict = judge(anchor, sight);
  }
  return verdict;
}
const fresh = (wanted = 2) => new Anchor(ours, wanted, 'fresh');

test('one crash is no verdict, two are; what others wanted is none at all', () => {
  assert.equal(looks(fresh(), { stopped: [crash()] }), undefined);
  assert.match(
    looks(fresh(), { stopped: [crash(), crash()] })!.what,
    /^2 tasks stopped, the last: .*exited with 1$/,
  );
  const ordinary = [
    crash({ stopCode: 'UserInitiated' }),
    crash({ stopCode: 'SpotInterruption' }),
    crash({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Scaling activity initiated by (deployment 2)',
    }),
    crash({ startedBy: 'ecs-svc/2' }),
    crash({ startedBy: 'ecs-svc/2' }),
  ];
  assert.equal(looks(fresh(), { stopped: ordinary }), undefined);
});

test('what a release went through before does not stop a rollback to it', () => {
  const before = [crash(), crash()];
  for (const state of ['woken', 'found'] as const) {
    const anchor = new Anchor(ours, 2, state);
    assert.equal(looks(anchor, { stopped: before }), undefined, state);
    assert.equal(looks(anchor, { stopped: [...before, crash()] }), undefined, state);
    assert.ok(looks(anchor, { stopped: [...before, crash(), crash()] }), state);
  }
});

test('what scaling adds to a release with users, or takes, or finds no room for, is nothing against it', () => {
  const completed = { ...ours, rolloutState: 'COMPLETED' as const };
  const deployments = [completed];
  const anchor = fresh();
  const running = [task(), task()];
  const state: TargetState = { kind: 'healthy', text: 'healthy' };
  assert.equal(looks(anchor, { service: service({ deployments }), running, state, count: 2 }), undefined);
  const events = [
    { id: 'room', createdAt: later(90), message: '(service shop-green) was unable to place a task.' },
  ];
  const grown = service({ deployments, desiredCount: 5, events });
  const more = [...running, task({ lastStatus: 'PENDING' }), task({ lastStatus: 'PROVISIONING' })];
  assert.equal(looks(anchor, { service: grown, running: more, state, count: 50 }), undefined);
  const fewer = crash({
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)',
  });
  const shrunk = service({ deployments, desiredCount: 1 });
  assert.equal(
    looks(anchor, { service: shrunk, running: running.slice(1), stopped: [fewer], state, count: 2 }),
    undefined,
  );
});

test('a task that gets nowhere is nothing against a release whose other tasks serve users', () => {
  const nowhere = () =>
    task({
      lastStatus: 'STOPPED',
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPullContainerError: pull image manifest has been retried 5 time(s): i/o timeout',
      stoppedAt: later(ids),
    });
  const running = [task(), task()];
  const state: TargetState = { kind: 'healthy', text: 'healthy' };
  const stopped = [nowhere(), nowhere(), nowhere()];
  assert.equal(looks(fresh(), { running, state, stopped, hasUsers: true }), undefined);
  assert.match(looks(fresh(), { running, state, stopped })!.what, /^3 tasks stopped/, 'before users have it');
  assert.match(looks(fresh(), { stopped, hasUsers: true })!.what, /^3 tasks stopped/, 'when none is left');
  const gone = nowhere();
  const noImage = { ...gone, stoppedReason: 'CannotPullContainerError: shop:v1: not found' };
  assert.match(
    looks(fresh(), { running, state, stopped: [noImage], hasUsers: true })!.what,
    /^a task stopped/,
  );
  const began = () => ({ ...nowhere(), containers: [{ name: 'proxy', exitCode: 137 }] });
  assert.ok(looks(fresh(), { running, state, stopped: [began(), began()], hasUsers: true }));
  const ran = [crash({ startedAt: later(1) }), crash({ startedAt: later(2) })];
  assert.match(looks(fresh(), { running, state, stopped: ran, hasUsers: true })!.what, /^2 tasks stopped/);
});

test('unhealthy targets: twice in a row, and after the grace period only', () => {
  const running = [task(), task()];
  assert.equal(looks(fresh(), { running }), undefined);
  assert.match(
    looks(fresh(), { running, count: 2 })!.what,
    /2 tasks run and are unhealthy \(Target\.Timeout\)/,
  );
  const grace = service({ healthCheckGracePeriodSeconds: 60 });
  assert.equal(looks(fresh(), { running, count: 5, service: grace }), undefined);
  const anchor = fresh();
  looks(anchor, { running });
  looks(anchor, { running, state: { kind: 'healthy', text: 'healthy' } });
  assert.equal(looks(anchor, { running }), undefined, 'not in a row');
});

test('one unwell task of many is no verdict, of one it is', () => {
  const running = [task()];
  assert.equal(looks(fresh(3), { running, count: 3 }), undefined);
  assert.ok(looks(fresh(1), { running, count: 2 }));
  assert.ok(looks(fresh(3), { running, stopped: [crash()], count: 2 }), 'with a crash beside it');
});

test('a target that is not used: at once where AWS names the zone, else a just attached group gets its time', () => {
  const running = [task()];
  const unused = (text: string): TargetState => ({ kind: 'unreachable', text });
  const zone = unused('unused (Target.NotInUse: Target is in an Availability Zone that is not enabled)');
  assert.equal(looks(fresh(), { running, state: zone }), undefined);
  assert.ok(looks(fresh(), { running, state: zone, count: 2 }));
  assert.equal(looks(fresh(), { running, state: unused('unused (Target.NotInUse)'), count: 9 }), undefined);
});

test('circuit breaker, superseded and scaled to zero are told apart', () => {
  const failed: Deployment = { ...ours, rolloutState: 'FAILED', rolloutStateReason: 'circuit breaker' };
  const code = (members: Partial<Service>) => looks(fresh(), { service: service(members) })?.code;
  assert.equal(code({ deployments: [failed] }), 'platform-stalled');
  assert.equal(code({ deployments: [{ ...failed, status: 'ACTIVE' }, other] }), 'platform-rolled-back');
  const back = {
    ...other,
    rolloutStateReason: 'ECS deployment circuit breaker: rolling back to deploymentId 0.',
  };
  assert.equal(code({ deployments: [back] }), 'platform-rolled-back');
  const told: ServiceEvent = {
    id: 'e',
    createdAt: later(5),
    message: '(service shop) (deployment ecs-svc/1) deployment failed: tasks failed to start.',
  };
  assert.equal(code({ deployments: [other], events: [told] }), 'platform-rolled-back', 'after it was done');
  assert.equal(code({ deployments: [other] }), 'superseded');
  assert.equal(code({ deployments: [other, { ...ours, status: 'ACTIVE' }] }), 'superseded');
  assert.equal(code({ desiredCount: 0 }), 'scaled-to-zero');
  assert.equal(code({ desiredCount: 1 }), undefined);
});

test('a picture from before the call means nothing; one from after it does, even without our deployment', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: later(0).getTime() });
  const before: Deployment = { id: 'ecs-svc/0', status: 'PRIMARY', createdAt: later(-60) };
  const anchor = fresh();
  assert.equal(anchor.sees(service({ deployments: [before] })), false);
  assert.equal(anchor.sees(service()), true);
  assert.equal(anchor.sees(service({ deployments: [before] })), false, 'one server lags behind');
  const reason = { rolloutStateReason: 'ECS deployment circuit breaker: rolling back to deploymentId 0.' };
  assert.equal(
    anchor.sees(service({ deployments: [{ ...before, ...reason }] })),
    true,
    'ECS went back to it',
  );
  t.mock.timers.tick(61_000);
  assert.equal(anchor.sees(service({ deployments: [before] })), true, 'none lags for so long');
  assert.equal(anchor.sees(service()), true);
  assert.equal(anchor.sees(service({ deployments: [before] })), false);
  assert.equal(fresh().sees(service({ deployments: [other] })), true);
  const woken = new Anchor(ours, 2, 'woken');
  assert.equal(woken.sees(service({ desiredCount: 0 })), false);
  assert.equal(woken.sees(service()), true);
});

test('events: those of its own time, each once, the oldest first, whatever their order', () => {
  const event = (id: string, seconds: number): ServiceEvent => ({
    id,
    createdAt: later(seconds),
    message: `(service shop) was unable to do ${id}.`,
  });
  const [old, a, b, c] = [event('old', -1), event('a', 0), event('b', 2), event('c', 3)];
  const { events } = fresh();
  assert.deepEqual(events.note(service({ events: [b, old, a] }), CREATED), [
    'was unable to do a.',
    'was unable to do b.',
  ]);
  assert.deepEqual(events.note(service({ events: [a, c, old, b] }), CREATED), ['was unable to do c.']);
  assert.equal(events.placement, 'was unable to do c.');
  assert.equal(events.trouble.length, 3);
  const found = new Anchor(ours, 2, 'found').events;
  assert.deepEqual(found.note(service({ events: [a, old] }), CREATED), [], 'it was there before this run');
  assert.deepEqual(found.note(service({ events: [c, a, old] }), CREATED), ['was unable to do c.']);
});

test('no room: waited for, as a task elsewhere may make some, but not for ever', () => {
  const unable = 'was unable to place a task. Reason: Capacity is unavailable at this time.';
  const told = (...messages: string[]) =>
    service({
      events: messages.map((message, n) => ({
        id: `e${n}-${message}`,
        createdAt: later(n + 1),
        message: `(service shop-green) ${message}`,
      })),
    });
  const none = { service: told(unable), running: [] };
  assert.equal(looks(fresh(), { ...none, count: 19 }), undefined);
  assert.match(looks(fresh(), { ...none, count: 20 })!.what, /^the service was unable to place a task/);
  const pending = [task({ lastStatus: 'PENDING' })];
  assert.match(
    looks(fresh(2), { ...none, running: pending, count: 22 })!.what,
    /unable to place/,
    'for the second one',
  );
  assert.equal(looks(fresh(1), { ...none, running: pending, count: 40 }), undefined, 'all are placed');
  const went = told(unable, 'has started 1 tasks: (task 0a).');
  assert.equal(looks(fresh(), { service: went, running: pending, count: 40 }), undefined, 'that was before');
  const anchor = fresh(3);
  assert.equal(looks(anchor, { ...none, count: 19 }), undefined);
  assert.equal(looks(anchor, { ...none, running: pending, count: 19 }), undefined, 'one came: counted anew');
});
