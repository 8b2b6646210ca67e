import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Engine } from './engine.ts';
import { IMAGES, loadImage, versionOf } from './images.ts';
import { docker, LAB_FOLDER } from './parts.ts';

/** A registry on the loopback interface, where Docker speaks plain HTTP to it. */
export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:<port>`: the first part of its images' names. */
  readonly host: string;
  /** Tags one of the engine's images for this registry and pushes it. @returns the name, e.g. `127.0.0.1:5001/app:v1` */
  push(image: string, name?: string): Promise<string>;
  /** Every request to it is refused. */
  stop(): Promise<void>;
  /** Back, on the same port and with what it had. */
  start(): Promise<void>;
}

/** The base of the app, which each registry of the lab has. */
const BASE = 'lab/app:base';

/**
 * Starts a registry with its files in the engine's folder, and has the base of the app in both: Docker takes seconds to
 * pack that for a push, so it is done once for the machine. It ends with `dispose`, or with this process.
 */
export async function startRegistry(engine: Engine): Promise<Registry> {
  const seed = join(LAB_FOLDER, 'images', `app-${versionOf('app')}.registry`);
  if (!existsSync(seed)) await plant(engine, seed);
  const registry = await startEmpty(engine, seed);
  const base = `${registry.host}/${BASE}`;
  await engine.docker(['pull', '--quiet', base]);
  await engine.docker(['tag', base, IMAGES.app]);
  await engine.docker(['rmi', base]);
  return registry;
}

async function plant(engine: Engine, seed: string): Promise<void> {
  await loadImage(engine, 'app');
  const work = await mkdtemp(`${seed}-`);
  const data = join(work, 'data');
  await using registry = await startEmpty(engine, undefined, data);
  await engine.docker(['rmi', await registry.push(IMAGES.app, BASE)]);
  await registry.stop();
  await rename(data, seed).catch((error: NodeJS.ErrnoException) => {
    // Somebody else was faster, and theirs is the same.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  await rm(work, { recursive: true, force: true });
}

async function startEmpty(engine: Engine, seed?: string, storage?: string): Promise<Registry> {
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const folder = join(engine.folder, `registry-${port}`);
  mkdirSync(folder);
  const data = storage ?? join(folder, 'data');
  if (seed !== undefined) await cp(seed, data, { recursive: true });
  const config = join(folder, 'config.json');
  // JSON is YAML.
  writeFileSync(
    config,
    JSON.stringify({
      version: 0.1,
      log: { level: 'warn', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: data }, delete: { enabled: true } },
      http: { addr: host, secret: 'of-one-test-only' },
    }),
  );
  let child: ChildProcess | undefined;
  const registry: Registry = {
    host,
    async push(image, name = image) {
      const reference = `${host}/${name}`;
      await engine.docker(['tag', image, reference]);
      await engine.docker(['push', '--quiet', reference]);
      return reference;
    },
    async start() {
      if (child !== undefined) return;
      // It dies with this process, which can't tell it when it is killed.
      child = spawn('setpriv', ['--pdeathsig', 'KILL', docker.get().registry, 'serve', config], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      child.unref();
      await answers(host, child);
    },
    async stop() {
      if (child === undefined) return;
      const ended = once(child, 'exit');
      child.ref();
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await ended;
      }
      child = undefined;
    },
    async [Symbol.asyncDispose]() {
      await registry.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await registry.start();
  return registry;
}

async function answers(host: string, child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-2_000);
  });
  (child.stderr as unknown as { unref(): void }).unref();
  const deadline = Date.now() + 30_000;
  for (;;) {
    const up = await fetch(`http://${host}/v2/`, { signal: AbortSignal.timeout(2_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return;
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`The registry does not answer:\n${said}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** Of the loopback interface, at the moment. */
export function freePort(): Promise<number> {
  return new Promise((done, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
