import type { Color } from '../../release/color.ts';
import type { Failure, Health } from '../target.ts';
import {
  addressOf,
  type ColorContainers,
  type Container,
  type ContainersOptions,
  instancesOf,
  readColors,
  stateOf,
} from './containers.ts';
import { diagnose, healthOf, type Seen, type Sight } from './diagnosis.ts';
import { type Baseline, baselineOf, endOf } from './ends.ts';
import type { DockerHost } from './host.ts';
import { probe } from './probe.ts';
import { keptRunning } from './project-order.ts';
import type { Proxy as TrafficProxy } from './proxy/proxy.ts';

export interface HealthOptions extends ContainersOptions {
  readonly host: DockerHost;
  readonly proxy: Pick<TrafficProxy, 'ready'>;
  /** `health.path` */
  readonly path?: string;
}

/** How long a container may take to answer, in ms: one that hangs must not keep a look from being one. */
const PROBE_MS = 5_000;

interface Member {
  readonly name: string;
  readonly baseline: Baseline;
}

/** The containers that count, each with what it was like when it began to. Everything else is not our release. */
interface Anchor {
  readonly members: Map<string, Member>;
  /** How many containers must take the traffic. */
  readonly wanted: number;
  last?: Sight;
}

/** Looks at the health of a color's containers, by identity: those that this run started, or found. */
export class ContainerHealth {
  readonly #options: HealthOptions;
  readonly #anchors = new Map<Color, Anchor>();

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  /** To be called once the color's containers were started: from now on, exactly those count. */
  async started(color: Color, count: number): Promise<void> {
    const { all } = (await readColors(this.#options))[color];
    this.#anchors.set(color, anchorOf(all, count));
  }

  /**
   * One look. What this process did not start is known by its release.
   * @param since from when on a restart counts that this process did not see, ms since the epoch
   */
  async look(color: Color, since?: number): Promise<Health> {
    const containers = (await readColors(this.#options))[color];
    const anchor = this.#anchors.get(color) ?? found(containers, since);
    this.#anchors.set(color, anchor);
    const { wanted } = anchor;
    const missing = [...anchor.members].filter(([id]) => !containers.all.some((one) => one.id === id));
    if (missing.length > 0)
      return superseded(
        missing.map(([, { name }]) => name),
        wanted,
      );
    const seen = await this.#see(containers, anchor);
    if (seen.some(({ end }) => end !== undefined)) {
      anchor.last = { seen, detail: '', proxy: '' };
      const failure = await this.#diagnose(anchor.last);
      return { ready: 0, wanted, detail: failure.reason, failure };
    }
    const kept = keptRunning(containers.all);
    for (const one of seen.filter(({ takesTraffic }) => !takesTraffic)) {
      const { id } = one.container;
      if (kept.has(one.container)) {
        // What it did until now is well, and is not asked of the engine's events again.
        if (!isRestarting(one.container)) anchor.members.set(id, memberOf(one.container));
      } else if (isDone(one)) {
        // A job that has done its work may be removed by whoever clears up.
        anchor.members.delete(id);
      }
    }
    const proven = seen.filter(isProven);
    const pending = seen.filter((one) => !one.takesTraffic && isPending(one));
    const strangers = containers.traffic.filter((one) => one.isUp && !anchor.members.has(one.id)).length;
    const instances = instancesOf(
      { ...containers, traffic: proven.map(({ container }) => container) },
      this.#options.settings,
    );
    const proxy =
      instances.length === 0 ? { ready: 0, detail: '' } : await this.#options.proxy.ready(color, instances);
    // Users would get what another release still runs; and what a service needs must be there before they come.
    const most = strangers > 0 || pending.length > 0 ? Math.max(wanted - 1, 0) : wanted;
    const ready = Math.min(proxy.ready, proven.length, most);
    const detail = describe(ready, wanted, seen, pending, strangers, proxy.detail);
    anchor.last = { seen, detail, proxy: proxy.detail };
    return { ready, wanted, detail };
  }

  /** What `look` saw last, put together for when patience is over. */
  async diagnose(color: Color): Promise<Failure | undefined> {
    const last = this.#anchors.get(color)?.last;
    return last === undefined ? undefined : this.#diagnose(last);
  }

  #diagnose(sight: Sight): Promise<Failure> {
    const { docker, settings } = this.#options;
    return diagnose(sight, { docker, port: settings.port });
  }

  /** All containers that count, at once. */
  #see({ all, traffic }: ColorContainers, { members }: Anchor): Promise<Seen[]> {
    const { docker, host, path, settings } = this.#options;
    const kept = keptRunning(all);
    return Promise.all(
      all
        .filter(({ id }) => members.has(id))
        .map(async (container) => {
          const takesTraffic = traffic.includes(container);
          const { baseline } = members.get(container.id)!;
          const role = { takesTraffic, isKept: !takesTraffic && kept.has(container) };
          const end = await endOf(docker, container, baseline, role);
          const address = addressOf(container, settings.network);
          const isRunning = container.inspected.State.Status === 'running';
          if (end !== undefined || !takesTraffic || !isRunning || address === '')
            return { container, takesTraffic, end };
          const probed = await probe({ host, address, port: settings.port, path, timeout: PROBE_MS });
          return { container, takesTraffic, probed };
        }),
    );
  }
}

const anchorOf = (containers: readonly Container[], wanted: number, since?: number): Anchor => ({
  members: new Map(containers.map((one) => [one.id, memberOf(one, since)])),
  wanted,
});

const memberOf = (container: Container, since?: number): Member => ({
  name: container.name,
  baseline: baselineOf(container, since),
});

/** A color that another process started: everything on it that carries the release's label. */
function found(containers: ColorContainers, since?: number): Anchor {
  const { release } = stateOf(containers);
  const traffic = containers.traffic.filter((one) => one.release.id === release?.id);
  return anchorOf([...traffic, ...containers.others], traffic.length, since);
}

const superseded = (names: readonly string[], wanted: number): Health => {
  const reason = `${names.join(', ')} was removed by somebody else`;
  return {
    ready: 0,
    wanted,
    detail: reason,
    failure: {
      code: 'superseded',
      reason,
      hint: 'Look for another deployment, a person, or a clean-up job at work on this host.',
      details: [],
    },
  };
};

const isProven = ({ container, takesTraffic, probed }: Seen): boolean =>
  takesTraffic && probed?.ok === true && ['', 'none', 'healthy'].includes(healthOf(container));

/**
 * Of another service, without an end that would be told: it has done its work, or is between two runs. What Docker is to
 * keep running comes back with its policy, which only the release's being staged keeps it from (Lifecycle.live).
 */
const isDone = ({ container, takesTraffic }: Seen): boolean =>
  !takesTraffic && (container.inspected.State.Status === 'exited' || isRestarting(container));

const isRestarting = ({ inspected }: Container): boolean => inspected.State.Status === 'restarting';

/** Another service that is not there yet. */
const isPending = ({ container, takesTraffic }: Seen): boolean =>
  !isDone({ container, takesTraffic }) &&
  (container.inspected.State.Status !== 'running' || !['', 'none', 'healthy'].includes(healthOf(container)));

/** `1 of 3 healthy; 2 GET /health answered 503; db starting`, and whatever else stands in the way. */
function describe(
  ready: number,
  wanted: number,
  seen: readonly Seen[],
  pending: readonly Seen[],
  strangers: number,
  proxy: string,
): string {
  const counts = new Map<string, number>();
  for (const one of seen.filter((each) => each.takesTraffic && !isProven(each))) {
    const text = stateText(one);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [
    `${ready} of ${wanted} healthy`,
    ...[...counts].map(([text, count]) => `${count} ${text}`),
    ...pending.map((one) => `${one.container.name} ${stateText(one)}`),
    ...(strangers > 0 ? [`${strangers} of another release still run`] : []),
    ...(proxy === '' ? [] : [`proxy: ${proxy}`]),
  ].join('; ');
}

function stateText({ container, probed }: Seen): string {
  const { Status } = container.inspected.State;
  if (Status !== 'running') return Status;
  if (probed?.ok === false) return probed.text;
  const health = healthOf(container);
  return health === '' || health === 'none' ? 'without an address on the network' : health;
}
