import assert from 'node:assert/strict';
import { Agent, get } from 'node:http';
import { test } from 'node:test';
import { call, forward, newElb, register, startTarget } from './testing.ts';

// A network load balancer shares out connections: what is said on them is none of its business.

const group = (name: string) => ({
  Name: name,
  Protocol: 'TCP' as const,
  Port: 8080,
  TargetType: 'ip' as const,
  HealthCheckProtocol: 'HTTP' as const,
  HealthCheckIntervalSeconds: 5,
  HealthCheckTimeoutSeconds: 2,
});

/** Which version answers, on a connection of the agent's. */
const ask = (url: string, agent: Agent) =>
  new Promise<string>((done, fail) => {
    get(url, { agent }, (response) => {
      response.resume().on('end', () => done(String(response.headers['x-version'])));
    }).on('error', fail);
  });

test('new connections follow the weights, those that are there stay where they are; there are no rules', async () => {
  const elb = newElb({ lagSeconds: [1, 2] });
  const LoadBalancerArn = elb.createLoadBalancer({ Name: 'edge', Type: 'network' }).LoadBalancerArn!;
  assert.match(LoadBalancerArn, /:loadbalancer\/net\/edge\//);
  const [blue, green] = ['blue', 'green'].map((name) => elb.createTargetGroup(group(name)).TargetGroupArn!);
  const listener = { LoadBalancerArn, Port: undefined, DefaultActions: forward([blue!, 100], [green!, 0]) };
  await assert.rejects(elb.createListener({ ...listener, Protocol: 'HTTP' }), /must be one of 'TCP'/);
  const { ListenerArn = '' } = await elb.createListener({ ...listener, Protocol: 'TCP' });
  await using one = await startTarget('v1');
  await using two = await startTarget('v2');
  await register(elb, blue!, one);
  await register(elb, green!, two);
  const { url } = elb.endpoint(ListenerArn);
  const [kept, fresh] = [new Agent({ keepAlive: true, maxSockets: 1 }), new Agent()];
  assert.equal(await ask(url, kept), 'v1');
  call(elb, 'ModifyListener', { ListenerArn, DefaultActions: forward([blue!, 0], [green!, 100]) });
  await elb.settled();
  assert.equal(await ask(url, fresh), 'v2');
  assert.equal(await ask(url, kept), 'v1', 'on the connection from before');
  kept.destroy();
  assert.equal(await ask(url, kept), 'v2');
  kept.destroy();
  const rule = {
    ListenerArn,
    Priority: 1,
    Conditions: [{ Field: 'path-pattern', Values: ['/x'] }],
    Actions: forward([green!, 1]),
  };
  assert.throws(() => call(elb, 'CreateRule', rule), /not supported for TCP/);
  await elb.close();
});
