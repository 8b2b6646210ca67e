import { DeployError } from '../../errors.ts';
import type { Color } from '../../release/color.ts';
import type { Release } from '../../release/situation.ts';
import { TransientError } from '../target.ts';
import { causeOf } from './causes.ts';
import {
  type ColorContainers,
  type Container,
  type ContainersOptions,
  labelOf,
  policyOf,
  readColors,
} from './containers.ts';
import { Creator } from './creator.ts';
import { DependencyWait } from './dependency-wait.ts';
import { DockerError, isMissing } from './docker-error.ts';
import { COMPOSE_PROJECT, LABELS, projectName } from './names.ts';
import type { Projects } from './project.ts';
import { finishedJobs, inOrder, keptRunning } from './project-order.ts';
import { RestartNotes } from './restart-notes.ts';
import { hasLivePolicies, setLivePolicies, setPolicy } from './restart-policy.ts';
import { Stash } from './stash.ts';
import type { StashContainer } from './stash-container.ts';

export interface LifecycleOptions extends ContainersOptions {
  readonly stash: StashContainer;
  readonly projects: Projects;
  /** One line for the log. */
  readonly progress: (message: string) => void;
  /** How long services may take for what others wait for (`depends_on`), in ms. */
  readonly healthTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Called before stopped containers of the traffic's service are started, with their ids. */
  readonly beforeStart?: (color: Color, ids: readonly string[]) => Promise<void>;
}

/** How long Docker waits for a container to end when nothing is set, in seconds. */
const STOP_TIMEOUT_S = 10;
/** What Docker itself may take beyond that, in ms. */
const PATIENCE_MS = 60_000;
/** How long users, or whoever undoes a release, wait for a service beside the one that they come for, in ms. */
const BRIEFLY_MS = 10_000;

