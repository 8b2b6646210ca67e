import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { allOn, COLORS, type Color, otherColor, share, type Weights } from '../../src/release/color.ts';
import { ContainerFiles } from '../../src/target/docker/proxy/container-files.ts';
import { Haproxy } from '../../src/target/docker/proxy/haproxy.ts';
import { startLoad } from '../load/index.ts';
import {
  ALIASES,
  createNetwork,
  type ExampleProxy,
  haproxySettings,
  loadOldHaproxy,
  NETWORK,
  optionsOn,
  removeApp,
  startApp,
  startHaproxyExample,
} from './example-proxy.ts';
import { type Engine, startEngine } from './lab/engine.ts';
import { loadImage } from './lab/images.ts';
import { docker as parts } from './lab/parts.ts';
import { addressOf } from './lab/proxies.ts';
import { until } from './lab/until.ts';

// A share of the traffic for the color that is not live, and what HAProxy counts of both, on its oldest and its newest
// version that we say we work with.

const CONFIG = '/usr/local/etc/haproxy/haproxy.cfg';
const EXAMPLE = readFileSync(
  join(import.meta.dirname, '../../examples/docker-haproxy/haproxy.cfg'),
  'latin1',
);
/** The example as it is with DICE, which a container is told when it is created. */
const thrownBy = (dice: string) => EXAMPLE.replace(`"\${DICE-rand(100)}"`, dice);

