import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '@aws-sdk/client-ecs';
import type { EcsSettings } from '../../../src/config/environment.ts';
import type { Aws } from '../../../src/target/ecs/aws.ts';
import { Places } from '../../../src/target/ecs/places.ts';
import { stateOf } from '../../../src/target/ecs/target-health.ts';

const GROUP = 'arn:group';
const service = {
  loadBalancers: [
    { targetGroupArn: 'arn:internal', containerName: 'app', containerPort: 9000 },
    { targetGroupArn: GROUP, containerName: 'app', containerPort: 8080 },
  ],
};
const target = (Id: string, Port: number, State: 'healthy' | 'draining' = 'healthy') => ({
  Target: { Id, Port },
  TargetHealth: { State },
});

/** Machines by number; and how often they were asked for. */
function places() {
  const asked: string[][] = [];
  const send = ({ input }: { input: { containerInstances: string[] } }) => {
    asked.push(input.containerInstances);
    return Promise.resolve({
      containerInstances: input.containerInstances.map((arn) => ({
        containerInstanceArn: arn,
        ec2InstanceId: `i-${arn.split('/')[1]}`,
      })),
    });
  };
  return { asked, places: new Places({ ecs: { send } } as unknown as Aws, { cluster: 'c' } as EcsSettings) };
}

const onMachine = (machine: number, hostPort: number, members: Partial<Task> = {}): Task => ({
  taskArn: `task/${machine}/${hostPort}`,
  lastStatus: 'RUNNING',
  containerInstanceArn: `machine/${machine}`,
  containers: [
    { name: 'sidecar', networkBindings: [{ containerPort: 8080, hostPort: 1 }] },
    {
      name: 'app',
      networkBindings: [
        { containerPort: 9000, hostPort: 2 },
        { containerPort: 8080, hostPort },
      ],
    },
  ],
  ...members,
});

test('a task on a machine is proven by its own port, not by that of a former release there', async () => {
  const { places: own } = places();
  const task = onMachine(1, 32_800);
  const found = (await own.of([task], service, GROUP)).get(task.taskArn!);
  assert.deepEqual(found, { id: 'i-1', ports: [32_800] });
  const others = [target('i-1', 32_799), target('i-2', 32_800), target('i-1', 1), target('i-1', 2)];
  assert.equal(stateOf(task, found, others).kind, 'underway');
  assert.equal(stateOf(task, found, [...others, target('i-1', 32_800)]).kind, 'healthy');
});

test('ports for IPv4 and IPv6: either is the task’s', async () => {
  const { places: own } = places();
  const networkBindings = [
    { containerPort: 8080, hostPort: 32_800, bindIP: '0.0.0.0' },
    { containerPort: 8080, hostPort: 32_801, bindIP: '::' },
  ];
  const task = onMachine(1, 0, { containers: [{ name: 'app', networkBindings }] });
  const found = (await own.of([task], service, GROUP)).get(task.taskArn!);
  assert.equal(stateOf(task, found, [target('i-1', 32_801)]).kind, 'healthy');
});

test('host without bindings: the container’s port; awsvpc: the task’s own address, and nobody is asked', async () => {
  const { places: own, asked } = places();
  const onHost = onMachine(3, 0, { containers: [{ name: 'app' }] });
  const withAddress: Task = {
    taskArn: 'task/4',
    lastStatus: 'RUNNING',
    containerInstanceArn: 'machine/4',
    attachments: [{ details: [{ name: 'privateIPv4Address', value: '10.0.0.4' }] }],
  };
  const found = await own.of([onHost, withAddress], service, GROUP);
  assert.deepEqual(found.get('task/3/0'), { id: 'i-3', ports: [8080] });
  assert.deepEqual(found.get('task/4'), { id: '10.0.0.4', ports: [8080] });
  assert.deepEqual(asked, [['machine/3']]);
});

test('machines are asked for once each, a hundred at a time, and only where a task runs', async () => {
  const { places: own, asked } = places();
  const tasks = Array.from({ length: 150 }, (_, machine) => onMachine(machine, 40_000));
  const pending = onMachine(999, 0, { lastStatus: 'PENDING' });
  await own.of([...tasks, ...tasks, pending], service, GROUP);
  await own.of(tasks, service, GROUP);
  assert.deepEqual(
    asked.map(({ length }) => length),
    [100, 50],
  );
});
