/**
 * The process that keeps one Docker engine, a child of the test process: it starts it, stops it, and clears up when it
 * is told to or when whoever started it is gone, killed with -9 too.
 *
 * The engine and all that it starts live in a PID namespace of their own. When its first process ends, the kernel ends
 * every other at once, which is both how nothing can outlive a test and what a power cut is to a machine. The mount
 * namespace does the same for mounts. The network is the host's, as published ports and containers' addresses have to
 * be reached from it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  allowForwarding,
  cgroupOf,
  removeCgroups,
  removeNetworks,
  removeTraces,
  weighCgroup,
} from './host-traces.ts';
import { takePool } from './pools.ts';

export type ToKeeper =
  | { readonly type: 'stop'; readonly how: 'shutdown' | 'power-cut' }
  | { readonly type: 'start' }
  | { readonly type: 'close' };

export type FromKeeper =
  | { readonly type: 'done'; readonly folder: string; readonly prefix: string }
  | { readonly type: 'failed'; readonly message: string };

const READY_MS = 60_000;
const SHUTDOWN_MS = 60_000;

/** What runs in the namespaces. Sockets of containers' shims are in a folder whose path containerd does not let us choose. */
const INSIDE = 'mount -t tmpfs tmpfs /run/containerd && exec docker-init -- "$@"';

const pool = takePool(clearUp);
const folder = mkdtempSync(join(tmpdir(), 'bg-lab-'));
pool.note(folder);
const socket = join(folder, 'docker.sock');
const log = join(folder, 'dockerd.log');
let engine: ChildProcess | undefined;
let closing: Promise<void> | undefined;

function clearUp(prefix: string, itsFolder: string): void {
  removeTraces(prefix);
  if (itsFolder !== '') rmSync(itsFolder, { recursive: true, force: true });
}

async function start(): Promise<void> {
  if (engine !== undefined) throw new Error('The engine runs already');
  mkdirSync('/run/containerd', { recursive: true });
  weighCgroup(pool.prefix);
  const out = openSync(log, 'a');
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc'];
  const daemon = [
    'dockerd',
    ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'run')],
    ...['--pidfile', join(folder, 'pid'), '--host', `unix://${socket}`],
    // Docker's own bridge and its firewall rules are one for each machine. Ports are published by its proxy processes.
    ...['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false'],
    ...['--default-address-pool', `base=${pool.prefix}.0.0/17,size=24`],
    ...['--exec-opt', 'native.cgroupdriver=cgroupfs', '--cgroup-parent', cgroupOf(pool.prefix)],
  ];
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'unshare', ...namespaces, 'sh', '-c', INSIDE, 'sh', ...daemon],
    { stdio: ['ignore', out, out] },
  );
  engine = child;
  let ended = false;
  child.once('exit', () => {
    ended = true;
    if (engine === child) engine = undefined;
  });
  child.once('error', () => {
    ended = true;
  });
  const deadline = Date.now() + READY_MS;
  while (!(await answers())) {
    if (ended || Date.now() > deadline) {
      throw new Error(`dockerd does not answer:\n${readFileSync(log, 'utf8').slice(-3_000)}`);
    }
    await sleep(20);
  }
}

function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    request({ socketPath: socket, path: '/_ping', timeout: 1_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .on('error', () => resolve(false))
      .on('timeout', () => resolve(false))
      .end();
  });
}

/** As when the machine goes down: afterwards no process, mount, network or control group of the engine is left. */
async function stop(how: 'shutdown' | 'power-cut'): Promise<void> {
  const child = engine;
  if (child !== undefined) {
    const ended = once(child, 'exit');
    const first = firstProcess(child.pid!);
    if (first !== undefined) process.kill(first, how === 'shutdown' ? 'SIGTERM' : 'SIGKILL');
    else child.kill('SIGKILL');
    const patience = setTimeout(() => {
      try {
        process.kill(first ?? child.pid!, 'SIGKILL');
      } catch {
        // It ended in this moment.
      }
    }, SHUTDOWN_MS);
    await ended;
    clearTimeout(patience);
    engine = undefined;
  }
  removeNetworks(pool.prefix);
  removeCgroups(pool.prefix);
  // As /run after a boot. Process numbers in these files would mean other processes now.
  for (const name of ['run', 'pid', 'docker.sock'])
    rmSync(join(folder, name), { recursive: true, force: true });
}

/** `unshare` is the parent of the namespace's first process, whose end is the end of all in it. */
function firstProcess(unshare: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${unshare}/task/${unshare}/children`, 'utf8').trim();
    return children === '' ? undefined : Number(children.split(' ')[0]);
  } catch {
    return undefined;
  }
}

function close(): Promise<void> {
  closing ??= (async () => {
    await stop('power-cut');
    clearUp(pool.prefix, folder);
    pool.free();
  })();
  return closing;
}

async function run(work: () => Promise<void>): Promise<void> {
  let answer: FromKeeper = { type: 'done', folder, prefix: pool.prefix };
  try {
    await work();
  } catch (error) {
    answer = { type: 'failed', message: (error as Error).message };
  }
  if (process.connected) process.send?.(answer);
}

process.on('message', (message: ToKeeper) => {
  if (message.type === 'stop') void run(() => stop(message.how));
  else if (message.type === 'start') void run(start);
  else void run(close).then(() => process.disconnect?.());
});
process.on('disconnect', () => void close().finally(() => process.exit(0)));
// Ctrl-C is for the test process; when that has ended, so does this one.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => void close().finally(() => process.exit(0)));

allowForwarding(pool.prefix);
writeFileSync(log, '');
