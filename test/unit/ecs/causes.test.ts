import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { CAUSES, causeOf, isHopeless, type Symptoms } from '../../../src/target/ecs/causes.ts';

const nothing: Symptoms = { tasks: '', targets: '', events: '', log: '', rollout: '' };

/** Words of AWS, as its documentation and users' reports have them, and the beginning of the cause. */
const seen: readonly [symptoms: Partial<Symptoms>, title: string][] = [
  [
    {
      tasks:
        'CannotPullContainerError: inspect image has been retried 5 time(s): failed to resolve ref "docker.io/acme/shop:v9": docker.io/acme/shop:v9: not found',
    },
    'the image is not in',
  ],
  [
    {
      tasks:
        'CannotPullContainerError: Error response from daemon: manifest for acme/shop:v9 not found: manifest unknown: Requested image not found',
    },
    'the image is not in',
  ],
  [
    {
      tasks:
        "CannotPullContainerError: API error (404): name unknown: The repository with name 'shop' does not exist in the registry with id '123456789012'",
    },
    'the image is not in',
  ],
  [
    {
      tasks:
        "CannotPullContainerError: pull access denied for shop, repository does not exist or may require 'docker login': denied",
    },
    'the task may not pull',
  ],
  [
    {
      tasks:
        'CannotPullContainerError: pulling from host 1.dkr.ecr.us-east-1.amazonaws.com failed with status code [manifests v1]: 403 Forbidden',
    },
    'the task may not pull',
  ],
  [
    {
      tasks:
        'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 1 time(s): AccessDeniedException: User is not authorized to perform: ecr:GetAuthorizationToken',
    },
    'the task may not pull',
  ],
  [
    {
      tasks:
        'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": dial tcp 52.1.2.3:443: i/o timeout',
    },
    'the network does not let',
  ],
  [
    { tasks: 'CannotPullContainerError: toomanyrequests: You have reached your pull rate limit.' },
    'the registry limits',
  ],
  [
    {
      tasks: 'CannotPullContainerError: no matching manifest for linux/arm64/v8 in the manifest list entries',
    },
    'the image was built for another',
  ],
  [
    {
      tasks: 'EssentialContainerExited: Essential container in task exited; app exited with 255',
      log: 'standard_init_linux.go:228: exec user process caused: exec format error',
    },
    'the image was built for another',
  ],
  [
    {
      tasks:
        'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid parameters: /shop/key',
    },
    'a secret of',
  ],
  [
    {
      tasks:
        'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): AccessDeniedException: User is not authorized to perform: secretsmanager:GetSecretValue',
    },
    'a secret of',
  ],
  [
    {
      tasks:
        'CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.',
    },
    'the log group',
  ],
  [
    {
      tasks:
        'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log group: AccessDeniedException: User is not authorized to perform: logs:CreateLogGroup',
    },
    'the log group',
  ],
  [
    { tasks: 'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes' },
    'a volume can not',
  ],
  [
    { tasks: 'CannotPullContainerError: failed to extract layer: no space left on device' },
    'the disk of the task',
  ],
  [
    {
      tasks:
        'CannotStartContainerError: ResponseError: failed to create shim task: exec: "nope": executable file not found in $PATH',
    },
    'the command of the container',
  ],
  [
    {
      tasks:
        'EssentialContainerExited: Essential container in task exited; app exited with 134 (SIGABRT: it aborted itself)',
      log: 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    },
    'the container needs more memory',
  ],
  [
    {
      tasks: 'ServiceSchedulerInitiated: Task failed container health checks; app exited with 137 (SIGKILL)',
    },
    'the container’s own health check',
  ],
  [
    {
      tasks: 'ServiceSchedulerInitiated: Task failed ELB health checks in (target-group x)',
      events:
        '(port 8080) is unhealthy in (target-group x) due to (reason Health checks failed with these codes: [404]).',
    },
    'the application does not know',
  ],
  [
    {
      targets:
        'target 10.0.0.1:80: unhealthy (Target.ResponseCodeMismatch: Health checks failed with these codes: [302])',
    },
    'the application answers',
  ],
  [
    { events: '(port 80) is unhealthy in (target-group x) due to (reason Request timed out).' },
    'the load balancer gets no answer',
  ],
  [
    { events: '(port 80) is unhealthy in (target-group x) due to (reason Health checks failed).' },
    'nothing answers on the port',
  ],
  [
    {
      tasks: 'EssentialContainerExited: Essential container in task exited; app exited with 7',
      events: 'is unhealthy in (target-group x) due to (reason Health checks failed with these codes: [502])',
    },
    'the application ended by itself',
  ],
  [
    {
      events:
        'was unable to place a task because no container instance met all of its requirements. The closest matching container-instance x has insufficient memory available.',
    },
    'there is no room',
  ],
  [
    { events: 'was unable to place a task. Reason: ECS was unable to assume the role arn:aws:iam::1:role/x' },
    'ECS may not assume',
  ],
  [
    { tasks: 'TaskFailedToStart: Timeout waiting for network interface provisioning to complete.' },
    'the task gets no network interface',
  ],
  [{ rollout: 'ECS deployment failed: alarm(s) detected' }, 'an alarm of'],
];

for (const [symptoms, title] of seen)
  test(`${title}: ${Object.values(symptoms).at(-1)?.slice(0, 60)}`, () => {
    assert.ok(
      causeOf({ ...nothing, ...symptoms })?.title.startsWith(title),
      causeOf({ ...nothing, ...symptoms })?.title,
    );
  });

test('what is not in the catalog has no cause', () => {
  assert.equal(causeOf({ ...nothing, tasks: 'Something new', log: 'hello' }), undefined);
});

test('one task is enough only where no second one can fare better', () => {
  assert.equal(isHopeless(seen[0]![0].tasks!), true);
  for (const tasks of [
    'CannotPullContainerError: dial tcp 10.0.0.1:443: i/o timeout',
    'Essential container in task exited',
    'new',
  ])
    assert.equal(isHopeless(tasks), false, tasks);
});

test('docs/ecs.md shows the catalog', () => {
  const docs = readFileSync(resolve(import.meta.dirname, '../../../docs/ecs.md'), 'utf8');
  const rows = docs.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  for (const { title, hint } of CAUSES)
    assert.ok(
      rows.some((cells) => cells.includes(title) && cells.includes(hint)),
      `docs/ecs.md has a row: | ${title} | ${hint} |`,
    );
});
