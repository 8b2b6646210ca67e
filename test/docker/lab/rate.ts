/**
 * How much load this machine can make and bear: `node test/docker/lab/rate.ts [requests per second] [haproxy|caddy|alias]`.
 * Two containers of the app, a proxy in front of them and the generator, all of it on the processors of one machine.
 */
import { existsSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { runApp } from './app.ts';
import { startEngine } from './engine.ts';
import { cgroupOf } from './host-traces.ts';
import { loadImage } from './images.ts';
import { startUsers } from './load.ts';
import { addressOf, EDGE, NETWORK, type ProxyKind, startProxy } from './proxies.ts';
import { until } from './until.ts';

const [rate = '1550', kind = 'haproxy'] = process.argv.slice(2);
const SECONDS = 10;

await using engine = await startEngine();
await loadImage(engine, 'app');
const subnet = engine.subnet();
await engine.docker(['network', 'create', '--subnet', subnet, NETWORK]);
await startProxy(engine, kind as ProxyKind);
await runApp(engine, ['web-1', 'web-2']);
const address = await addressOf(engine);
await until('an answer of the app', () => fetch(`${address}/health`).then(({ ok }) => ok));

const containers = [EDGE, 'web-1', 'web-2'];
const before = await Promise.all(containers.map(cpuSecondsOf));
const load = await startUsers(kind as ProxyKind, address, { ratePerSecond: Number(rate) });
await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
const result = await load.stop();
const after = await Promise.all(containers.map(cpuSecondsOf));
const { requests, failed, failures, byConnection, latencyMs, worstLatencyMs } = result;
// The last seconds only wait for the slow ones.
const inTime = result.bySecond.slice(0, SECONDS).reduce((sum, { t: _, ...counts }) => {
  return sum + Object.values(counts).reduce((all, count) => all + count, 0);
}, 0);
console.log(
  `${Math.round(inTime / SECONDS)} requests/s through ${kind}, ${failed} of ${requests} failed, ${result.heldBack} held back`,
);
console.log(JSON.stringify(byConnection));
console.log(
  `latency: median ${latencyMs.median.toFixed(1)}, p99 ${latencyMs.p99.toFixed(1)}, worst ${worstLatencyMs.toFixed(1)} ms`,
);
const cpu = [result.cpuSeconds, ...containers.map((_, index) => after[index]! - before[index]!)];
const names = ['generator', ...containers];
const costs = names.map((name, index) => `${name} ${((cpu[index]! / requests) * 1000).toFixed(2)}`);
console.log(`CPU per request in ms: ${costs.join(', ')}; load of the machine ${loadavg()[0]?.toFixed(1)}`);
if (failed > 0) console.log(failures.slice(0, 3));

async function cpuSecondsOf(name: string): Promise<number> {
  const path = join(cgroupOf(subnet.split('.').slice(0, 2).join('.')), (await engine.inspect(name)).Id);
  const version1 = join('/sys/fs/cgroup/cpuacct', path, 'cpuacct.usage');
  if (existsSync(version1)) return Number(readFileSync(version1, 'utf8')) / 1e9;
  const stat = readFileSync(join('/sys/fs/cgroup', path, 'cpu.stat'), 'utf8');
  return Number(/usage_usec (\d+)/.exec(stat)?.[1]) / 1e6;
}
