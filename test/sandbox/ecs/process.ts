import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** How a container's process ended. */
export interface Exit {
  readonly code: number;
  readonly outOfMemory: boolean;
}

/** A container's process: the app, run by the same node as the sandbox. */
export class ContainerProcess {
  /** Resolves when the app's own code runs; never when it exits before that. */
  readonly up: Promise<void>;
  readonly exited: Promise<Exit>;
  /** What it wrote, as `docker logs` would show it. */
  readonly log: { readonly timestamp: number; readonly message: string }[] = [];
  readonly #child: ChildProcess;

  constructor(appCode: string, environment: Readonly<Record<string, string>>) {
    let outOfMemory = false;
    let markUp = () => {};
    this.up = new Promise((resolve) => {
      markUp = resolve;
    });
    // Descriptor 3 tells the sandbox what an exit code can't, and ends the app when the sandbox is gone, however
    // the sandbox ended.
    this.#child = spawn(process.execPath, ['-e', appCode], {
      env: { ...environment, SANDBOX_CHANNEL: '3' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const channel = this.#child.stdio[3] as Socket;
    channel.on('error', () => {});
    channel.on('data', (data) => {
      for (const word of data.toString().trim().split('\n')) {
        if (word === 'up') markUp();
        if (word === 'oom') outOfMemory = true;
      }
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.on('data', (data) => this.#keep(data.toString()));
    this.exited = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        this.#keep(String(error));
        resolve({ code: 127, outOfMemory });
      });
      // `close`, not `exit`: by then the last words of the app were read from the channel.
      this.#child.on('close', (code, signal) => {
        resolve({ code: code ?? 128 + (signal === 'SIGKILL' ? 9 : 15), outOfMemory });
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  #keep(text: string): void {
    const timestamp = Date.now();
    this.log.push(
      ...text
        .trimEnd()
        .split('\n')
        .map((message) => ({ timestamp, message })),
    );
    if (this.log.length > 200) this.log.splice(0, this.log.length - 200);
  }
}