describe('shares on HAProxy', { skip: parts.skip }, () => {
  let engine: Engine;
  let subnet: string;
  let oldHaproxy: string | undefined;

  before(async () => {
    engine = await startEngine();
    await loadImage(engine, 'app');
    subnet = await createNetwork(engine);
    oldHaproxy = await loadOldHaproxy(engine);
  });
  after(() => engine?.close());

  for (const version of ['3.0', '2.6'] as const)
    describe(`HAProxy ${version}`, () => {
      let example: ExampleProxy | undefined;
      let proxy: Haproxy;
      let files: ContainerFiles;
      let url: string;

      before(async () => {
        const image = version === '3.0' ? await loadImage(engine, 'haproxy') : oldHaproxy;
        if (image === undefined) return;
        example = await startHaproxyExample(engine, image);
        const options = optionsOn(engine, haproxySettings(example.admin));
        files = new ContainerFiles(options.docker, 'edge');
        url = await addressOf(engine);
        proxy = new Haproxy(options);
        for (const color of COLORS) {
          const instances = await startApp(engine, color, { env: { FAIL_PATH: '/fails' } });
          await until(`${color} is ready`, async () => (await proxy.ready(color, instances)).ready === 1);
        }
      });
      after(async () => {
        await removeApp(engine);
        await example?.remove();
      });

      const it = (name: string, body: (t: TestContext) => Promise<void>) =>
        test(name, async (t) => {
          if (example === undefined) return t.skip('this machine has no HAProxy 2.6 package');
          await proxy.shift('blue');
          await body(t);
        });

      const ask = (command: string): Promise<string> =>
        new Promise((resolve, reject) => {
          const socket = connect(example!.admin);
          let text = '';
          socket.setEncoding('utf8').on('error', reject);
          socket.on('data', (chunk: string) => {
            text += chunk;
          });
          socket.on('end', () => resolve(text));
          socket.write(`${command}\n`);
        });

      /** As after a change of haproxy.cfg; resolves when the new process answers. */
      async function reload(config?: string): Promise<void> {
        if (config !== undefined)
          await files.write(CONFIG, { text: config, mode: 0o644, modified: Date.now() });
        const pid = async () => /^Pid: (\d+)$/m.exec(await ask('show info').catch(() => ''))?.[1];
        const former = await pid();
        await engine.docker(['kill', '--signal', 'USR2', 'edge']);
        await until('the new process', async () => ![undefined, former].includes(await pid()));
        for (const color of COLORS)
          await until(`a checked server of ${color}`, async () =>
            /,UP,.*L7OK/.test(await ask(`show stat ${ALIASES[color]} 4 -1`)),
          );
      }

      /** What of so many requests went to green. */
      async function greenOf(count: number): Promise<number> {
        const { green = 0, blue = 0 } = await countAnswers(url, count);
        assert.equal(blue + green, count);
        return green;
      }

      it('each request goes to the color with the share as often as it says', async (t) => {
        assert.deepEqual(await proxy.shares.problems(), []);
        const before = await files.read('/maps/shares.map');
        for (const percent of [5, 25, 50]) {
          const weights = share('green', percent);
          await proxy.shares.set(weights);
          assert.deepEqual(await proxy.weights(), weights);
          const count = 6_000;
          assertShare(t, await greenOf(count), count, percent);
        }
        assert.deepEqual(await files.read('/maps/shares.map'), before, 'a restart would not know of it');
        await proxy.shift('green');
        assert.deepEqual(await proxy.weights(), allOn('green'));
        assert.equal(await greenOf(500), 500);
        assert.doesNotMatch(await ask('show map /maps/shares.map'), /storefront/);
        // And the other way: what is tried out is blue now.
        await proxy.shares.set(share('blue', 25));
        assert.deepEqual(await proxy.weights(), share('blue', 25));
        assertShare(t, await greenOf(6_000), 6_000, 75);
      });

      it('a share is given back, and what a run left that died is seen and given back by the next', async () => {
        await proxy.shares.set(share('green', 25));
        const next = new Haproxy(optionsOn(engine, haproxySettings(example!.admin)));
        assert.deepEqual(await next.weights(), share('green', 25));
        await next.shift('blue');
        assert.deepEqual(await next.weights(), allOn('blue'));
        assert.equal(await greenOf(500), 0);
        // It died between the two changes that end a shift.
        await proxy.shares.set(share('green', 50));
        await ask('set map /maps/active.map storefront-production storefront-production-green');
        assert.deepEqual(await next.weights(), allOn('green'));
        assert.equal(await greenOf(500), 500);
        // The next release goes to blue: what was left of green’s share is gone.
        await next.shares.set(share('blue', 5));
        assert.deepEqual(await next.weights(), share('blue', 5));
        assert.doesNotMatch(await ask('show map /maps/shares.map'), /green/);
      });

      it('shares come and end under load: no request fails, and after each end all go to one color', async () => {
        const load = await startLoad({ url, ratePerSecond: 500, fresh: 0.2, longestSeconds: 120 });
        try {
          let to: Color = 'green';
          for (let round = 0; round < 6; round += 1) {
            for (const percent of [5, 50]) await proxy.shares.set(share(to, percent));
            await proxy.shift(to);
            assert.deepEqual(Object.keys(await countAnswers(url, 200)), [to]);
            await proxy.shares.set(share(otherColor(to), 50));
            await proxy.shift(to);
            assert.deepEqual(Object.keys(await countAnswers(url, 200)), [to]);
            to = otherColor(to);
          }
        } finally {
          await load.stop();
        }
        const { failed, failures, byVersion } = await load.stop();
        assert.deepEqual([failed, failures], [0, []]);
        assert.ok(byVersion['blue']! > 0 && byVersion['green']! > 0);
      });

      it('a reload in the middle leads back to the color that had all, and no request fails', async (t) => {
        await proxy.shares.set(share('green', 50));
        const load = await startLoad({ url, ratePerSecond: 400, fresh: 0.2, longestSeconds: 120 });
        try {
          await until('answers of green', () => (load.snapshot().byVersion['green'] ?? 0) > 100);
          await reload();
          assert.deepEqual(await proxy.weights(), allOn('blue'));
          assert.equal(await greenOf(500), 0);
        } finally {
          await load.stop();
        }
        const { failed, failures, requests } = await load.stop();
        assert.deepEqual([failed, failures], [0, []]);
        t.diagnostic(`${requests} requests, 0 failed`);
        await proxy.shares.set(share('green', 50));
        await engine.docker(['restart', '--time', '1', 'edge']);
        await until('HAProxy', () => ask('show info').then(Boolean, () => false));
        assert.deepEqual(await proxy.weights(), allOn('blue'));
        url = await addressOf(engine);
        await until('an answer', async () => 'blue' in (await countAnswers(url, 1)));
      });

      it('keeps each client with its color, where haproxy.cfg throws dice by its address', async (t) => {
        const addresses = Array.from({ length: 40 }, (_, index) => `${subnet}.${200 + index}`);
        const network = (await engine.docker(['network', 'inspect', '--format', '{{.Id}}', NETWORK])).slice(
          0,
          12,
        );
        for (const address of addresses)
          execFileSync('ip', ['address', 'replace', `${address}/32`, 'dev', `br-${network}`]);
        await reload(thrownBy('src,djb2(1),mod(100)'));
        const look = async (weights: Weights) => {
          await proxy.shares.set(weights);
          const colors = await Promise.all(
            addresses.map(async (localAddress) => Object.keys(await countAnswers(url, 10, { localAddress }))),
          );
          for (const seen of colors) assert.equal(seen.length, 1, `one color each: ${seen}`);
          return colors.map(([color]) => color!);
        };
        const few = await look(share('green', 30));
        const more = await look(share('green', 60));
        for (const [index, color] of few.entries())
          if (color === 'green') assert.equal(more[index], 'green', 'a share that grows takes nobody back');
        const green = (colors: readonly string[]) => colors.filter((color) => color === 'green').length;
        t.diagnostic(`of 40 addresses on green: ${green(few)} with 30 %, ${green(more)} with 60 %`);
        assert.ok(green(few) > 0 && green(more) < 40 && green(more) > green(few));
        await reload(EXAMPLE);
      });

      it('keeps each client with its color by a cookie, and throws dice for those without', async (t) => {
        await reload(thrownBy('req.cook(session),djb2(1),mod(100)'));
        await proxy.shares.set(share('green', 25));
        let green = 0;
        for (let client = 0; client < 400; client += 1) {
          const cookie = `theme=dark; session=${client}-${Math.random().toString(36)}`;
          const colors = Object.keys(await countAnswers(url, 5, { headers: { cookie } }));
          assert.equal(colors.length, 1, `one color each: ${colors}`);
          if (colors[0] === 'green') green += 1;
        }
        assertShare(t, green, 400, 25);
        assertShare(t, await greenOf(2_000), 2_000, 25);
        await reload(EXAMPLE);
      });

      it('without the lines in haproxy.cfg it switches as ever, and says which lines shares need', async () => {
        const before = EXAMPLE.split('\n').filter((line) => !/txn\.dice/.test(line));
        await reload(before.join('\n'));
        assert.deepEqual(await proxy.preflight(), []);
        for (const color of ['green', 'blue'] as const) {
          await proxy.shift(color);
          assert.deepEqual(await proxy.weights(), allOn(color));
        }
        const [problem, ...others] = await proxy.shares.problems();
        assert.deepEqual([problem?.forceable, others], [false, []]);
        assert.match(problem?.message ?? '', /HAProxy does not know a map \/maps\/shares\.map/);
        await assert.rejects(proxy.shares.set(share('green', 5)), { code: 'haproxy-map-unknown' });
        // What it says, word for word.
        const lines = [...(problem?.fix ?? '').matchAll(/`((?:http-request|use_backend) [^`]+)`/g)].map(
          ([, line]) => `  ${line}`,
        );
        assert.equal(lines.length, 3);
        const live = before.findIndex((line) => line.includes('map(/maps/active.map'));
        await reload(before.toSpliced(live, 0, ...lines).join('\n'));
        assert.deepEqual(await proxy.shares.problems(), []);
        await proxy.shares.set(share('green', 50));
        const green = await greenOf(200);
        assert.ok(green > 50 && green < 150, `${green} of 200`);
        await reload(EXAMPLE);
      });

      it('says when the file has shares, which a restart would bring back', async () => {
        const file = (await files.read('/maps/shares.map'))!;
        await files.write('/maps/shares.map', {
          ...file,
          text: `${file.text}storefront-production-green 5\nother-green 7\n`,
        });
        const [problem, ...others] = await proxy.shares.problems();
        assert.match(
          problem?.message ?? '',
          /gives storefront-production-green 5 % .* whenever HAProxy starts/,
        );
        assert.deepEqual(others, []);
        await files.write('/maps/shares.map', file);
        assert.deepEqual(await proxy.shares.problems(), []);
      });

      it('counts what each color answers, and its errors once', async () => {
        await countAnswers(url, 20);
        const meter = await proxy.answers.open();
        const nothing = { requests: 0, errors: 0 };
        assert.deepEqual(await meter.read(), { blue: nothing, green: nothing });
        await countAnswers(url, 300);
        await countAnswers(`${url}/fails`, 30);
        await proxy.shift('green');
        await countAnswers(url, 100);
        await countAnswers(`${url}/fails`, 7);
        // A client that does not wait is no error of the color’s.
        await assert.rejects(cutShort(`${url}/slow?ms=500`));
        await until('all of them', async () => {
          const { blue, green } = await meter.read();
          return blue.requests === 330 && green.requests === 108;
        });
        const { blue, green } = await meter.read();
        assert.deepEqual([blue.errors, green.errors], [30, 7]);
        await proxy.shift('blue');

        // It begins anew with nothing, and the meter goes on.
        await reload();
        await countAnswers(url, 10);
        await countAnswers(`${url}/fails`, 4);
        const later = await meter.read();
        assert.deepEqual([later.blue.requests, later.blue.errors], [344, 34]);
        assert.deepEqual([later.green.requests, later.green.errors], [108, 7]);
      });

      it('knows the latency of a release from the first requests on, whatever came before it', async (t) => {
        // What was slow on this color before, or fast, is nothing that the new release has to answer for.
        await countAnswers(`${url}/slow?ms=400`, 600, { connections: 100 });
        const meter = await proxy.answers.open();
        await countAnswers(`${url}/slow?ms=20`, 60);
        const quick = (await meter.read()).blue.latencyMs!;
        const again = await proxy.answers.open();
        await countAnswers(`${url}/slow?ms=300`, 60, { connections: 20 });
        const slow = (await again.read()).blue.latencyMs!;
        t.diagnostic(`20 ms after 400 ms: ${quick} ms; 300 ms after that: ${slow} ms`);
        assert.ok(slow - quick > 140 && quick < 200, `${quick} ms, ${slow} ms`);
      });
    });
});

/** How many answers came from whom; statuses other than 200 and 500 are no answers of the app. */
async function countAnswers(
  url: string,
  count: number,
  {
    connections = 8,
    ...options
  }: { connections?: number; headers?: Record<string, string>; localAddress?: string } = {},
): Promise<Record<string, number>> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const seen: Record<string, number> = {};
  let begun = 0;
  const client = async () => {
    while (begun < count) {
      begun += 1;
      const { statusCode, headers } = await get(url, { ...options, agent });
      const key = String(statusCode === 200 || statusCode === 500 ? headers['x-version'] : statusCode);
      seen[key] = (seen[key] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(connections, count) }, client));
  agent.destroy();
  return seen;
}

const get = (url: string, options: http.RequestOptions): Promise<http.IncomingMessage> =>
  new Promise((resolve, reject) => {
    http
      .get(url, options, (response) => {
        response.resume().on('end', () => resolve(response));
      })
      .on('error', reject);
  });

const cutShort = (url: string): Promise<http.IncomingMessage> =>
  get(url, { signal: AbortSignal.timeout(100), agent: false });

/** Within four and a half standard deviations: wrong once in 150,000 times. */
function assertShare(t: TestContext, hits: number, count: number, percent: number): void {
  const [expected, deviation] = [
    (count * percent) / 100,
    Math.sqrt((count * percent * (100 - percent)) / 10_000),
  ];
  t.diagnostic(`${percent} %: ${hits} of ${count}, ${((100 * hits) / count).toFixed(2)} %`);
  assert.ok(
    Math.abs(hits - expected) <= 4.5 * deviation,
    `${hits} of ${count}, expected ${expected} ± ${Math.round(4.5 * deviation)}`,
  );
}
