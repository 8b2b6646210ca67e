import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DescribeTargetHealthCommandOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetAddress } from '../contract.ts';
import { call, forward, newGroup, newStage, register, type Stage, startTarget, until } from './testing.ts';

const health = (stage: Stage, group: string, Targets?: object[]) =>
  call<DescribeTargetHealthCommandOutput>(stage.elb, 'DescribeTargetHealth', {
    TargetGroupArn: group,
    Targets,
  }).TargetHealthDescriptions!;

const becomes = (stage: Stage, group: string, target: TargetAddress, state: string, reason?: string) =>
  until(() => {
    const found = stage.elb.registry.health(group, target);
    return found?.State === state && (reason === undefined || found.Reason === reason);
  }, `${state} ${reason}`);

test('a new target is initial, and one success makes it healthy', async () => {
  await using stage = await newStage();
  await using target = await startTarget('v1');
  stage.elb.registry.register(stage.green, target);
  const [description] = health(stage, stage.green);
  assert.deepEqual(description, {
    Target: { Id: target.id, Port: target.port, AvailabilityZone: 'us-east-1a' },
    HealthCheckPort: String(target.port),
    TargetHealth: {
      State: 'initial',
      Reason: 'Elb.InitialHealthChecking',
      Description: 'Initial health checks in progress',
    },
  });
  let checks = 0;
  const fine = target.answer;
  target.answer = (request, response) => {
    checks += stage.elb.registry.health(stage.green, target)!.State === 'initial' ? 1 : 0;
    fine(request, response);
  };
  await becomes(stage, stage.green, target, 'healthy');
  assert.equal(checks, 1, 'though the threshold for unhealthy targets is 5');
  assert.deepEqual(health(stage, stage.green)[0]!.TargetHealth, { State: 'healthy' });
});

test('without a rule that forwards to it, a group is not checked: unused, until it is attached', async () => {
  await using stage = await newStage();
  await using target = await startTarget('v1');
  const spare = newGroup(stage.elb, 'spare');
  stage.elb.registry.register(spare, target);
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.deepEqual(stage.elb.registry.health(spare, target), {
    State: 'unused',
    Reason: 'Target.NotInUse',
    Description: 'Target group is not configured to receive traffic from the load balancer',
  });
  assert.equal(target.paths.length, 0);
  const Conditions = [{ Field: 'path-pattern', Values: ['/never'] }];
  const rule = stage.elb.createRule({
    ListenerArn: stage.listenerArn,
    Priority: 1,
    Conditions,
    Actions: forward([spare, 1]),
  });
  assert.equal(stage.elb.registry.health(spare, target)!.State, 'initial');
  await becomes(stage, spare, target, 'healthy');
  await stage.elb.settled();
  call(stage.elb, 'DeleteRule', { RuleArn: rule.RuleArn });
  assert.equal(
    stage.elb.registry.health(spare, target)!.State,
    'healthy',
    'as long as a node still forwards to it',
  );
  await stage.elb.settled();
  assert.equal(stage.elb.registry.health(spare, target)!.State, 'unused');
});

test('unhealthy says why: wrong code, no connection, no answer', async () => {
  await using stage = await newStage({ leastHealthCheckTimeoutMs: 60 });
  await using wrong = await startTarget('v1');
  wrong.answer = (_, response) => response.writeHead(500).end();
  await using gone = await startTarget('v1', '127.1.0.2');
  await gone.kill();
  await using silent = await startTarget('v1', '127.1.0.3');
  silent.answer = () => {};
  for (const target of [wrong, gone, silent]) stage.elb.registry.register(stage.green, target);
  await becomes(stage, stage.green, wrong, 'unhealthy');
  await becomes(stage, stage.green, gone, 'unhealthy');
  await becomes(stage, stage.green, silent, 'unhealthy');
  assert.deepEqual(
    health(stage, stage.green).map((description) => description.TargetHealth),
    [
      {
        State: 'unhealthy',
        Reason: 'Target.ResponseCodeMismatch',
        Description: 'Health checks failed with these codes: [500]',
      },
      { State: 'unhealthy', Reason: 'Target.FailedHealthChecks', Description: 'Health checks failed' },
      { State: 'unhealthy', Reason: 'Target.Timeout', Description: 'Request timed out' },
    ],
  );
});

