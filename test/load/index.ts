/**
 * Load on a deployment, to measure what users would notice. "Zero failed requests" is worth what this counts: resets,
 * refusals, time-outs, error answers and wrong answers, of new and of kept connections, without a single retry.
 */
import { fork } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { FromGenerator, Load, LoadOptions, LoadPlan, LoadResult, LoadSnapshot } from './types.ts';

export type {
  ConnectionKind,
  Failure,
  FailureKind,
  Load,
  LoadOptions,
  LoadResult,
  LoadSnapshot,
  Span,
} from './types.ts';

const nothingYet: LoadSnapshot = {
  seconds: 0,
  requests: 0,
  failed: 0,
  inFlight: 0,
  byVersion: {},
  lastSecond: { t: 0, failed: 0 },
};

/** Starts the load in a process of its own, and resolves when it is under way. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const plan = await planOf(options);
  // No flags of ours for the child: those of a test runner would make it run tests.
  const child = fork(fileURLToPath(new URL('./generator.ts', import.meta.url)), [JSON.stringify(plan)], {
    execArgv: [],
    // Dates and sparse objects survive, which they would not as JSON.
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let snapshot = nothingYet;
  const started = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<LoadResult>();
  // Whoever never calls stop() shall not be troubled by an unhandled rejection.
  finished.promise.catch(() => {});
  child.on('message', (message: FromGenerator) => {
    if (message.type === 'started') started.resolve();
    else if (message.type === 'progress') snapshot = message.snapshot;
    else finished.resolve(message.result);
  });
  child.on('exit', (code, signal) => {
    const error = new Error(`The load generator ended before its time (${signal ?? `exit code ${code}`})`);
    started.reject(error);
    finished.reject(error);
  });
  await started.promise;
  return {
    snapshot: () => snapshot,
    async stop() {
      if (child.connected) child.send('stop', () => {});
      const result = await finished.promise;
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return result;
    },
  };
}

async function planOf(options: LoadOptions): Promise<LoadPlan> {
  const { hostname, protocol } = new URL(options.url);
  if (protocol !== 'http:') throw new Error(`Load goes to http: URLs only, not to ${options.url}`);
  const addresses =
    options.addresses ?? (await lookup(hostname, { all: true, family: 4 })).map(({ address }) => address);
  for (const address of addresses) {
    // A slip in a test must not put load on somebody else's machine.
    if (!/^127\./.test(address) && !isContainers(address))
      throw new Error(`Load goes to loopback and containers' addresses only, not to ${address}`);
  }
  return {
    url: options.url,
    addresses,
    ratePerSecond: options.ratePerSecond ?? 120,
    mostInFlight: options.mostInFlight ?? Number.MAX_SAFE_INTEGER,
    fresh: options.fresh ?? 0.5,
    kept: options.kept ?? 1,
    slow: options.slow ?? { inFlight: 4, ms: 1500 },
    idle: options.idle ?? { connections: 6, seconds: 2 },
    largestBody: options.largestBody ?? 100_000,
    webSockets: options.webSockets ?? { connections: 0, everyMs: 100 },
    paths: { get: '/', echo: '/echo', slow: '/slow', webSocket: '/ws', ...options.paths },
    timeoutMs: options.timeoutMs ?? 10_000,
    longestSeconds: options.longestSeconds ?? 300,
  };
}

/** Whether it belongs to a bridge of Docker's on this machine. */
function isContainers(address: string): boolean {
  const networks = new BlockList();
  for (const [name, addresses = []] of Object.entries(networkInterfaces())) {
    if (!name.startsWith('br-')) continue;
    for (const { family, address, cidr } of addresses)
      if (family === 'IPv4') networks.addSubnet(address, Number(cidr?.split('/')[1] ?? 32));
  }
  return networks.check(address);
}
