import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { docker } from '../../docker/lab/parts.ts';
import { type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';
import { assertUnnoticed, configWith, makingsOf, tellUsers } from './kit.ts';

// The map takes any key and reads it back: that users follow, only HAProxy's counts can tell. v2 is live on blue, which
// is where HAProxy sends what it knows nothing of.

const USERS = { ratePerSecond: 100, slow: { inFlight: 2, ms: 500, toMs: 1_000 } };

describe('a switch that users do not follow, on HAProxy', { skip: docker.skip }, () => {
  let world: DockerWorld;
  /** With a key that haproxy.cfg does not look up. */
  const astray = () => {
    const { proxy } = JSON.parse(world.config).environments.production.docker;
    return configWith(world, { docker: { proxy: { haproxy: { ...proxy.haproxy, key: 'storefront' } } } });
  };
  before(async () => {
    world = await startDockerWorld({
      proxy: 'haproxy',
      images: { v3: {} },
      config: { stabilize: { for: '0s' } },
    });
    for (const tag of ['v1', 'v2']) {
      const run = await world.act({ 'image-tag': tag });
      assert.equal(run.outputs['result'], 'deployed', run.log);
    }
  });
  after(() => world?.[Symbol.asyncDispose]());

  test('the release is taken back, with what was counted, and the color that they are on goes on', async (t) => {
    const users = await world.startUsers(USERS);
    const live = await makingsOf(world, 'blue');
    const run = await world.act({ 'image-tag': 'v3', config: astray() });
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
    const { code, message } = run.report.error;
    assert.equal(code, 'not-followed');
    assert.match(message, /do not follow the switch: .*has given blue [1-9]\d* and green 0 requests since/);
    assert.deepEqual(await makingsOf(world, 'blue'), live);
    assert.deepEqual((await world.answer()).version, 'v2');
    await world.assertClean('blue');
    assertUnnoticed(users);
    const { byVersion, ...seen } = await world.usersSaw();
    assert.deepEqual(Object.keys(byVersion), ['v2']);
    tellUsers(t, { byVersion, ...seen });
  });

  test('with the right key all goes well', async () => {
    const users = await world.startUsers(USERS);
    const run = await world.act({ 'image-tag': 'v3' });
    assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
    assertUnnoticed(users);
    await world.usersSaw();
  });
});
