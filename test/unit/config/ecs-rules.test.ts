import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LISTENER, load, outcome, RULE, targetGroup } from './helper.ts';

type Keys = Record<string, unknown>;

const other = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/x/1/2';
const LISTENER_FIX =
  'write the ARN of a listener (`arn:aws:elasticloadbalancing:…:listener/app/…`) or of a listener rule';
const NAME_FIX = 'which has letters, digits, `-` and `_`';
const LISTENERS_UNUSED =
  'ecs.listeners means nothing with `services.native`: ECS knows them from the service.';
/** Keys under `ecs`, and what is wrong with them; nothing where they are fine. */
const ECS_RULES: [Keys, string[]][] = [
  [{ listeners: [LISTENER, RULE] }, []],
  [{ listeners: [] }, ['ecs.listeners is empty: write at least one item.']],
  [
    { listeners: LISTENER },
    ['ecs.listeners is "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener…": write a list.'],
  ],
  [{ listeners: ['main'] }, [`ecs.listeners[0] is "main": ${LISTENER_FIX}.`]],
  [
    { listeners: [targetGroup('x')] },
    [`ecs.listeners[0] is "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgr…": ${LISTENER_FIX}.`],
  ],
  [
    { listeners: [`${LISTENER}/x\n`] },
    [`ecs.listeners[0] is "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener…": ${LISTENER_FIX}.`],
  ],
  [
    { listeners: [LISTENER, LISTENER] },
    [
      'ecs.listeners[1] is "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener…": it is in the list already; remove it.',
    ],
  ],
  [
    { listeners: [other] },
    [
      'ecs.listeners[0] is "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener…": it is in eu-west-1, but `region` is us-east-1; all must be in one region.',
    ],
  ],
  [{ listeners: [LISTENER.replace('/app/', '/net/')] }, []],
  [
    { listeners: [RULE.replace('/app/', '/net/')] },
    [
      'ecs.listeners[0] is "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener…": only application load balancers have rules; write the ARN of the listener.',
    ],
  ],
  [
    { listeners: [LISTENER.replace('/app/', '/gwy/')] },
    [
      'ecs.listeners[0] is "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener…": gateway load balancers share out no requests; use a listener of an application or network load balancer.',
    ],
  ],
  [
    {
      listeners: [LISTENER.replace('arn:aws:', 'arn:aws-cn:').replace('us-east-1', 'cn-north-1')],
      region: 'cn-north-1',
    },
    [],
  ],
  [
    { region: 'US East' },
    [
      'ecs.region is "US East": write an AWS region, as in `us-east-1`.',
      'ecs.listeners[0] is "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener…": it is in us-east-1, but `region` is US East; all must be in one region.',
    ],
  ],
  [
    {
      region: 'us-gov-west-1',
      listeners: [LISTENER.replace('arn:aws:', 'arn:aws-us-gov:').replace('us-east-1', 'us-gov-west-1')],
    },
    [],
  ],
  [
    { cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/main' },
    [
      `ecs.cluster is "arn:aws:ecs:us-east-1:123456789012:cluster/main": write the name of the cluster, ${NAME_FIX}.`,
    ],
  ],
  [{ cluster: 12 }, [`ecs.cluster is 12: put it in quotes; write the name of the cluster, ${NAME_FIX}.`]],
  [{ cluster: '{color}' }, [`ecs.cluster is "{color}": write the name of the cluster, ${NAME_FIX}.`]],
  [{ services: { blue: 'a', green: 'a' } }, ['ecs.services.green is "a": each color needs its own service.']],
  [
    { services: { blue: 'a' } },
    [`ecs.services.green is missing: write the name of the service, ${NAME_FIX}.`],
  ],
  [
    { services: {} },
    ['ecs.services.blue is missing', 'ecs.services.green is missing'].map(
      (one) => `${one}: write the name of the service, ${NAME_FIX}.`,
    ),
  ],
  [
    { services: { blue: 'a', native: 'b' } },
    ['ecs.services.native is "b": write `native` alone, or `blue` and `green`.', LISTENERS_UNUSED],
  ],
  [
    { services: { native: 'no name' } },
    [`ecs.services.native is "no name": write the name of the service, ${NAME_FIX}.`, LISTENERS_UNUSED],
  ],
  [{ services: ['a', 'b'] }, ['ecs.services is a list: write a map of keys.']],
  [
    { services: { blue: 'a', green: 'b', red: 'c' } },
    ['ecs.services.red is an unknown key: there are `blue`, `green` and `native`.'],
  ],
  [{ 'target-groups': { blue: targetGroup('a'), green: targetGroup('b') } }, []],
  [
    { 'target-groups': { blue: targetGroup('a'), green: targetGroup('a') } },
    [
      'ecs.target-groups.green is "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgr…": each color needs its own target group.',
    ],
  ],
  [
    { 'target-groups': { blue: targetGroup('a'), green: targetGroup('b', 'eu-west-1') } },
    [
      'ecs.target-groups.green is "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgr…": it is in eu-west-1, but `region` is us-east-1; all must be in one region.',
    ],
  ],
  [{ alarms: {} }, []],
  [
    {
      alarms: {
        'error-rate': '2.5%',
        'response-time': '800ms',
        'sns-topic': 'arn:aws:sns:us-east-1:123456789012:on-call',
      },
    },
    [],
  ],
  [
    { alarms: { 'error-rate': 5, 'response-time': '0s', 'sns-topic': 'on-call', latency: '1s' } },
    [
      'ecs.alarms.error-rate is 5: write a share, as in `5%`.',
      'ecs.alarms.response-time is "0s": write at least `1ms`.',
      'ecs.alarms.sns-topic is "on-call": write the ARN of a topic (`arn:aws:sns:us-east-1:123456789012:…`).',
      'ecs.alarms.latency is an unknown key: there are `error-rate`, `response-time` and `sns-topic`.',
    ],
  ],
  [
    { alarms: { 'sns-topic': 'arn:aws:sns:eu-west-1:123456789012:on-call' } },
    [
      'ecs.alarms.sns-topic is "arn:aws:sns:eu-west-1:123456789012:on-call": it is in eu-west-1, but `region` is us-east-1; all must be in one region.',
    ],
  ],
  [{ image: 'localhost:5000/a/b_c.d-e' }, []],
  [
    { image: 'shop@sha256:00' },
    [
      'ecs.image is "shop@sha256:00": write the repository only, without a tag, as in `registry.example.com/shop`.',
    ],
  ],
  [
    { image: 'https://r.io/shop' },
    [
      'ecs.image is "https://r.io/shop": write the repository only, without a tag, as in `registry.example.com/shop`.',
    ],
  ],
  [
    { image: 'r.io/Shop' },
    [
      'ecs.image is "r.io/Shop": write the repository only, without a tag, as in `registry.example.com/shop`.',
    ],
  ],
  [{ container: 'app', images: { sidecar: 'r.io/side' } }, []],
  [
    { container: 'app', images: { app: 'r.io/side' } },
    ['ecs.images.app is "r.io/side": `container` gets `image` already; remove it.'],
  ],
  [
    { images: { 'a b': 'r.io/side' } },
    [`ecs.images."a b" has a wrong name: write the name of the container, ${NAME_FIX}.`],
  ],
  [{ images: ['x'] }, ['ecs.images is a list: write a map of container names and repositories.']],
  [{ workers: [{ blue: 'jobs-blue', green: 'jobs-green' }] }, []],
  [{ workers: [] }, []],
  [{ workers: { blue: 'a', green: 'b' } }, ['ecs.workers is a map: write a list.']],
  [
    { workers: [{ blue: 'a' }] },
    [`ecs.workers[0].green is missing: write the name of the service, ${NAME_FIX}.`],
  ],
  [
    { workers: [{ blue: 'a', green: 'a' }] },
    ['ecs.workers[0].green is "a": each color needs its own service.'],
  ],
  [
    {
      workers: [
        { blue: 'shop-green', green: 'a' },
        { blue: 'b', green: 'a' },
      ],
    },
    [
      'ecs.workers[0].blue is "shop-green": it moves already; each service is named once.',
      'ecs.workers[1].green is "a": it moves already; each service is named once.',
    ],
  ],
  [{ role: 'arn:aws:iam::123456789012:role/ci/deploy' }, []],
  [
    { role: 'deploy' },
    ['ecs.role is "deploy": write the ARN of a role (`arn:aws:iam::123456789012:role/…`).'],
  ],
  [{ 'desired-count': 0 }, ['ecs.desired-count is 0: write a whole number from 1 to 5000, without quotes.']],
  [
    { 'preview-priority': 50_001 },
    ['ecs.preview-priority is 50001: write a whole number from 1 to 50000, without quotes.'],
  ],
  [{ autoscaling: 'off' }, ['ecs.autoscaling is "off": write `hand-over` or `ignore`.']],
  [{ propagation: '0s' }, []],
  [{ propagation: 20 }, ['ecs.propagation is 20: add a unit, as in `20s`.']],
  [{ desiredCount: 1 }, ['ecs.desiredCount is an unknown key: did you mean `desired-count`?']],
];

for (const [keys, expected] of ECS_RULES)
  test(`ecs ${JSON.stringify(keys)}`, async () => assert.deepEqual(await outcome(load({}, keys)), expected));

test('behind a network load balancer there is no preview, and changes need longer', async () => {
  const network = { listeners: [LISTENER.replace('/app/', '/net/')] };
  const propagation = async (ecs: Keys) => {
    const { target } = await load({}, ecs);
    return target.kind === 'ecs' ? target.ecs.propagation : undefined;
  };
  assert.equal(await propagation({}), 20_000);
  assert.equal(await propagation(network), 600_000);
  assert.equal(await propagation({ ...network, propagation: '1m' }), 60_000);
  assert.deepEqual(await outcome(load({ smoke: [{ path: '/health' }] }, network)), [
    'smoke[0].path can’t be asked through a network load balancer, which has no preview: write `url` with an address of the idle color (`{color}` is replaced), or `run`.',
  ]);
  await load({ smoke: [{ url: 'http://{color}.shop.internal/health' }, { run: 'npm test' }] }, network);
});
