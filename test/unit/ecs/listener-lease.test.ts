import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DeployError } from '../../../src/errors.ts';
import { connect } from '../../../src/target/ecs/aws.ts';
import { ListenerLease } from '../../../src/target/ecs/listener-lease.ts';
import type { LockOwner } from '../../../src/target/target.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';

let sandbox: Sandbox;
let listenerArn = '';
before(async () => {
  sandbox = await startSandbox();
  Object.assign(process.env, sandbox.env);
  const { LoadBalancerArn } = sandbox.elb.createLoadBalancer({ Name: 'shop', Type: 'network' });
  const { TargetGroupArn } = sandbox.elb.createTargetGroup({ Name: 'shop', Protocol: 'TCP', Port: 8080 });
  const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn }];
  const listener = { LoadBalancerArn, Protocol: 'TCP' as const, Port: undefined, DefaultActions };
  listenerArn = (await sandbox.elb.createListener(listener)).ListenerArn!;
});
after(async () => {
  for (const name of Object.keys(sandbox.env)) delete process.env[name];
  await sandbox.close();
});

const owner = (id: string): LockOwner => ({ id, runUrl: '', actor: id, reason: '', operation: 'deploy' });
const open = (app = 'shop') =>
  new ListenerLease(connect(sandbox.region), { app, environment: 'production', listenerArn });
const isLost = (error: unknown) => error instanceof DeployError && error.code === 'lock-lost';

test('one after the other: the second finds the first, and gets it once that is gone', async () => {
  const [one, two] = [open(), open()];
  const lease = await one.acquire(owner('one'), 60_000);
  assert.equal(await two.acquire(owner('two'), 60_000), undefined);
  const held = await two.read();
  assert.equal(held?.owner.actor, 'one');
  assert.ok((held?.expires ?? 0) > Date.now());
  await assert.rejects(open('other').read(), /is held by shop production/);
  await lease?.release({ keepPreview: true });
  assert.equal(await two.read(), undefined);
  const next = await two.acquire(owner('two'), 60_000);
  await one.break(held!); // of a lock that is gone: nothing happens
  await next?.renew();
  assert.equal((await two.resume(next!.handle, 60_000))?.handle, next!.handle);
  await two.break((await two.read())!);
  await assert.rejects(next!.renew(), isLost);
  assert.equal(await two.resume(next!.handle, 60_000), undefined);
});

test('in the same moment: however their calls come, only one can go on', async () => {
  for (let round = 0; round < 20; round += 1) {
    const leases = await Promise.all(['a', 'b', 'c'].map((id) => open().acquire(owner(id), 60_000)));
    const renewed = await Promise.allSettled(leases.map((lease) => lease?.renew()));
    const going = leases.filter((lease, n) => lease !== undefined && renewed[n]?.status === 'fulfilled');
    assert.equal(going.length, 1, JSON.stringify(renewed));
    for (const one of renewed) assert.ok(one.status === 'fulfilled' || isLost(one.reason));
    await going[0]?.release({ keepPreview: false });
    assert.equal(await open().read(), undefined);
  }
});
