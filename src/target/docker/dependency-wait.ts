import { DeployError } from '../../errors.ts';
import { type Clock, systemClock } from '../../release/clock.ts';
import { type Container, containerOf, type Inspected } from './containers.ts';
import type { DockerCli } from './docker-cli.ts';
import { logTail } from './log-tail.ts';
import { type Awaited, awaitedBy } from './project-order.ts';

export interface DependencyWaitOptions {
  readonly docker: Pick<DockerCli, 'inspect' | 'run'>;
  /** How long all of it may take from when the first one waits, in ms. */
  readonly limitMs: number;
  readonly progress: (message: string) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

const LOOK_MS = 250;

/**
 * Waits for what `depends_on` waits for with a condition, where containers are started that Compose made: it would wait,
 * and Docker does not. Otherwise a service that ends when its cache is not ready ends at each rollback.
 */
export class DependencyWait {
  readonly #options: DependencyWaitOptions;
  readonly #clock: Clock;
  readonly #told = new Set<string>();
  #deadline = Number.POSITIVE_INFINITY;

  constructor(options: DependencyWaitOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Before the `waiting` ones are started: until those `among` all that they need are there.
   * @throws DeployError `dependency-failed` when one of these ended, or is not healthy; `health-timeout`
   */
  async before(waiting: readonly Container[], among: readonly Container[]): Promise<void> {
    const needed = awaitedBy(
      waiting.filter((one) => !one.isUp),
      among,
    );
    if (needed.length === 0) return;
    this.#deadline = Math.min(this.#deadline, this.#clock.now() + this.#options.limitMs);
    const { docker, signal } = this.#options;
    const ids = needed.map(({ container }) => container.id);
    for (;;) {
      const found = (await docker.inspect<Inspected>('container', ids)).map(containerOf);
      const states = found.map((container) => ({
        container,
        ...stateOf(container, needed.find((one) => one.container.id === container.id)!),
      }));
      for (const { container, failed } of states)
        if (failed !== undefined) throw await this.#failure(container, failed);
      const missing = states.filter(({ isThere }) => !isThere).map(({ container }) => container);
      if (missing.length === 0) return;
      if (this.#clock.now() >= this.#deadline) throw await this.#late(missing);
      this.#tell(missing);
      await this.#clock.sleep(LOOK_MS, signal ?? new AbortController().signal);
    }
  }

  /** As a deployment does for what Compose waits for. */
  #tell(missing: readonly Container[]): void {
    for (const { name } of missing) {
      if (!this.#told.has(name)) this.#options.progress(`${name}: other services wait for it.`);
      this.#told.add(name);
    }
  }

  async #failure(container: Container, how: string): Promise<DeployError> {
    return new DeployError(`${container.name} ${how}, and other services wait for it (\`depends_on\`).`, {
      code: 'dependency-failed',
      hint: 'Look at its log below, and at its health check.',
      details: await this.#log(container),
    });
  }

  async #late(missing: readonly Container[]): Promise<DeployError> {
    const names = missing.map(({ name }) => name).join(', ');
    const details = await Promise.all(missing.map((one) => this.#log(one)));
    return new DeployError(
      `${names} did not come up within ${this.#options.limitMs / 1000} s, and other services wait for it (\`depends_on\`).`,
      {
        code: 'health-timeout',
        hint: 'If it only needs longer, raise health.timeout; otherwise look at its log and its health check.',
        details: details.flat(),
      },
    );
  }

  async #log({ id, name }: Container): Promise<readonly string[]> {
    const { lines, remark } = await logTail(this.#options.docker, id);
    if (remark !== undefined) return [`log of ${name}: ${remark}`];
    return [`log of ${name}, its last lines:`, ...lines.map((line) => `  ${line}`)];
  }
}

function stateOf(
  { inspected: { State } }: Container,
  { until }: Awaited,
): { readonly isThere: boolean; readonly failed?: string } {
  const { Status, ExitCode, Health } = State;
  const hasEnded = Status === 'exited' || Status === 'dead';
  if (until === 'completed')
    return hasEnded && ExitCode !== 0
      ? { isThere: false, failed: `exited with code ${ExitCode}` }
      : { isThere: hasEnded };
  if (hasEnded) return { isThere: false, failed: `exited with code ${ExitCode}` };
  if (Health?.Status === 'unhealthy') return { isThere: false, failed: 'is unhealthy' };
  // Without a health check there is nothing to wait for.
  const isHealthy =
    Health === undefined || Health === null || Health.Status === 'none' || Health.Status === 'healthy';
  return { isThere: isHealthy };
}
