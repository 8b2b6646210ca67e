import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { requirement } from '../requirements.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** moto_server: in `.tmp/moto`, where .ci/run puts it, or on the PATH. */
export const moto = requirement('moto', () =>
  [join(ROOT, '.tmp/moto/bin'), ...(process.env['PATH'] ?? '').split(delimiter)]
    .map((folder) => join(folder, 'moto_server'))
    .find(isExecutable),
);

export interface MotoServer extends AsyncDisposable {
  readonly endpoint: string;
}

/** Starts moto on a free port of the loopback interface; it ends with `dispose`, or with this process. */
export async function startMoto(): Promise<MotoServer> {
  const port = await freePort();
  const child = spawn(moto.get(), ['--host', '127.0.0.1', '--port', String(port)], { stdio: 'pipe' });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output = `${output}${text}`.slice(-2_000);
    });
  const closed = new Promise<void>((done) => child.once('close', () => done()));
  const endpoint = `http://127.0.0.1:${port}`;
  await answers(endpoint, child, () => output);
  return {
    endpoint,
    async [Symbol.asyncDispose]() {
      end();
      await closed;
      process.off('exit', end);
    },
  };
}

async function answers(endpoint: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const up = await fetch(`${endpoint}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return;
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`moto_server does not answer:\n${output()}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((done, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
