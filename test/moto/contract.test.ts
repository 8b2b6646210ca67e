import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { networkOf, pushImages, registerInstance, storeSecrets } from './account.ts';
import { askAll, compare, type Difference } from './differences.ts';
import { adapterProbes, wireProbes } from './probes.ts';
import { type Recorded, startRecorder } from './recorder.ts';
import { secretProbes } from './secret-probes.ts';
import { moto, startMoto } from './server.ts';
import { signalProbes } from './signal-probes.ts';
import { type Network, PARAMETER, REPOSITORY, SECRET, setStage } from './stage.ts';

// The sandbox is ours, and so may share our mistakes. moto is not: whatever the adapter sends must be a request to it,
// and what it answers must be an answer to us. It has wire formats, storage and error names, and no behavior; where the
// two say different things is written down in differences.json, and anything new there is looked at before it counts.

const FILE = join(import.meta.dirname, 'differences.json');
const POLICY = /<!-- policy -->\n+```json\n([\s\S]*?)```/;

/** In the registry of both. */
const TAGS = ['v1', 'v2'] as const;

/** Answers that are errors by design, and what they must be. */
const REFUSALS: Readonly<Record<string, RegExp>> = {
  CreateRule: /PriorityInUse/,
  AddTags: /RuleNotFound/,
  DeleteRule: /RuleNotFound/,
  DescribeSecret: /ResourceNotFound/,
};
/** No task of a service ever runs on moto, so the adapter has nothing to ask there: the test asks in its place. */
const NO_TASKS = [
  'DescribeTargetHealth',
  'DescribeTasks',
  'DescribeContainerInstances',
  'DescribeScalableTargets',
  'RegisterScalableTarget',
];
/** moto knows no service deployments: whoever asks for them gets an HTML page (facts/ecs.md 9). */
const NO_SERVICE_DEPLOYMENTS = [
  'ContinueServiceDeployment',
  'DescribeServiceDeployments',
  'DescribeServiceRevisions',
  'ListServiceDeployments',
  'StopServiceDeployment',
];

test('moto accepts each request of the adapter, and differs from the sandbox as listed', {
  skip: moto.skip,
  timeout: 120_000,
}, async (context: TestContext) => {
  await using server = await startMoto();
  await using recorder = await startRecorder(server.endpoint);
  await pushImages(server.endpoint, TAGS);
  await registerInstance(server.endpoint);
  await storeSecrets(server.endpoint);
  const theirs = await ask(recorder.endpoint, await networkOf(server.endpoint));
  // moto shows each change at once, and its registry tells all who ask: so does the sandbox here.
  await using sandbox = await startSandbox({ ecs: { staleSeconds: 0 }, ecr: true });
  for (const tag of TAGS) sandbox.addImage(`${REPOSITORY}:${tag}`, { platforms: ['linux/amd64'] });
  sandbox.ecs.world.secrets.add(`arn:aws:secretsmanager:us-east-1:123456789012:secret:${SECRET}`);
  sandbox.ecs.world.secrets.add(PARAMETER);
  const ours = await ask(sandbox.endpoint, {
    vpc: 'vpc-0a1b2c3d4e5f60718',
    subnets: ['subnet-1', 'subnet-2'],
  });

  await context.test('each request is accepted', () => accepted(recorder.requests));
  await context.test('the differences are known', () => known(compare(ours, theirs), context));
});

/** Asks a stand-in everything, as the adapter finds it: through the environment. */
async function ask(endpoint: string, network: Network) {
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'ASIASANDBOX000000000',
    AWS_SECRET_ACCESS_KEY: 'sandbox-secret',
  } satisfies Partial<Sandbox['env']>;
  Object.assign(process.env, env);
  try {
    await using stage = await setStage(endpoint, network);
    return await askAll([
      ...adapterProbes(stage),
      ...signalProbes(stage),
      ...secretProbes(),
      ...wireProbes(stage),
    ]);
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
  }
}

/** No call of ours; what is asked only about a task that failed, of which moto has none; and what moto does not have. */
const NOT_CALLED = ['PassRole', 'GetLogEvents', 'DescribeAlarmHistory', ...NO_SERVICE_DEPLOYMENTS];

function accepted(requests: readonly Recorded[]): void {
  const ofAdapter = requests.filter((request) => request.ofAdapter);
  const refused = ofAdapter.filter(
    ({ operation, status, answer }) => status !== 200 && !REFUSALS[operation]?.test(answer),
  );
  assert.deepEqual(refused, []);
  const policy = readFileSync(resolve(import.meta.dirname, '../../docs/ecs.md'), 'utf8');
  const operations: string[] = JSON.parse(POLICY.exec(policy)?.[1] ?? '')
    .Statement.flatMap(({ Action }: { Action: string | string[] }) => Action)
    .map((action: string) => action.split(':')[1]!);
  const answered = new Set(
    requests
      .filter((one) => one.status === 200 && (one.ofAdapter || NO_TASKS.includes(one.operation)))
      .map(({ operation }) => operation),
  );
  assert.deepEqual(
    operations.filter((operation) => !NOT_CALLED.includes(operation) && !answered.has(operation)),
    [],
    'all that the documented policy allows was asked, and answered',
  );
}

/** A difference that somebody has looked at: who is right, and why it does not matter. */
interface Explained extends Difference {
  readonly remark: string;
}

function known(now: readonly Difference[], context: TestContext): void {
  const before: Explained[] = JSON.parse(readFileSync(FILE, 'utf8'));
  if (process.env['UPDATE_DIFFERENCES'] === '1') {
    const remark = (one: Difference) =>
      before.find(({ probe, at }) => probe === one.probe && at === one.at)?.remark ?? '';
    const list = now.map((one): Explained => ({ ...one, remark: remark(one) }));
    writeFileSync(FILE, `${JSON.stringify(list, null, 2)}\n`);
  }
  const explained: Explained[] = JSON.parse(readFileSync(FILE, 'utf8'));
  const listed = explained.map(({ remark: _, ...difference }): Difference => difference);
  context.diagnostic(`${now.length} differences between the sandbox and ${moto.get()}: see ${FILE}`);
  assert.deepEqual(
    now,
    listed,
    'moto (another version than in requirements.txt?) or the sandbox changed: find out who is right, then write the list anew with UPDATE_DIFFERENCES=1',
  );
  assert.deepEqual(
    explained.filter(({ remark }) => remark === ''),
    [],
    'each difference has a remark: who is right, and how that is known',
  );
}
