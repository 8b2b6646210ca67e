import type { EcsSettings } from '../../config/environment.ts';
import { DeployError } from '../../errors.ts';
import { type Color, otherColor, type PerColor, type Weights } from '../../release/color.ts';
import type { ColorState, Release, Situation, Standing } from '../../release/situation.ts';
import type { Course, TargetPlan } from '../plan.ts';
import type { Signals } from '../signals.ts';
import type {
  Failure,
  FoundRelease,
  Health,
  JournalStore,
  Preview,
  Problem,
  StageRequest,
  Target,
} from '../target.ts';
import { loadBalancerArn, releaseId } from './arn.ts';
import { type Aws, connect } from './aws.ts';
import { baseUrl } from './base-url.ts';
import { CloudWatch } from './cloud-watch.ts';
import { ColorHealth } from './color-health.ts';
import { ListenerLease } from './listener-lease.ts';
import { listenerProblems } from './listener-problems.ts';
import { liveColor } from './live-color.ts';
import { LogTail } from './log-tail.ts';
import { LookAhead, type Prospect } from './look-ahead.ts';
import { Releases } from './new-release.ts';
import { Places, sharesNetwork } from './places.ts';
import { planDeployment } from './plan.ts';
import { findProblems } from './preflight.ts';
import { PreviewRule } from './preview-rule.ts';
import { Registry } from './registry.ts';
import { asRelease, imagesOf } from './releases.ts';
import { RoleCredentials } from './role-credentials.ts';
import { EcsScaling } from './scaling.ts';
import { ScalingOfAll } from './scaling-of-all.ts';
import { journalOn, readJournal } from './service-journal.ts';
import { primaryDeployment, ServicePair, type Services } from './services.ts';
import { setUp } from './setup.ts';
import { signalsFrom } from './signals.ts';
import { liveSinceOf, markRelease, standingOf } from './standings.ts';
import { Stickiness } from './stickiness.ts';
import { TaskDefinitions } from './task-definitions.ts';
import { Tasks } from './tasks.ts';
import { type TargetGroups, Traffic } from './traffic.ts';
import { balancerOf, containerOf, groupsOf } from './wiring.ts';
import { Workers } from './workers.ts';

export interface EcsTargetOptions {
  readonly app: string;
  readonly environment: string;
  /** What users open; the preview goes through it too. */
  readonly url: string | undefined;
  readonly settings: EcsSettings;
  /** Aborted when the run is cancelled. */
  readonly signal?: AbortSignal;
}

/** Amazon ECS behind a load balancer: one service and one target group for each color. */
export class EcsTarget implements Target {
  readonly kind = 'ecs';
  readonly description: string;
  readonly propagationMs: number;
  readonly signals: Signals;
  readonly lock: PreviewRule | ListenerLease;
  readonly journal: JournalStore;
  readonly scaling: ScalingOfAll;
  readonly #options: EcsTargetOptions;
  readonly #settings: EcsSettings;
  readonly #aws: Aws;
  readonly #services: ServicePair;
  readonly #workers: Workers;
  readonly #mainScaling: EcsScaling;
  readonly #definitions: TaskDefinitions;
  readonly #tasks: Tasks;
  readonly #health: ColorHealth;
  readonly #releases: Releases;
  readonly #places: Places;
  readonly #logs: LogTail;
  readonly #registry: Registry;
  readonly #ahead: LookAhead;
  readonly #cloudWatch: CloudWatch;
  readonly #traffic: Traffic;
  readonly #stickiness: Stickiness;