/**
 * The containers of a color through its life: started, given the users, parked, put back. Each of these reads first what
 * is there and does what is missing, so that it can be done again by whoever comes after a run that died in it.
 */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #creator: Creator;
  readonly #stash: Stash;
  readonly #notes: RestartNotes;

  constructor(options: LifecycleOptions) {
    this.#options = options;
    this.#creator = new Creator(options.docker);
    this.#stash = new Stash({ ...options, creator: this.#creator, service: options.settings.service });
    this.#notes = new RestartNotes(options);
  }

  /**
   * `Target.start`: the parked containers themselves when they are wanted `warm` and hold this release; else all anew,
   * once what is there has been stashed.
   */
  async start(color: Color, release: Release, count: number, { warm }: { warm: boolean }): Promise<void> {
    const found = await this.#read(color);
    const isThere = found.traffic.length > 0 && found.traffic.every((one) => one.release.id === release.id);
    if (warm && isThere) return this.#wake(color, found, count);
    if (warm)
      throw new DeployError(`The containers of ${release.image} are no longer on ${color}.`, {
        code: 'release-gone',
        hint: 'Somebody removed or replaced them. Deploy that image instead.',
      });
    await this.#stash.keep(color, found);
    await this.#options.projects.up(color, release, count);
  }

  /**
   * Right before the color gets all the traffic: from now on, a reboot of the host brings it back. Those that take the
   * traffic come last: as long as one of them lacks its policy, a run that died in here is gone on from.
   */
  async live(color: Color): Promise<void> {
    const { all, traffic, others } = await this.#read(color);
    const isLive = hasLivePolicies(all, this.#options.settings.service);
    await this.#setLivePolicies(others);
    if (!isLive) await this.#startKept(all, others);
    await this.#setLivePolicies(traffic);
  }

  /**
   * Right before the color gets a share of the users: what Docker is to keep running, and only stays down as it isn't
   * let, runs. Where it is let, somebody stopped it by hand, who will have a reason.
   */
  async complete(color: Color): Promise<void> {
    const { all, others } = await this.#read(color);
    const isLet = (one: Container) => policyOf(one) === one.restart;
    await this.#startKept(
      all,
      others.filter((one) => !isLet(one)),
    );
  }

  /** `Target.park`: the color's containers stop, but for `keep` of those that took the traffic, and what they need. */
  async park(color: Color, keep: number): Promise<void> {
    await this.#settle(color, await this.#read(color), keep);
  }

  /** `Target.restore`: the release that was refused is gone, and the one that was parked here is as it was. */
  async restore(color: Color, releaseId: string, count: number): Promise<void> {
    const { all } = await this.#read(color);
    const stashed = await this.#stash.read(color);
    if (stashed?.length === 0 && releaseId === '') {
      await this.#remove(all);
      await this.#removeNetworks(color);
      return;
    }
    if (stashed === undefined) {
      // Nothing was started, or somebody's clean-up took the stash. What is not of that release was added by the one that
      // is refused.
      const isForeign = (one: Container) =>
        labelOf(one.inspected, LABELS.release) !== '' && one.release.id !== releaseId;
      await this.#remove(all.filter(isForeign));
    } else {
      const present = all.filter((one) => stashed.some((before) => Stash.isSame(one, before)));
      // Jobs that are done were not stashed, but as long as they are there, they may stay.
      const finished = finishedJobs(all, this.#options.settings.service);
      const isDone = (one: Container) => finished.has(one) && one.release.id === releaseId;
      await this.#remove(all.filter((one) => !present.includes(one) && !isDone(one)));
      await this.#stash.putBack(stashed, present);
    }
    await this.#settle(color, await this.#read(color), count);
  }

  /**
   * A release was accepted: the containers that it replaced never come back, nor do the anonymous volumes which Docker
   * had made for them. Volumes that something else has come to use stay, as Docker refuses to remove them.
   */
  async dropReplaced(): Promise<void> {
    const { docker } = this.#options;
    for (const volume of await this.#stash.anonymousVolumes())
      try {
        await docker.run(['volume', 'rm', volume]);
      } catch (error) {
        if (!(error instanceof DockerError)) throw error;
      }
    await this.#notes.forgetGone(await readColors(this.#options));
  }

  async #read(color: Color): Promise<ColorContainers> {
    return this.#notes.applied(color, (await readColors(this.#options))[color]);
  }

  /** Starts the containers that are there, and as many more like them as are wanted. */
  async #wake(color: Color, containers: ColorContainers, count: number): Promise<void> {
    const { settings } = this.#options;
    const { all, traffic } = containers;
    // As with a new release: until it has the users, a crash must be an end that can be seen, not a loop.
    await this.#takePolicies(color, containers);
    const [template, ...copies] = traffic as [Container, ...Container[]];
    // A run may have died over a copy before that was connected everywhere, or had its files.
    for (const one of copies) await this.#creator.complete(template, one);
    const { docker, progress, signal, healthTimeoutMs: limitMs } = this.#options;
    const wait = new DependencyWait({ docker, progress, signal, limitMs });
    const finished = finishedJobs(all, settings.service);
    const wanted = all.filter((one) => !finished.has(one));
    // Whoever goes back has nowhere better to go; if it can't do without, health will say so.
    const before = (waiting: readonly Container[]) =>
      wait.before(waiting, wanted).catch(tellTo(progress, signal));
    for (const group of inOrder(wanted)) {
      await before(group);
      await this.#startAll(color, group);
    }
    let number = Math.max(...traffic.map((one) => one.number));
    const added: Container[] = [];
    for (let missing = count - traffic.length; missing > 0; missing -= 1) {
      number += 1;
      const name = `${projectName(this.#options.app, this.#options.environment, color)}-${settings.service}-${number}`;
      const id = await this.#creator.copy(template.id, name, number);
      added.push({ ...template, id, name, isUp: false });
    }
    await before(added);
    await this.#startAll(color, added);
  }

  /** No restart by itself any more, and exactly `count` containers of the traffic's service up; with none, nothing is. */
  async #settle(color: Color, containers: ColorContainers, count: number): Promise<void> {
    const { all, traffic, others } = containers;
    await this.#takePolicies(color, containers);
    if (count === 0) {
      // First who takes the traffic, then what that needs: so their ends tell which of the others had ended before.
      await this.#stop(traffic);
      for (const group of inOrder(others).toReversed()) await this.#stop(group);
      return;
    }
    const finished = finishedJobs(all, this.#options.settings.service);
    const staying = traffic
      .toSorted((a, b) => Number(b.isUp) - Number(a.isUp) || a.number - b.number)
      .slice(0, count);
    const wanted = [...others.filter((one) => !finished.has(one)), ...staying];
    const { docker, progress } = this.#options;
    // Not until the run is cancelled: this may be what is done after that.
    const wait = new DependencyWait({ docker, progress, limitMs: BRIEFLY_MS });
    for (const group of inOrder(wanted)) {
      // What only stays warm is no reason to fail: whoever goes back to it starts what ended.
      await wait.before(group, wanted).catch(tellTo(progress));
      await this.#startAll(color, group);
    }
    await this.#stop(traffic.filter((one) => !staying.includes(one)));
  }

  async #takePolicies(color: Color, containers: ColorContainers): Promise<void> {
    await this.#notes.keep(color, containers);
    await setPolicy(this.#options.docker, containers.all, 'no');
  }

  #setLivePolicies(containers: readonly Container[]): Promise<void> {
    return setLivePolicies(this.#options.docker, containers, this.#options.settings.service);
  }

  /**
   * Starts what Docker would, had we let it. One that can't be started keeps nobody from users, as this may be their
   * way back from a bad release; on their way to a new one, whoever watches its health sees what is missing.
   */
  async #startKept(all: readonly Container[], which: readonly Container[]): Promise<void> {
    const kept = keptRunning(all);
    // What was brought up by hand, and has its policy, is down by its owner's will.
    const isTheirs = (one: Container) =>
      labelOf(one.inspected, LABELS.restart) === '' && policyOf(one) !== 'no';
    const down = which.filter((one) => kept.has(one) && !one.isUp && !isTheirs(one));
    for (const group of inOrder(down)) {
      const started = await Promise.allSettled(group.map((one) => this.#startOne(one, BRIEFLY_MS)));
      for (const one of started) {
        if (one.status === 'fulfilled') continue;
        if (!(one.reason instanceof DeployError || one.reason instanceof TransientError)) throw one.reason;
        this.#options.progress(one.reason.message);
      }
    }
  }

  /** At once; those that can be started are, whatever becomes of the others. */
  async #startAll(color: Color, containers: readonly Container[]): Promise<void> {
    const down = containers.filter((one) => !one.isUp);
    if (down.length === 0) return;
    const ids = down.filter((one) => one.service === this.#options.settings.service).map(({ id }) => id);
    if (ids.length > 0) await this.#options.beforeStart?.(color, ids);
    const started = await Promise.allSettled(down.map((one) => this.#startOne(one)));
    for (const one of started) if (one.status === 'rejected') throw one.reason;
  }

  async #startOne({ id, name }: Container, timeout = PATIENCE_MS): Promise<void> {
    try {
      await this.#options.docker.run(['container', 'start', id], { timeout });
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      const cause = causeOf({ start: error.message });
      throw new DeployError(
        `${name} can't be started: ${cause === undefined ? '' : `${cause.title}: `}${error.message}`,
        {
          code: 'start-failed',
          hint: cause?.hint ?? 'Docker’s own words say what stands in its way.',
          cause: error,
        },
      );
    }
  }

  async #stop(containers: readonly Container[]): Promise<void> {
    const up = containers.filter((one) => one.isUp);
    if (up.length === 0) return;
    const longest = Math.max(...up.map(({ inspected }) => inspected.Config.StopTimeout ?? STOP_TIMEOUT_S));
    // A negative time-out means that Docker waits as long as it takes.
    const timeout = longest < 0 ? 3_600_000 : longest * 1000 + PATIENCE_MS;
    await unlessMissing(
      this.#options.docker.run(['container', 'stop', ...up.map(({ id }) => id)], { timeout }),
    );
  }

  /**
   * Removes what was refused, with the anonymous volumes that were made for it. Nobody is left whom its containers
   * serve; workers beside them get their time to put down what they hold.
   */
  async #remove(containers: readonly Container[]): Promise<void> {
    if (containers.length === 0) return;
    const { docker, settings } = this.#options;
    await this.#stop(containers.filter(({ service }) => service !== settings.service));
    await unlessMissing(
      docker.run(['container', 'rm', '--force', '--volumes', ...containers.map(({ id }) => id)], {
        timeout: PATIENCE_MS,
      }),
    );
  }

  /** Those that Compose made for the project; what somebody else uses stays. */
  async #removeNetworks(color: Color): Promise<void> {
    const { docker, app, environment } = this.#options;
    const project = projectName(app, environment, color);
    const listed = await docker.run([
      ...['network', 'ls', '--quiet', '--filter', `label=${COMPOSE_PROJECT}=${project}`],
    ]);
    for (const id of listed.split('\n').filter((line) => line !== ''))
      try {
        await docker.run(['network', 'rm', id]);
      } catch (error) {
        if (!(error instanceof DockerError)) throw error;
      }
  }
}

/** Of several containers, Docker does what it can and then complains of those that are gone. */
async function unlessMissing(running: Promise<unknown>): Promise<void> {
  try {
    await running;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** What has a reason is told, and no reason to stop; but for the end of the run itself. */
const tellTo = (progress: (message: string) => void, signal?: AbortSignal) => (error: unknown) => {
  if (!(error instanceof DeployError) || signal?.aborted) throw error;
  progress(error.message);
};
