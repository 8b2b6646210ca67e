import type { DockerSettings } from '../../config/environment.ts';
import { DeployError } from '../../errors.ts';
import { COLORS, type Color, isAllOn, type PerColor, type Weights } from '../../release/color.ts';
import { isImage } from '../../release/image.ts';
import { decodeJournal } from '../../release/journal.ts';
import type { ColorState, Release, Situation, Standing } from '../../release/situation.ts';
import type { Course, TargetPlan } from '../plan.ts';
import type { Signals } from '../signals.ts';
import type { Failure, FoundRelease, Health, Preview, Problem, StageRequest, Target } from '../target.ts';
import { Compose } from './compose.ts';
import { type ColorContainers, instancesOf, readColors, runningOf, stateOf } from './containers.ts';
import { DockerCli } from './docker-cli.ts';
import { engineProblems } from './engine-problems.ts';
import { ContainerHealth } from './health.ts';
import type { DockerHost } from './host.ts';
import { VolumeJournal } from './journal.ts';
import { Lifecycle } from './lifecycle.ts';
import { LockContainer } from './lock.ts';
import { planDeployment } from './plan.ts';
import { openProxy } from './proxy/open.ts';
import type { Instance, Proxy as TrafficProxy } from './proxy/proxy.ts';
import { pruneImages } from './prune.ts';
import { setupDocker } from './setup.ts';
import { Standings } from './standings.ts';
import { StashContainer } from './stash-container.ts';

export interface DockerTargetOptions {
  readonly app: string;
  readonly environment: string;
  /** What users open. */
  readonly url: string | undefined;
  readonly settings: DockerSettings;
  readonly host: DockerHost;
  /** Where the repository is checked out: an absolute path. */
  readonly workspace: string;
  readonly health: { readonly path?: string; readonly timeout: number };
  /** Whether images that nobody needs any more are removed when a release has been accepted. */
  readonly prune: boolean;
  /** One line for the log: pulls and Compose take their time. */
  readonly progress: (message: string) => void;
  /** Ends what takes long (pulls, `compose up`) when the run is cancelled. */
  readonly signal: AbortSignal;
}

/** A Docker host: each color is a Compose project, behind a proxy that reads on each request which of them is live. */
export class DockerTarget implements Target {
  readonly kind = 'docker';
  readonly description: string;
  readonly propagationMs: number;
  readonly signals: Signals;
  readonly lock: LockContainer;
  readonly journal: VolumeJournal;
  readonly #options: DockerTargetOptions;
  readonly #docker: DockerCli;
  readonly #proxy: TrafficProxy;
  readonly #compose: Compose;
  readonly #lifecycle: Lifecycle;
  readonly #standings: Standings;
  readonly #health: ContainerHealth;

