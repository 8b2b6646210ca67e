import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, ecs, loadText, outcome } from './helper.ts';

const { listeners: _, ...others } = ecs;
const native = { ...others, services: { native: 'shop' } };

const load = (environment: object, defaults: object = {}) =>
  loadText(
    JSON.stringify(
      { app: 'shop', defaults, environments: { production: { ecs: native, ...environment } } },
      null,
      1,
    ),
  );

test('a single service needs no listeners, and gets what is common to both ways', async () => {
  const { target } = await load({});
  assert.deepEqual(target, {
    kind: 'ecs-native',
    ecs: { ...native, images: {}, 'preview-priority': 1, propagation: 20_000 },
  });
});

test('two services need listeners', async () => {
  const found = await complaints(load({ ecs: { ...native, services: { blue: 'a', green: 'b' } } }));
  assert.deepEqual(found, ['ecs.listeners is missing: write a list.']);
});

/** What is written, and how the reason begins. */
const REFUSED: [string, object, RegExp][] = [
  [
    'ecs.desired-count',
    { ecs: { ...native, 'desired-count': 3 } },
    /as many tasks of a release as the service has/,
  ],
  ['ecs.autoscaling', { ecs: { ...native, autoscaling: 'ignore' } }, /there is one service/],
  [
    'ecs.target-groups',
    { ecs: { ...native, 'target-groups': { blue: 'a', green: 'b' } } },
    /ECS knows them from the service/,
  ],
  ['ecs.alarms', { ecs: { ...native, alarms: {} } }, /give them to the service/],
  ['ecs.workers', { ecs: { ...native, workers: [] } }, /an environment of their own/],
  ['shift', { shift: 'all-at-once' }, /the strategy of the service decides/],
  ['health.stable-for', { health: { 'stable-for': '5s' } }, /ECS decides/],
  ['stabilize.for', { stabilize: { for: '5s' } }, /bakeTimeInMinutes/],
  ['stabilize.alarms', { stabilize: { alarms: ['x'] } }, /deploymentConfiguration\.alarms/],
  ['retire', { retire: { keep: 1 } }, /for the bake time/],
];
for (const [path, environment, why] of REFUSED)
  test(`${path} means nothing with a single service, and says why`, async () => {
    const [only, ...more] = await complaints(load(environment));
    assert.deepEqual(more, []);
    assert.ok(only?.startsWith(`${path} means nothing with \`services.native\`: `), only);
    assert.match(only ?? '', why);
  });

test('the defaults of the other environments stand in nobody’s way', async () => {
  const defaults = { retire: { keep: 'all' }, stabilize: { for: '5m' }, health: { 'stable-for': '5s' } };
  assert.deepEqual(await outcome(load({ stabilize: { interval: '1s' } }, defaults)), []);
});
