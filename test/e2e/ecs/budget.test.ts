import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { RequestRecord } from '../../sandbox/wire/server.ts';
import { callsByOperation, callTable } from '../calls.ts';
import { startWorld } from '../world.ts';

// An account's API budget is shared by everything in it, and small: ELBv2 has one bucket for all actions, which gains
// ten calls a second. A deployment may use a bounded number of calls, whatever the number of its tasks.

/** One look at a color's health: service, running tasks, stopped tasks, both described, targets. */
const CALLS_OF_A_LOOK = 5;
/** All but those looks: about 57, of which 25 are ELBv2’s, with a look at the traffic in each look of stabilize. */
const CALLS_BEYOND_LOOKS = 65;
const ELB_CALLS_BEYOND_LOOKS = 32;

async function deploy(tasks: number): Promise<readonly RequestRecord[]> {
  await using world = await startWorld({
    load: false,
    app: { live: { count: tasks } },
    config: {
      smoke: [{ path: '/health' }],
      identity: { header: 'x-version', value: '{image-tag}' },
      health: { timeout: '60s', interval: '1s' },
      stabilize: { for: '2s', interval: '1s' },
    },
  });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
  return world.sandbox.requests;
}

const count = (calls: ReadonlyMap<string, number>, pattern: RegExp) =>
  [...calls].reduce((sum, [name, times]) => (pattern.test(name) ? sum + times : sum), 0);

test('a deployment uses a bounded number of calls, whatever the number of tasks', async (context: TestContext) => {
  const one = callsByOperation(await deploy(1));
  const six = callsByOperation(await deploy(6));
  context.diagnostic(`\n${callTable({ '1 task': one, '6 tasks': six })}`);
  for (const calls of [one, six]) {
    const looks = count(calls, /^ecs:ListTasks$/) / 2;
    const targets = count(calls, /:DescribeTargetHealth$/);
    assert.ok(targets <= looks, 'targets are looked at only where a task runs');
    assert.ok(count(calls, /^ecs:DescribeTasks$/) <= 2 * looks);
    const beyond = count(calls, /./) - CALLS_OF_A_LOOK * looks;
    assert.ok(beyond <= CALLS_BEYOND_LOOKS, `${beyond} calls beyond ${looks} looks`);
    const elb = count(calls, /^elasticloadbalancing:/) - targets;
    assert.ok(elb <= ELB_CALLS_BEYOND_LOOKS, `${elb} calls of ELBv2 beyond its ${targets} looks`);
    assert.ok(count(calls, /:AddTags$/) <= 8, 'changes that follow each other share a renewal of the lease');
  }
});