  constructor(options: DockerTargetOptions) {
    const { app, environment, settings, host } = options;
    this.#options = options;
    this.#docker = new DockerCli(host);
    const shared = { ...options, docker: this.#docker, healthTimeoutMs: options.health.timeout };
    const { proxy, network, aliases, port } = settings;
    this.#proxy = openProxy({ docker: this.#docker, host, settings: proxy, network, aliases, port });
    this.propagationMs = this.#proxy.propagationMs;
    this.signals = this.#proxy.answers === undefined ? {} : { answers: this.#proxy.answers };
    this.description = `Docker on ${host.description}, ${app}-${environment} behind ${this.#proxy.description}`;
    const stash = new StashContainer(shared);
    this.journal = new VolumeJournal({ ...shared, stash });
    this.lock = new LockContainer(shared);
    this.#compose = new Compose(shared);
    this.#lifecycle = new Lifecycle({
      ...shared,
      stash,
      projects: this.#compose,
      beforeStart: async (color, ids) => this.#proxy.beforeStart?.(color, ids),
    });
    this.#standings = new Standings(shared);
    this.#health = new ContainerHealth({ ...shared, path: options.health.path, proxy: this.#proxy });
  }

  async inspect(): Promise<Situation> {
    const [weights, colors, record, standings] = await Promise.all([
      this.#proxy.weights(),
      this.#colors(),
      this.journal.read(),
      this.#standings.read(),
    ]);
    const journal = record === undefined ? undefined : decodeJournal(record);
    const state = (color: Color): ColorState => {
      const { release, ...counts } = stateOf(colors[color]);
      const past = release === undefined ? { standing: 'unknown' as const } : standings(color, release.id);
      return { ...(release && { release }), ...past, ...counts };
    };
    const live = COLORS.find((color) => isAllOn(weights, color)) ?? journal?.from ?? 'blue';
    return {
      live,
      weights,
      colors: { blue: state('blue'), green: state('green') },
      ...(journal && { journal }),
    };
  }

  async preflight(
    request: StageRequest,
    { readOnly }: { readonly readOnly: boolean },
  ): Promise<readonly Problem[]> {
    const { traffic } = (await this.#colors())[request.color === 'blue' ? 'green' : 'blue'];
    const [ofEngine, ofFile, ofProxy] = await Promise.all([
      engineProblems(this.#docker, this.#options.host.description),
      this.#compose.preflight(request, Math.max(1, traffic.length)),
      this.#proxy.preflight(),
    ]);
    const problems = [...ofEngine, ...ofFile, ...ofProxy];
    // A plan has them as notes of its own; and of a file that is refused there is more to say first.
    if (!readOnly && ofFile.every(({ forceable }) => forceable)) await this.#compose.tellNotes(request);
    return problems;
  }

  async plan(request: StageRequest, course: Course): Promise<TargetPlan> {
    return planDeployment({
      ...this.#options,
      request,
      course,
      docker: this.#docker,
      compose: this.#compose,
      colors: await this.#colors(),
    });
  }

  /** Both colors stand in the proxy's configuration from the beginning. */
  prepare(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  createRelease(request: StageRequest): Promise<Release> {
    return this.#compose.createRelease(request);
  }

  /** A release is its containers, and there are no others than those of the two colors. */
  async findRelease(imageTag: string): Promise<FoundRelease | undefined> {
    const { colors } = await this.inspect();
    for (const { release, standing } of COLORS.map((color) => colors[color]))
      if (release !== undefined && isImage(release.image, imageTag)) return { ...release, standing };
    return undefined;
  }

  async start(color: Color, release: Release, count: number, options: { warm: boolean }): Promise<void> {
    await this.#refuseLive(color);
    await this.#lifecycle.start(color, release, count, options);
    await this.#health.started(color, count);
  }

  health(color: Color, since?: number): Promise<Health> {
    return this.#health.look(color, since);
  }

  diagnose(color: Color): Promise<Failure | undefined> {
    return this.#health.diagnose(color);
  }

  async splitting(): Promise<readonly Problem[]> {
    const { shares, description } = this.#proxy;
    if (shares !== undefined) return shares.problems();
    return [
      {
        message: `${description} gives all traffic to one color: it can’t shift in steps.`,
        fix: 'Write shift: all-at-once, or put HAProxy in front (docs/docker.md).',
        forceable: false,
      },
    ];
  }

  async shift(weights: Weights): Promise<void> {
    const to = COLORS.find((color) => isAllOn(weights, color));
    // While both have some, a reboot brings back the one that had all.
    if (to === undefined) return this.#split(weights);
    const { blue, green } = await this.#colors();
    const { settings } = this.#options;
    const running = { blue: runningOf(blue, settings), green: runningOf(green, settings) };
    // From the moment at which users may be there, a reboot must bring it back.
    await this.#proxy.shift(to, running, () => this.#lifecycle.live(to));
  }

  /** The proxy decides at each request: what it says is what it does, unless it resolves names (`alias`). */
  settled(): Promise<true | 'unknown'> {
    return Promise.resolve(this.propagationMs === 0 ? true : 'unknown');
  }

  lingerMs(): Promise<number> {
    return Promise.resolve(0);
  }

  inFlight(color: Color): Promise<number | 'unknown'> {
    return this.#proxy.inFlight(color);
  }

  async park(color: Color, keep: number): Promise<void> {
    await this.#refuseLive(color);
    await this.#lifecycle.park(color, keep);
    await this.#lifecycle.dropReplaced();
    if (!this.#options.prune) return;
    const { app, environment, settings, progress } = this.#options;
    const { removed, waitsFor } = await pruneImages({
      docker: this.#docker,
      app,
      environment,
      image: settings.image,
    });
    if (removed.length > 0) progress(`Removed images that nobody needs any more: ${removed.join(', ')}.`);
    if (waitsFor !== undefined) progress(`Images stay for now: a run of ${waitsFor} may need them.`);
  }

  async restore(color: Color, releaseId: string, count: number): Promise<void> {
    await this.#refuseLive(color);
    await this.#lifecycle.restore(color, releaseId, count);
  }

  async mark(color: Color, standing: Standing, liveSince?: number): Promise<void> {
    await this.#standings.mark(color, standing, liveSince);
  }

  async preview(): Promise<Preview | undefined> {
    const weights = await this.#proxy.weights();
    const idle = COLORS.find((color) => weights[color] === 0);
    if (idle === undefined) return undefined;
    const instance = (await this.#instances())[idle].find(({ address }) => address !== '');
    if (instance === undefined) return undefined;
    const { address, port } = instance;
    const lastingUrl = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
    const url = await this.#options.host.url({ host: address, port });
    // The container's own address: there is nothing on the way that would first have to hear of it.
    return { url, lastingUrl, headers: {}, since: 0 };
  }

  setup(): Promise<readonly string[]> {
    const { health } = this.#options;
    return setupDocker({
      ...this.#options,
      docker: this.#docker,
      proxy: this.#proxy,
      healthPath: health.path,
    });
  }

  async close(): Promise<void> {
    this.#docker.api.close();
    await this.#options.host.close();
  }

  #colors(): Promise<PerColor<ColorContainers>> {
    return readColors({ ...this.#options, docker: this.#docker });
  }

  async #instances(): Promise<PerColor<readonly Instance[]>> {
    const { blue, green } = await this.#colors();
    const { settings } = this.#options;
    return { blue: instancesOf(blue, settings), green: instancesOf(green, settings) };
  }

  async #split(weights: Weights): Promise<void> {
    const { shares } = this.#proxy;
    if (shares === undefined) throw new TypeError('no shares here: ask splitting() first');
    for (const color of COLORS) if (weights[color] > 0) await this.#lifecycle.complete(color);
    await shares.set(weights);
  }

  /** Whoever calls this is about to change the color: no user may be on it. */
  async #refuseLive(color: Color): Promise<void> {
    const weights = await this.#proxy.weights();
    if (weights[color] === 0) return;
    throw new DeployError(`${color} carries ${weights[color]} % of the traffic and is not touched.`, {
      code: 'color-is-live',
      hint: 'Somebody moved the traffic during this run. Run the operation again: it goes on from what it finds.',
    });
  }
}
