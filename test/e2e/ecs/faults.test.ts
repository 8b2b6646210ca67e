import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fault } from '../../sandbox/wire/faults.ts';
import { SIDE_BY_SIDE } from '../side-by-side.ts';
import { assertClean, startWorld } from '../world.ts';

// A call that is throttled, cut, lost or answered by a broken gateway is no verdict: whichever call it is, the
// deployment goes through, once, and users notice nothing.

const config = {
  identity: { header: 'x-version', value: '{image-tag}' },
  stabilize: { for: '300ms', interval: '100ms' },
};
const start = () => startWorld({ app: { live: { count: 1 } }, config });

const operations = (async () => {
  await using world = await start();
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  return [...new Set(world.sandbox.requests.map(({ operation }) => operation))];
})();

describe('answers of AWS that are none', { concurrency: SIDE_BY_SIDE }, () => {
  for (const kind of ['throttle', 'error', 'html', 'reset', 'lost'] satisfies Fault['kind'][]) {
    test(`${kind} at the first call of every operation`, async () => {
      await using world = await start();
      for (const operation of await operations) world.sandbox.faults.add({ operation, call: 1, kind });
      const run = await world.act({ 'image-tag': 'v2' });
      assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
      await assertClean(world, 'green');
      await world.usersSaw();
    });
  }

  test('throttled for a while, everywhere', async () => {
    await using world = await start();
    const { faults } = world.sandbox;
    for (const operation of await operations)
      faults.add({ operation, call: { from: 2, times: 2 }, kind: 'throttle' });
    const run = await world.act({ 'image-tag': 'v2' });
    assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
    await assertClean(world, 'green');
    await world.usersSaw();
  });
});
