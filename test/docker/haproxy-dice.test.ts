import assert from 'node:assert/strict';
import { get } from 'node:http';
import { json } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { COLORS, share } from '../../src/release/color.ts';
import { Haproxy } from '../../src/target/docker/proxy/haproxy.ts';
import {
  createNetwork,
  haproxySettings,
  loadOldHaproxy,
  optionsOn,
  removeApp,
  startApp,
  startHaproxyExample,
} from './example-proxy.ts';
import { type Engine, startEngine } from './lab/engine.ts';
import { loadImage } from './lab/images.ts';
import { docker } from './lab/parts.ts';
import { addressOf } from './lab/proxies.ts';
import { until } from './lab/until.ts';

describe('DICE of the HAProxy example', { skip: docker.skip }, () => {
  let engine: Engine;
  before(async () => {
    engine = await startEngine();
    await loadImage(engine, 'app');
    await createNetwork(engine);
  });
  after(() => engine?.close());

  for (const version of ['3.0', '2.6'] as const)
    test(`keeps each client with its color, by the container’s environment alone, on ${version}`, async (t) => {
      const image = version === '3.0' ? await loadImage(engine, 'haproxy') : await loadOldHaproxy(engine);
      if (image === undefined) return t.skip('this machine has no HAProxy 2.6 package');
      const example = await startHaproxyExample(engine, image, {
        DICE: 'req.cook(session),djb2(1),mod(100)',
      });
      try {
        const proxy = new Haproxy(optionsOn(engine, haproxySettings(example.admin)));
        for (const color of COLORS) {
          const instances = await startApp(engine, color);
          await until(`${color} is ready`, async () => (await proxy.ready(color, instances)).ready === 1);
        }
        const url = await addressOf(engine);
        await proxy.shares.set(share('green', 50));
        const seen = new Set<string>();
        for (let client = 0; client < 30; client += 1) {
          const cookie = `theme=dark; session=${client}`;
          const colors = new Set<string>();
          for (let i = 0; i < 8; i += 1) colors.add(await colorOf(url, { cookie }));
          assert.equal(colors.size, 1, `client ${client} sees one color`);
          for (const color of colors) seen.add(color);
        }
        assert.equal(seen.size, 2, 'of both colors there are clients');
        // Whoever has no such cookie gets either, as without DICE.
        const without = new Set<string>();
        for (let i = 0; i < 60; i += 1) without.add(await colorOf(url, {}));
        assert.equal(without.size, 2);
      } finally {
        await removeApp(engine);
        await example.remove();
      }
    });
});

const colorOf = (url: string, headers: Readonly<Record<string, string>>): Promise<string> =>
  new Promise((resolve, reject) => {
    get(url, { agent: false, headers }, (response) => {
      json(response).then((body) => resolve((body as { color: string }).color), reject);
    }).on('error', reject);
  });
