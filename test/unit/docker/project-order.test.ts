import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Container,
  containerOf,
  type Inspected,
  policyOf,
  stateOf,
} from '../../../src/target/docker/containers.ts';
import { finishedJobs, inOrder, keptRunning } from '../../../src/target/docker/project-order.ts';

interface Given {
  readonly service: string;
  readonly dependsOn?: string;
  readonly status?: Inspected['State']['Status'];
  readonly code?: number;
  readonly finishedAt?: number;
  readonly restart?: string;
  /** The label of ours. */
  readonly asked?: string;
  readonly created?: number;
  readonly release?: string;
}

function given({ service, dependsOn = '', status = 'running', ...rest }: Given): Container {
  const at = (seconds = 0) => new Date(seconds * 1000).toISOString();
  return containerOf({
    Id: service,
    Name: `/${service}`,
    Created: at(rest.created),
    Image: 'sha256:1',
    RestartCount: 0,
    State: {
      Status: status,
      Running: status === 'running',
      OOMKilled: false,
      ExitCode: rest.code ?? 0,
      Error: '',
      StartedAt: at(1),
      FinishedAt: rest.finishedAt === undefined ? '0001-01-01T00:00:00Z' : at(rest.finishedAt),
    },
    Config: {
      Image: 'shop:v1',
      Labels: {
        'com.docker.compose.service': service,
        'com.docker.compose.depends_on': dependsOn,
        'blue-green.release': rest.release ?? 'r1',
        'blue-green.image': `shop:${rest.release ?? 'r1'}`,
        ...(rest.asked === undefined ? {} : { 'blue-green.restart': rest.asked }),
      },
    },
    HostConfig: { RestartPolicy: { Name: rest.restart ?? 'no' } },
    NetworkSettings: {},
  });
}

const names = (groups: readonly (readonly Container[])[]) =>
  groups.map((group) => group.map(({ service }) => service));

test('what others need comes first, what is not there is not waited for', () => {
  const all = [
    given({ service: 'web', dependsOn: 'api:service_started:false,gone:service_healthy:true' }),
    given({ service: 'api', dependsOn: 'db:service_healthy:false,cache:service_started:false' }),
    given({ service: 'db' }),
    given({ service: 'cache' }),
  ];
  assert.deepEqual(names(inOrder(all)), [['db', 'cache'], ['api'], ['web']]);
  assert.deepEqual(names(inOrder([])), []);
});

test('a circle, or a service that needs itself, still has an end', () => {
  const all = [
    given({ service: 'a', dependsOn: 'b:service_started:false' }),
    given({ service: 'b', dependsOn: 'a:service_started:false' }),
  ];
  assert.deepEqual(names(inOrder(all)), [['a', 'b']]);
});

test('jobs that have done their work are told from what was stopped', () => {
  const stopped = (service: string, finishedAt: number, code = 0) =>
    given({ service, status: 'exited', code, finishedAt });
  const web = stopped('web', 100);
  const cases: readonly [Container, boolean, string][] = [
    [stopped('seed', 50), true, 'ended long before the users’ containers were stopped'],
    [stopped('worker', 101), false, 'was stopped after them'],
    [stopped('crashed', 50, 1), false, 'did not do its work'],
    [given({ service: 'running' }), false, 'runs'],
    [given({ service: 'new', status: 'created' }), false, 'never ran'],
  ];
  for (const [container, isJob, why] of cases)
    assert.equal(finishedJobs([web, container], 'web').has(container), isJob, `${container.service} ${why}`);
  const migrate = stopped('migrate', 300);
  const waiting = given({ service: 'web', dependsOn: 'migrate:service_completed_successfully:false' });
  assert.ok(finishedJobs([waiting, migrate], 'web').has(migrate));
  assert.ok(!finishedJobs([web], 'web').has(web), 'never those that take the traffic');
});

test('what Docker is to keep running is never a finished job, unless others wait for its end', () => {
  const ended = (more: Partial<Given>) =>
    given({ service: 'side', status: 'exited', finishedAt: 50, ...more });
  const web = given({ service: 'web', status: 'exited', finishedAt: 100 });
  const cases: readonly [Container, boolean][] = [
    [ended({ asked: 'always' }), false],
    [ended({ asked: 'unless-stopped' }), false],
    [ended({ asked: 'on-failure:3' }), true],
    [ended({ asked: 'no' }), true],
    // The label tells what is asked for, whatever we have set meanwhile; without one there is only what is set.
    [ended({ asked: 'no', restart: 'always' }), true],
    [ended({ restart: 'always' }), false],
    [ended({ restart: 'unless-stopped' }), false],
  ];
  for (const [side, isJob] of cases) {
    const all = [web, side];
    assert.equal(finishedJobs(all, 'web').has(side), isJob, JSON.stringify(side.inspected.Config.Labels));
  }
  const waiting = given({ service: 'web', dependsOn: 'side:service_completed_successfully:false' });
  const migrate = ended({ asked: 'unless-stopped' });
  assert.ok(finishedJobs([waiting, migrate], 'web').has(migrate));
  assert.deepEqual([...keptRunning([waiting, migrate])], []);
  const side = ended({ asked: 'always' });
  assert.deepEqual([...keptRunning([web, side, ended({ asked: 'on-failure' })])], [side]);
});

test('the state of a color: the newest release, what should run and what does', () => {
  const group = (traffic: readonly Container[]) => stateOf({ all: traffic, traffic, others: [] });
  assert.deepEqual(group([]), { desired: 0, running: 0 });
  assert.deepEqual(
    group([
      given({ service: 'web', created: 2, release: 'r2' }),
      given({ service: 'web', created: 1, status: 'exited' }),
      given({ service: 'web', created: 1, status: 'exited', restart: 'always' }),
      given({ service: 'web', created: 1, status: 'restarting', restart: 'always' }),
    ]),
    { release: { id: 'r2', image: 'shop:r2' }, desired: 3, running: 1 },
  );
});

test('restart policies as `docker update` takes them', () => {
  const policy = (RestartPolicy?: { Name: string; MaximumRetryCount?: number }) => {
    const one = given({ service: 'web' });
    return policyOf({ ...one, inspected: { ...one.inspected, HostConfig: { RestartPolicy } } });
  };
  assert.equal(policy(), 'no');
  assert.equal(policy({ Name: '' }), 'no');
  assert.equal(policy({ Name: 'always', MaximumRetryCount: 0 }), 'always');
  assert.equal(policy({ Name: 'on-failure', MaximumRetryCount: 5 }), 'on-failure:5');
});