  constructor(options: EcsTargetOptions) {
    const { app, environment, settings } = options;
    this.#options = options;
    this.#settings = settings;
    const { region, role } = settings;
    this.#aws = connect(region, {
      ...(role !== undefined && { credentials: new RoleCredentials({ role, region, env: process.env }) }),
      ...(options.signal && { signal: options.signal }),
    });
    this.#definitions = new TaskDefinitions(this.#aws);
    this.#tasks = new Tasks(this.#aws, settings);
    this.#places = new Places(this.#aws, settings);
    this.#logs = new LogTail(this.#aws, this.#definitions);
    this.#registry = new Registry(this.#aws);
    this.#ahead = new LookAhead({ aws: this.#aws, tasks: this.#tasks, registry: this.#registry });
    this.#cloudWatch = new CloudWatch(this.#aws);
    const carriesTraffic = async (color: Color) => {
      const groups = this.#groups(await this.#services.describe());
      return (await this.#traffic.weights(groups))[color] > 0;
    };
    const sources = {
      aws: this.#aws,
      settings,
      tasks: this.#tasks,
      places: this.#places,
      logs: this.#logs,
    };
    this.#health = new ColorHealth(sources);
    this.#workers = new Workers({ ...sources, definitions: this.#definitions, carriesTraffic });
    this.#services = new ServicePair(this.#aws, settings, { along: this.#workers.pairs });
    this.#traffic = new Traffic(this.#aws, settings.listeners);
    this.#releases = new Releases({
      settings,
      services: this.#services,
      definitions: this.#definitions,
      registry: this.#registry,
      workers: this.#workers,
    });
    this.#stickiness = new Stickiness(this.#aws, this.#services, this.#traffic);
    this.signals = signalsFrom(this.#cloudWatch, this.#traffic.rules, async () =>
      this.#groups(await this.#services.known()),
    );
    this.propagationMs = settings.propagation;
    this.description = `ECS ${settings.region}/${settings.cluster}, ${settings.services.blue} | ${settings.services.green}`;
    const { listenerArn } = this.#traffic.rules[0]!;
    const locked = { app, environment, listenerArn };
    const rule = () =>
      new PreviewRule(this.#aws, {
        ...locked,
        priority: settings['preview-priority'],
        idleGroup: async () => {
          const groups = this.#groups(await this.#services.known());
          return groups[otherColor(liveColor(await this.#traffic.weights(groups), undefined))];
        },
      });
    this.lock = this.#traffic.isNetwork ? new ListenerLease(this.#aws, locked) : rule();
    this.#mainScaling = new EcsScaling({
      aws: this.#aws,
      settings,
      services: this.#services,
      asked: (color) => this.#health.asked(color),
      carriesTraffic,
    });
    this.scaling = new ScalingOfAll(this.#mainScaling, this.#workers);
    this.journal = journalOn(this.#services, this.#workers);
  }

  async inspect(): Promise<Situation> {
    const services = await this.#services.describe();
    const weights = await this.#traffic.weights(this.#groups(services));
    const journal = readJournal(services);
    const colors: PerColor<ColorState> = {
      blue: await this.#state(services, 'blue'),
      green: await this.#state(services, 'green'),
    };
    return { live: liveColor(weights, journal?.from), weights, colors, journal };
  }

  async preflight(request: StageRequest, { readOnly }: { readOnly: boolean }): Promise<readonly Problem[]> {
    const { color, imageTag } = request;
    const services = await this.#services.recent();
    const live = otherColor(color);
    if (!readOnly) await this.#mainScaling.check(services, live);
    const definition = await this.#definitions.get(services[live].taskDefinition ?? '');
    const groups = this.#groups(services);
    // Machines have to be looked up then; whether that is allowed is found out now.
    if (sharesNetwork(definition))
      await this.#places.learn(await this.#tasks.running(services[live].serviceName ?? ''));
    const found = await findProblems({
      aws: this.#aws,
      settings: this.#settings,
      services,
      groups,
      definition,
      container: this.#container(services, live),
      imageTag,
      loadBalancer: balancerOf(this.#traffic.rules[0]!.listenerArn),
      workers: await this.#workers.definitions(live),
    });
    const ofListeners = await listenerProblems({
      aws: this.#aws,
      rules: this.#traffic.rules,
      groups,
      held: await this.#traffic.held(),
      priority: this.#settings['preview-priority'],
      url: this.#options.url,
    });
    const ahead = await this.#ahead.look(() => this.#prospect(request), { readOnly });
    return [
      ...found,
      ...(await this.#workers.preflight(live, { readOnly })),
      ...ofListeners,
      ...ahead.problems,
    ];
  }

  async plan(request: StageRequest, course: Course): Promise<TargetPlan> {
    const services = await this.#services.recent();
    const ahead = await this.#ahead.look(() => this.#prospect(request), { readOnly: true });
    const plan = await planDeployment({
      request,
      course,
      aws: this.#aws,
      settings: this.#settings,
      services,
      groups: this.#groups(services),
      container: this.#container(services, otherColor(request.color)),
      definitions: this.#definitions,
      registry: this.#registry,
      traffic: this.#traffic,
      scaling: this.#mainScaling,
      workers: this.#workers.all,
    });
    return { ...plan, notes: [...plan.notes, ...ahead.notes] };
  }

  async prepare(): Promise<string | undefined> {
    const groups = this.#groups(await this.#services.known());
    const detached = await this.#traffic.detached(groups);
    if (detached.length === 0) return undefined;
    const weights = await this.#traffic.weights(groups);
    const held = await this.#stickiness.forSecondGroup(groups);
    await this.#traffic.set(groups, weights, held.hold);
    const names = detached.map(({ arn }) => arn).join(', ');
    return `Both target groups are attached now, at blue ${weights.blue} and green ${weights.green}, so that the idle one is health-checked${held.said}: ${names}`;
  }

  async setup(announce: (lines: readonly string[]) => void): Promise<readonly string[]> {
    const { app, environment } = this.#options;
    return setUp(
      {
        app,
        environment,
        alarms: this.#settings.alarms,
        cloudWatch: this.#cloudWatch,
        traffic: this.#traffic,
        groups: this.#groups(await this.#services.known()),
        attach: () => this.prepare(),
      },
      announce,
    );
  }

  createRelease(request: StageRequest): Promise<Release> {
    return this.#releases.create(request);
  }

  findRelease(imageTag: string): Promise<FoundRelease | undefined> {
    return this.#releases.find(imageTag);
  }

  async start(
    color: Color,
    release: Release,
    count: number,
    { warm: keepsTasks }: { warm: boolean },
  ): Promise<void> {
    const service = await this.#idle(color);
    const primary = primaryDeployment(service);
    const same = releaseId(service.taskDefinition ?? '') === release.id;
    const warm = keepsTasks && same && (service.runningCount ?? 0) > 0 && primary?.rolloutState !== 'FAILED';
    // desiredCount alone starts no deployment, and wakes a parked service without a circuit breaker to guard it; so a
    // cold one is deployed anew, in one call. A warm one keeps its tasks: they are what makes a rollback quick.
    const updated = await this.#services.update(
      color,
      warm
        ? { desiredCount: count }
        : { taskDefinition: release.id, desiredCount: count, forceNewDeployment: true },
    );
    this.#health.started(color, primaryDeployment(updated), count, warm ? 'woken' : 'fresh');
    // Where nothing was ever live there is no count to go by, and one is enough to prove the release.
    const least = (this.#services.seen[otherColor(color)]?.desiredCount ?? 0) === 0 ? 1 : 0;
    await this.#workers.start(color, { warm: keepsTasks, least });
  }

  async health(color: Color, since?: number): Promise<Health> {
    const main = await this.#health.look(color, await this.#services.describe(), since);
    return this.#workers.join(color, main, { given: this.#health.isGiven(color), since });
  }

  async diagnose(color: Color): Promise<Failure | undefined> {
    if (!this.#health.hasLooked(color)) return undefined;
    return (await this.#workers.diagnose(color)) ?? this.#health.explain(color);
  }

  /** Load balancers weigh in single percents. */
  splitting(): Promise<readonly Problem[]> {
    return Promise.resolve([]);
  }

  async shift(weights: Weights): Promise<void> {
    const services = await this.#services.describe();
    const groups = this.#groups(services);
    const hold = await this.#stickiness.forShift(services, groups, weights);
    // Attached to nothing, a group is not health-checked, and the way back would lead to targets in `unused`.
    if (hold.without !== undefined) await this.lock.way(hold.without);
    await this.#traffic.set(groups, weights, hold);
    this.#health.shifted(weights);
  }

  /** ELBv2 has no call that tells how far its nodes are. */
  settled(): Promise<'unknown'> {
    return Promise.resolve('unknown');
  }

  /** ALB counts no requests in flight; when tasks stop, their targets are drained by the load balancer itself. */
  inFlight(): Promise<'unknown'> {
    return Promise.resolve('unknown');
  }

  async lingerMs(): Promise<number> {
    return 1000 * (await this.#stickiness.seconds(await this.#services.describe()));
  }

  async park(color: Color, keep: number): Promise<void> {
    await this.#idle(color);
    await this.#putStickinessBack();
    await this.#services.update(color, { desiredCount: keep });
    await this.#workers.park(color);
  }

  async restore(color: Color, release: string, count: number): Promise<void> {
    await this.#idle(color);
    await this.#putStickinessBack();
    this.#health.forget(color);
    // Always both: what DescribeServices shows right after a change may still be the picture before it.
    await this.#services.update(color, {
      ...(release === '' ? {} : { taskDefinition: release }),
      desiredCount: count,
    });
    await this.#workers.restore(color);
  }

  mark(color: Color, standing: Standing, liveSince?: number): Promise<void> {
    return markRelease(this.#services, color, standing, liveSince);
  }

  async preview(): Promise<Preview | undefined> {
    const groups = this.#groups(await this.#services.known());
    const live = liveColor(await this.#traffic.weights(groups), undefined);
    const way = await this.lock.way(groups[otherColor(live)]);
    if (way === undefined) return undefined;
    return { url: await baseUrl(this.#aws, this.#traffic.rules[0]!.listenerArn, this.#options.url), ...way };
  }

  async close(): Promise<void> {
    this.#aws.ecs.destroy();
    this.#aws.elb.destroy();
    this.#logs.close();
    await this.#registry.close();
    this.#ahead.close();
    await this.#cloudWatch.close();
    await this.scaling.close();
    await this.#workers.close();
  }

  /** The service, after making sure that no user can reach it: whoever calls this is about to change it. */
  async #idle(color: Color) {
    const services = await this.#services.describe();
    const weights = await this.#traffic.weights(this.#groups(services));
    if (weights[color] === 0) return services[color];
    throw new DeployError(`${color} carries ${weights[color]} % of the traffic and is not touched.`, {
      code: 'color-is-live',
      hint: 'Somebody moved the traffic during this run. Run the operation again: it goes on from what it finds.',
    });
  }

  async #putStickinessBack(): Promise<void> {
    const services = await this.#services.describe();
    await this.#stickiness.putBack(services, this.#groups(services));
  }

  async #state(services: Services, color: Color): Promise<ColorState> {
    const service = services[color];
    const definition = await this.#definitions.get(service.taskDefinition ?? '');
    const release = asRelease(definition, this.#container(services, color));
    return {
      release,
      standing: standingOf(services, color, release.id),
      liveSince: liveSinceOf(services, color, release.id),
      desired: service.desiredCount ?? 0,
      running: service.runningCount ?? 0,
      ...(this.#workers.all.length > 0 && {
        workers: this.#workers.desired(color),
        lags: this.#workers.lags(color),
      }),
    };
  }

  /** What a deployment would start. */
  async #prospect(request: StageRequest): Promise<Prospect> {
    const { color } = request;
    const services = await this.#services.recent();
    const main = {
      service: services[color],
      definition: await this.#definitions.get(services[otherColor(color)].taskDefinition ?? ''),
      images: imagesOf(this.#settings, this.#container(services, otherColor(color)), request),
    };
    return {
      starting: [main, ...(await this.#workers.starting(request))],
      services: [services.blue, services.green],
      loadBalancer: loadBalancerArn(this.#traffic.rules[0]!.listenerArn),
    };
  }

  #groups(services: Services): TargetGroups {
    return groupsOf(this.#settings, services);
  }

  #container(services: Services, color: Color): string {
    return containerOf(this.#settings, services, color);
  }
}
