import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComposeConfig, ComposeService } from '../../../src/target/docker/compose-config.ts';
import { liveRestart, overrideFor } from '../../../src/target/docker/override.ts';

const over = (
  services: Record<string, ComposeService>,
  networks: ComposeConfig['networks'] = {},
  image = 'repo/shop:v2',
) =>
  JSON.parse(
    overrideFor(
      { name: 'shop-test-green', services, networks },
      {
        app: 'shop',
        environment: 'test',
        color: 'green',
        release: { id: '0123456789ab', image },
        settings: { service: 'web', network: 'edge', aliases: { blue: 'b', green: 'g' } },
        workspace: '/work',
      },
    ),
  );

test('Every service is labelled and does not restart; the traffic’s joins the proxy under its alias', () => {
  const { services, networks } = over({ web: { networks: { default: null } }, db: { restart: 'always' } });
  assert.deepEqual(services.web, {
    restart: 'no',
    labels: {
      'blue-green.app': 'shop',
      'blue-green.environment': 'test',
      'blue-green.color': 'green',
      'blue-green.release': '0123456789ab',
      'blue-green.image': 'repo/shop:v2',
      'blue-green.restart': 'unless-stopped',
      'blue-green.config': 'networks=1b7e96b7',
    },
    networks: { default: null, edge: { aliases: ['g'] } },
  });
  assert.equal(services.db.labels['blue-green.restart'], 'always');
  assert.equal(services.db.networks, undefined);
  assert.deepEqual(networks, { edge: { name: 'edge', external: true } });
});

test('The proxy’s network is joined once, under the name that the file has for it', () => {
  const named = over(
    { web: { networks: { front: null, back: null } } },
    { front: { name: 'edge', external: true }, back: { name: 'shop-test-green_back' } },
  );
  assert.deepEqual(named.services.web.networks, { front: { aliases: ['g'] } });
  assert.deepEqual(named.networks, { front: { name: 'edge', external: true } });

  const taken = over({ web: { networks: { edge: null } } }, { edge: { name: 'shop-test-green_edge' } });
  assert.deepEqual(taken.services.web.networks, { 'blue-green-edge': { aliases: ['g'] } });

  const byDefault = over({ web: { networks: { default: null } } }, { default: { name: 'edge' } });
  assert.deepEqual(byDefault.services.web.networks, { default: { aliases: ['g'] } });
});

test('`deploy.restart_policy`, which wins in Compose, is taken away as well', () => {
  const { services } = over({
    web: { deploy: { restart_policy: { condition: 'on-failure', max_attempts: 3 } } },
  });
  assert.deepEqual(services.web.deploy, { restart_policy: { condition: 'none', max_attempts: 0 } });
});

test('Dollars are written twice: Compose fills in variables here too', () => {
  const text = overrideFor(
    { name: 'x', services: { web: { restart: 'a$b' } } },
    {
      app: 'x',
      environment: 'y',
      color: 'blue',
      release: { id: '', image: '' },
      settings: { service: 'web', network: 'edge', aliases: { blue: 'b', green: 'g' } },
      workspace: '/work',
    },
  );
  assert.match(text, /a\$\$b/);
});

test('The restart policy while live is what Compose would have made of the file', () => {
  assert.equal(liveRestart({}), undefined);
  assert.equal(liveRestart({ restart: 'on-failure:3' }), 'on-failure:3');
  assert.equal(liveRestart({ restart: 'no' }), 'no');
  assert.equal(liveRestart({ restart: 'no', deploy: { restart_policy: {} } }), 'always');
  assert.equal(liveRestart({ deploy: { restart_policy: { condition: 'none' } } }), 'no');
  assert.equal(liveRestart({ deploy: { restart_policy: { condition: 'on-failure' } } }), 'on-failure');
  assert.equal(
    liveRestart({ deploy: { restart_policy: { condition: 'on-failure', max_attempts: 2 } } }),
    'on-failure:2',
  );
});

test('The image is pinned by its digest, for whoever has the one that is deployed by its tag', () => {
  const pinned = `repo/shop:v2@sha256:${'a'.repeat(64)}`;
  const image = 'repo/shop:v2';
  const { services } = over({ web: { image }, jobs: { image }, db: { image: 'postgres:16' } }, {}, pinned);
  assert.deepEqual([services.web.image, services.jobs.image, services.db.image], [pinned, pinned, undefined]);
});