test('thresholds: two failures to become unhealthy, five successes to come back', async () => {
  await using stage = await newStage();
  await using target = await startTarget('v1');
  await register(stage.elb, stage.blue, target);
  const checks: Record<string, number> = { healthy: 0, unhealthy: 0 };
  let status = 503;
  target.answer = (_, response) => {
    checks[stage.elb.registry.health(stage.blue, target)!.State]! += 1;
    response.writeHead(status).end();
  };
  await becomes(stage, stage.blue, target, 'unhealthy');
  assert.equal(checks.healthy, 2, 'failures that it took');
  checks.unhealthy = 0;
  status = 200;
  await becomes(stage, stage.blue, target, 'healthy');
  assert.equal(checks.unhealthy, 5, 'successes that it took');
});

test('path, matcher and port of the check are those of the group, even when they change', async () => {
  await using stage = await newStage();
  await using target = await startTarget('v1');
  target.answer = (request, response) => response.writeHead(request.url === '/health' ? 204 : 404).end();
  const set = (input: object) =>
    call(stage.elb, 'ModifyTargetGroup', { TargetGroupArn: stage.green, ...input });
  set({ HealthCheckPath: '/health', Matcher: { HttpCode: '200,202-204' } });
  await register(stage.elb, stage.green, target);
  assert.deepEqual([...new Set(target.paths)], ['/health']);
  set({ Matcher: { HttpCode: '200-203' } });
  await becomes(stage, stage.green, target, 'unhealthy', 'Target.ResponseCodeMismatch');
  set({ HealthCheckPort: '1' });
  await becomes(stage, stage.green, target, 'unhealthy', 'Target.FailedHealthChecks');
  assert.equal(health(stage, stage.green)[0]!.HealthCheckPort, '1');
});

test('a target that leaves is draining for the whole delay, and then gone', async () => {
  await using stage = await newStage();
  await using target = await startTarget('v1');
  await register(stage.elb, stage.blue, target);
  const began = performance.now();
  const gone = stage.elb.registry.deregister(stage.blue, target);
  assert.deepEqual(health(stage, stage.blue)[0]!.TargetHealth, {
    State: 'draining',
    Reason: 'Target.DeregistrationInProgress',
    Description: 'Target deregistration is in progress',
  });
  await gone;
  assert.ok(performance.now() - began >= 190, '20 s, scaled');
  assert.deepEqual(health(stage, stage.blue), []);
  const [asked] = health(stage, stage.blue, [{ Id: target.id, Port: target.port }]);
  assert.equal(asked!.TargetHealth!.Reason, 'Target.NotRegistered');
});

test('deregistering is at once where nothing was ever in use; the unknown is no error', async () => {
  await using stage = await newStage();
  const spare = newGroup(stage.elb, 'spare');
  const target = { id: '127.1.0.1', port: 8080 };
  stage.elb.registry.register(spare, target);
  await stage.elb.registry.deregister(spare, target);
  assert.equal(stage.elb.registry.health(spare, target), undefined);
  await stage.elb.registry.deregister(spare, target);
  call(stage.elb, 'DeregisterTargets', { TargetGroupArn: spare, Targets: [{ Id: '127.1.0.9' }] });
});

test('registering again what is draining keeps it', async () => {
  await using stage = await newStage();
  await using target = await startTarget('v1');
  await register(stage.elb, stage.blue, target);
  const gone = stage.elb.registry.deregister(stage.blue, target);
  stage.elb.registry.register(stage.blue, target);
  await gone;
  await becomes(stage, stage.blue, target, 'healthy');
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal(stage.elb.registry.health(stage.blue, target)!.State, 'healthy', 'after the old delay');
});

test('targets through the API: addresses only, the port of the group by default', async () => {
  await using stage = await newStage();
  const send = (operation: string, ...Targets: object[]) =>
    call(stage.elb, operation, { TargetGroupArn: stage.green, Targets });
  assert.throws(() => send('RegisterTargets', { Id: 'i-0123456789abcdef0' }), { name: 'ValidationError' });
  assert.throws(() => send('RegisterTargets'), { name: 'ValidationError' });
  send('RegisterTargets', { Id: '127.1.0.7' }, { Id: '127.1.0.7', Port: 9000 });
  assert.deepEqual(
    health(stage, stage.green).map(({ Target }) => Target!.Port),
    [8080, 9000],
  );
  send('DeregisterTargets', { Id: '127.1.0.7', Port: 9000 });
  assert.deepEqual(
    health(stage, stage.green).map(({ TargetHealth }) => TargetHealth!.State),
    ['initial', 'draining'],
  );
  const missing = { TargetGroupArn: `${stage.green.slice(0, -16)}${'0'.repeat(16)}` };
  assert.throws(() => call(stage.elb, 'DescribeTargetHealth', missing), { name: 'TargetGroupNotFound' });
});
