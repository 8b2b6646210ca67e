import type { EcsSettings } from '../../config/environment.ts';
import { type Color, otherColor, type Weights } from '../../release/color.ts';
import type { Release, Situation, Standing } from '../../release/situation.ts';
import type { Course, TargetPlan } from '../plan.ts';
import type { Signals } from '../signals.ts';
import type {
  Failure,
  Following,
  FoundRelease,
  Health,
  JournalStore,
  Preview,
  Problem,
  StageRequest,
  Target,
} from '../target.ts';
import { loadBalancerArn } from './arn.ts';
import type { Aws } from './aws.ts';
import { baseUrl } from './base-url.ts';
import { CloudWatch } from './cloud-watch.ts';
import { ColorHealth } from './color-health.ts';
import { ColorTraffic } from './color-traffic.ts';
import { connectTo } from './connection.ts';
import { IdleColor } from './idle-color.ts';
import { ListenerLease } from './listener-lease.ts';
import { listenerProblems } from './listener-problems.ts';
import { LogTail } from './log-tail.ts';
import { LookAhead, type Prospect } from './look-ahead.ts';
import { Releases } from './new-release.ts';
import { Places, sharesNetwork } from './places.ts';
import { planDeployment } from './plan.ts';
import { findProblems } from './preflight.ts';
import { PreviewRule } from './preview-rule.ts';
import { Registry } from './registry.ts';
import { imagesOf } from './releases.ts';
import { EcsScaling } from './scaling.ts';
import { ScalingOfAll } from './scaling-of-all.ts';
import { journalOn } from './service-journal.ts';
import { ServicePair } from './services.ts';
import { setUp } from './setup.ts';
import { signalsFrom } from './signals.ts';
import { situationOf } from './situation.ts';
import { markRelease } from './standings.ts';
import { TaskDefinitions } from './task-definitions.ts';
import { Tasks } from './tasks.ts';
import { Traffic } from './traffic.ts';
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
  readonly #listeners: Traffic;
  readonly #traffic: ColorTraffic;
  readonly #idle: IdleColor;

  constructor(options: EcsTargetOptions) {
    const { app, environment, settings } = options;
    this.#options = options;
    this.#settings = settings;
    this.#aws = connectTo(settings, options.signal);
    this.#definitions = new TaskDefinitions(this.#aws);
    this.#tasks = new Tasks(this.#aws, settings);
    this.#places = new Places(this.#aws, settings);
    this.#logs = new LogTail(this.#aws, this.#definitions);
    this.#registry = new Registry(this.#aws);
    this.#ahead = new LookAhead({ aws: this.#aws, tasks: this.#tasks, registry: this.#registry });
    this.#cloudWatch = new CloudWatch(this.#aws);
    const carriesTraffic = (color: Color) => this.#traffic.carries(color);
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
    this.#listeners = new Traffic(this.#aws, settings.listeners);
    this.#traffic = new ColorTraffic({
      aws: this.#aws,
      settings,
      services: this.#services,
      listeners: this.#listeners,
    });
    this.#idle = new IdleColor({
      services: this.#services,
      traffic: this.#traffic,
      health: this.#health,
      workers: this.#workers,
    });
    this.#releases = new Releases({
      settings,
      services: this.#services,
      definitions: this.#definitions,
      registry: this.#registry,
      workers: this.#workers,
    });
    this.signals = signalsFrom(this.#cloudWatch, this.#listeners.rules, () => this.#traffic.groups());
    this.propagationMs = settings.propagation;
    this.description = `ECS ${settings.region}/${settings.cluster}, ${settings.services.blue} | ${settings.services.green}`;
    const { listenerArn } = this.#listeners.rules[0]!;
    const locked = { app, environment, listenerArn };
    this.lock = this.#listeners.isNetwork
      ? new ListenerLease(this.#aws, locked)
      : new PreviewRule(this.#aws, {
          ...locked,
          priority: settings['preview-priority'],
          idleGroup: () => this.#traffic.idleGroup(),
        });
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
    return situationOf({
      settings: this.#settings,
      services,
      weights: await this.#traffic.weights(services),
      definitions: this.#definitions,
      workers: this.#workers,
    });
  }

  async preflight(request: StageRequest, { readOnly }: { readOnly: boolean }): Promise<readonly Problem[]> {
    const { color, imageTag } = request;
    const services = await this.#services.recent();
    const live = otherColor(color);
    if (!readOnly) await this.#mainScaling.check(services, live);
    const definition = await this.#definitions.get(services[live].taskDefinition ?? '');
    const groups = groupsOf(this.#settings, services);
    // Machines have to be looked up then; whether that is allowed is found out now.
    if (sharesNetwork(definition))
      await this.#places.learn(await this.#tasks.running(services[live].serviceName ?? ''));
    const found = await findProblems({
      aws: this.#aws,
      settings: this.#settings,
      services,
      groups,
      definition,
      container: containerOf(this.#settings, services, live),
      imageTag,
      loadBalancer: balancerOf(this.#listeners.rules[0]!.listenerArn),
      workers: await this.#workers.definitions(live),
    });
    const ofListeners = await listenerProblems({
      aws: this.#aws,
      rules: this.#listeners.rules,
      groups,
      held: await this.#listeners.held(),
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
      groups: groupsOf(this.#settings, services),
      container: containerOf(this.#settings, services, otherColor(request.color)),
      definitions: this.#definitions,
      registry: this.#registry,
      traffic: this.#listeners,
      scaling: this.#mainScaling,
      workers: this.#workers.all,
    });
    return { ...plan, notes: [...plan.notes, ...ahead.notes] };
  }

  prepare(): Promise<string | undefined> {
    return this.#traffic.attach();
  }

  async setup(announce: (lines: readonly string[]) => void): Promise<readonly string[]> {
    const { app, environment } = this.#options;
    return setUp(
      {
        app,
        environment,
        alarms: this.#settings.alarms,
        cloudWatch: this.#cloudWatch,
        traffic: this.#listeners,
        groups: await this.#traffic.groups(),
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

  start(color: Color, release: Release, count: number, options: { warm: boolean }): Promise<void> {
    return this.#idle.start(color, release, count, options);
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
    await this.#traffic.shift(weights, (group) => this.lock.way(group));
    this.#health.shifted(weights);
  }

  /** ELBv2 has no call that tells how far its nodes are, and CloudWatch is minutes late. */
  following(): Promise<Following> {
    return Promise.resolve({ follows: 'unknown' });
  }

  /** ALB counts no requests in flight; when tasks stop, their targets are drained by the load balancer itself. */
  inFlight(): Promise<'unknown'> {
    return Promise.resolve('unknown');
  }

  lingerMs(): Promise<number> {
    return this.#traffic.lingerMs();
  }

  park(color: Color, keep: number): Promise<void> {
    return this.#idle.park(color, keep);
  }

  restore(color: Color, release: string, count: number): Promise<void> {
    return this.#idle.restore(color, release, count);
  }

  mark(color: Color, standing: Standing, liveSince?: number): Promise<void> {
    return markRelease(this.#services, color, standing, liveSince);
  }

  async preview(): Promise<Preview | undefined> {
    const way = await this.lock.way(await this.#traffic.idleGroup());
    if (way === undefined) return undefined;
    return {
      url: await baseUrl(this.#aws, this.#listeners.rules[0]!.listenerArn, this.#options.url),
      ...way,
    };
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

  /** What a deployment would start. */
  async #prospect(request: StageRequest): Promise<Prospect> {
    const { color } = request;
    const services = await this.#services.recent();
    const live = otherColor(color);
    const main = {
      service: services[color],
      definition: await this.#definitions.get(services[live].taskDefinition ?? ''),
      images: imagesOf(this.#settings, containerOf(this.#settings, services, live), request),
    };
    return {
      starting: [main, ...(await this.#workers.starting(request))],
      services: [services.blue, services.green],
      loadBalancer: loadBalancerArn(this.#listeners.rules[0]!.listenerArn),
    };
  }
}
