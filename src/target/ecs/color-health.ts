import type { Deployment, Service } from '@aws-sdk/client-ecs';
import type { EcsSettings } from '../../config/environment.ts';
import type { Color, Weights } from '../../release/color.ts';
import type { Failure, Health } from '../target.ts';
import { Anchor } from './anchor.ts';
import { releaseId } from './arn.ts';
import type { Aws } from './aws.ts';
import { explain, look } from './health.ts';
import type { LogTail } from './log-tail.ts';
import type { Places } from './places.ts';
import { primaryDeployment, type Services } from './services.ts';
import type { Tasks } from './tasks.ts';
import { containerOf, groupsOf } from './wiring.ts';

export interface ColorHealthOptions {
  readonly aws: Aws;
  readonly settings: EcsSettings;
  readonly tasks: Tasks;
  readonly places: Places;
  readonly logs: LogTail;
}

/** The health of the two services that have traffic, bound to what this run started there. */
export class ColorHealth {
  readonly #options: ColorHealthOptions;
  /** Which deployment of a color's service counts; set by `started`, else the one that is primary at first sight. */
  readonly #anchors = new Map<Color, Anchor>();
  /** What this run has set: the count of a color with users is for its own scaling to change. */
  #weights: Weights | undefined;

  constructor(options: ColorHealthOptions) {
    this.#options = options;
  }

  /** This run started the deployment, or changed the count of one that was there (`woken`). */
  started(color: Color, deployment: Deployment | undefined, count: number, state: 'fresh' | 'woken'): void {
    this.#anchors.set(color, new Anchor(deployment, count, state));
  }

  forget(color: Color): void {
    this.#anchors.delete(color);
  }

  shifted(weights: Weights): void {
    this.#weights = weights;
  }

  /** Whether users are on it, so that fewer than this run asked for may be wanted by now. */
  isGiven(color: Color): boolean {
    return (this.#weights?.[color] ?? 0) > 0 || this.#anchors.get(color)?.isLive === true;
  }

  /** How many tasks were asked for. */
  asked(color: Color): number | undefined {
    return this.#anchors.get(color)?.wanted;
  }

  /** @param since for who comes later: ends count from then on, ms since the epoch */
  look(color: Color, services: Services, since?: number): Promise<Health> {
    const { settings, ...sources } = this.#options;
    const service = services[color];
    const anchor = this.#anchors.get(color) ?? anchorOf(service, since);
    this.#anchors.set(color, anchor);
    const container = containerOf(settings, services, color);
    return look({
      ...sources,
      service,
      anchor,
      // A schedule may want fewer once users are there: no failure. More are wanted when they have had their time.
      wanted: this.isGiven(color)
        ? Math.min(anchor.wanted, Math.max(1, service.desiredCount ?? 0))
        : anchor.wanted,
      hasUsers: this.isGiven(color),
      targetGroup: groupsOf(settings, services)[color],
      images: [container, ...Object.keys(settings.images)],
      container,
    });
  }

  /** Nothing where nobody has looked yet. */
  async explain(color: Color): Promise<Failure | undefined> {
    const anchor = this.#anchors.get(color);
    if (anchor?.last === undefined) return undefined;
    const { settings, logs } = this.#options;
    const [balancer] = anchor.last.service.loadBalancers ?? [];
    return explain(anchor, logs, settings.container ?? balancer?.containerName ?? '');
  }

  hasLooked(color: Color): boolean {
    return this.#anchors.get(color)?.last !== undefined;
  }
}

/** For what was there before this run. */
function anchorOf(service: Service, since: number | undefined): Anchor {
  const desired = service.desiredCount ?? 0;
  return since === undefined
    ? new Anchor(primaryDeployment(service), desired, 'found')
    : Anchor.ofLive(releaseId(service.taskDefinition ?? ''), desired, since);
}
