import type { EcsSettings } from '../../config/environment.ts';
import { DeployError } from '../../errors.ts';
import { COLORS, type Color, otherColor, type PerColor, type Weights } from '../../release/color.ts';
import { isImage } from '../../release/image.ts';
import { decodeJournal, JOURNAL_KEYS, type JournalRecord } from '../../release/journal.ts';
import type { ColorState, Release, Situation, Standing } from '../../release/situation.ts';
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
import { Anchor } from './anchor.ts';
import { releaseId } from './arn.ts';
import { type Aws, connect } from './aws.ts';
import { baseUrl } from './base-url.ts';
import { explain, look } from './health.ts';
import { imageOf, type Pin } from './images.ts';
import { listenerProblems } from './listener-problems.ts';
import { liveColor } from './live-color.ts';
import { LogTail } from './log-tail.ts';
import { Places, sharesNetwork } from './places.ts';
import { findProblems } from './preflight.ts';
import { PreviewRule } from './preview-rule.ts';
import { Registry } from './registry.ts';
import { asRelease, imagesOf } from './releases.ts';
import { RoleCredentials } from './role-credentials.ts';
import { EcsScaling } from './scaling.ts';
import { ScalingOfAll } from './scaling-of-all.ts';
import { primaryDeployment, ServicePair, type Services } from './services.ts';
import { liveSinceOf, markRelease, standingOf } from './standings.ts';
import { Stickiness } from './stickiness.ts';
import { journalOf, journalTag, tagMap } from './tags.ts';
import { TaskDefinitions, withImages } from './task-definitions.ts';
import { Tasks } from './tasks.ts';
import { type TargetGroups, Traffic } from './traffic.ts';
import { Workers } from './workers.ts';

export interface EcsTargetOptions {
  readonly app: string;
  readonly environment: string;
  /** What users open; the preview goes through it too. */
  readonly url: string | undefined;
  readonly settings: EcsSettings;
}

/** Amazon ECS behind an Application Load Balancer: one service and one target group for each color. */
export class EcsTarget implements Target {
  readonly kind = 'ecs';
  readonly description: string;
  readonly propagationMs: number;
  readonly signals: Signals = {};
  readonly lock: PreviewRule;
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
  readonly #places: Places;
  readonly #logs: LogTail;
  readonly #registry: Registry;
  readonly #traffic: Traffic;
  readonly #stickiness: Stickiness;
  /** Which deployment of a color's service counts; set by `start`, else the one that is primary at first sight. */
  readonly #anchors = new Map<Color, Anchor>();
  /** The color that got the traffic in this run: from then on its count is for its own scaling to change. */
  #given: Color | undefined;

  constructor(options: EcsTargetOptions) {
    const { app, environment, settings } = options;
    this.#options = options;
    this.#settings = settings;
    const { region, role } = settings;
    this.#aws = connect(
      region,
      role === undefined ? undefined : new RoleCredentials({ role, region, env: process.env }),
    );
    this.#definitions = new TaskDefinitions(this.#aws);
    this.#tasks = new Tasks(this.#aws, settings);
    this.#places = new Places(this.#aws, settings);
    this.#logs = new LogTail(this.#aws, this.#definitions);
    this.#registry = new Registry(this.#aws);
    const carriesTraffic = async (color: Color) => {
      const groups = this.#groups(await this.#services.describe());
      return (await this.#traffic.weights(groups))[color] > 0;
    };
    this.#workers = new Workers({
      aws: this.#aws,
      settings,
      definitions: this.#definitions,
      tasks: this.#tasks,
      places: this.#places,
      logs: this.#logs,
      carriesTraffic,
    });
    this.#services = new ServicePair(this.#aws, settings, { along: this.#workers.pairs });
    this.#traffic = new Traffic(this.#aws, settings.listeners);
    this.#stickiness = new Stickiness(this.#aws, this.#services, this.#traffic);
    this.propagationMs = settings.propagation;
    this.description = `ECS ${settings.region}/${settings.cluster}, ${settings.services.blue} | ${settings.services.green}`;
    this.lock = new PreviewRule(this.#aws, {
      app,
      environment,
      listenerArn: this.#traffic.rules[0]!.listenerArn,
      priority: settings['preview-priority'],
      idleGroup: async () => {
        const groups = this.#groups(await this.#services.known());
        return groups[otherColor(liveColor(await this.#traffic.weights(groups), undefined))];
      },
    });
    this.#mainScaling = new EcsScaling({
      aws: this.#aws,
      settings,
      services: this.#services,
      asked: (color) => this.#anchors.get(color)?.wanted,
      carriesTraffic,
    });
    this.scaling = new ScalingOfAll(this.#mainScaling, this.#workers);
    this.journal = {
      write: async (color, record) => {
        await this.#workers.note(color, record);
        const services = await this.#services.known();
        const tags = Object.entries(record).map(([key, value]) => [journalTag(key), value]);
        await this.#services.tag(services[color], Object.fromEntries(tags));
      },
      clear: async () => {
        const services = await this.#services.known();
        for (const color of COLORS) await this.#services.untag(services[color], JOURNAL_KEYS.map(journalTag));
        await this.#workers.forget();
      },
    };
  }

  async inspect(): Promise<Situation> {
    const services = await this.#services.describe();
    const weights = await this.#traffic.weights(this.#groups(services));
    const record = COLORS.map((color) => journalOf(tagMap(services[color].tags))).find(
      (one) => one !== undefined,
    );
    const journal = record === undefined ? undefined : decodeJournal(record as JournalRecord);
    const colors: PerColor<ColorState> = {
      blue: await this.#state(services, 'blue'),
      green: await this.#state(services, 'green'),
    };
    return { live: liveColor(weights, journal?.from), weights, colors, journal };
  }

  async preflight({ color, imageTag }: StageRequest): Promise<readonly Problem[]> {
    const services = await this.#services.recent();
    const live = otherColor(color);
    await this.#mainScaling.check(services, live);
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
      loadBalancer: this.#loadBalancer(),
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
    return [...found, ...(await this.#workers.preflight(live)), ...ofListeners];
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

  async createRelease(request: StageRequest): Promise<Release> {
    const { color, image, imageTag } = request;
    const services = await this.#services.recent();
    const live = otherColor(color);
    const base = await this.#definitions.get(services[live].taskDefinition ?? '');
    const parked = await this.#definitions.get(services[color].taskDefinition ?? '');
    const container = this.#container(services, live);
    const images = imagesOf(this.#settings, container, { image, imageTag });
    const remarks = new Set<string>();
    const pin: Pin = async (wanted) => {
      const pinned = await this.#registry.pin(wanted);
      for (const remark of pinned.remarks) remarks.add(remark);
      return pinned;
    };
    const { references, tag } = await pin(images);
    const definition = await this.#definitions.register(
      withImages(base, references, tag),
      parked.family === base.family ? [base, parked] : [base],
    );
    const release = asRelease(definition, container);
    const differs = await this.#workers.create(request, release.id, pin);
    return { ...release, differs, remarks: [...remarks] };
  }

  async findRelease(imageTag: string): Promise<FoundRelease | undefined> {
    const services = await this.#services.recent();
    for (const color of COLORS) {
      const container = this.#container(services, color);
      const { family } = await this.#definitions.get(services[color].taskDefinition ?? '');
      const found = await this.#definitions.find(family, (definition) =>
        isImage(imageOf(definition, container), imageTag),
      );
      if (found === undefined) continue;
      const release = asRelease(found, container);
      return { ...release, standing: standingOf(services, color, release.id) };
    }
    return undefined;
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
    this.#anchors.set(color, new Anchor(primaryDeployment(updated), count, warm ? 'woken' : 'fresh'));
    // Where nothing was ever live there is no count to go by, and one is enough to prove the release.
    const least = (this.#services.seen[otherColor(color)]?.desiredCount ?? 0) === 0 ? 1 : 0;
    await this.#workers.start(color, { warm: keepsTasks, least });
  }

  async health(color: Color, since?: number): Promise<Health> {
    const services = await this.#services.describe();
    const service = services[color];
    let anchor = this.#anchors.get(color);
    if (anchor === undefined) {
      const desired = service.desiredCount ?? 0;
      anchor =
        since === undefined
          ? new Anchor(primaryDeployment(service), desired, 'found')
          : Anchor.ofLive(releaseId(service.taskDefinition ?? ''), desired, since);
      this.#anchors.set(color, anchor);
    }
    const given = this.#given === color || anchor.isLive;
    const main = await look({
      aws: this.#aws,
      tasks: this.#tasks,
      places: this.#places,
      logs: this.#logs,
      service,
      anchor,
      // A schedule may want fewer once users are there: no failure. More are wanted when they have had their time.
      wanted: given ? Math.min(anchor.wanted, Math.max(1, service.desiredCount ?? 0)) : anchor.wanted,
      targetGroup: this.#groups(services)[color],
      images: [this.#container(services, color), ...Object.keys(this.#settings.images)],
      container: this.#container(services, color),
    });
    return this.#workers.join(color, main, { given, since });
  }

  async diagnose(color: Color): Promise<Failure | undefined> {
    const anchor = this.#anchors.get(color);
    if (anchor?.last === undefined) return undefined;
    const ofWorker = await this.#workers.diagnose(color);
    if (ofWorker !== undefined) return ofWorker;
    const [balancer] = anchor.last.service.loadBalancers ?? [];
    return explain(anchor, this.#logs, this.#settings.container ?? balancer?.containerName ?? '');
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
    this.#given = COLORS.find((one) => weights[one] === 100);
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
    this.#anchors.delete(color);
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

  /** @throws DeployError `no-target-group` */
  #groups(services: Services): TargetGroups {
    const configured = this.#settings['target-groups'];
    if (configured !== undefined) return configured;
    const group = (color: Color) => {
      const own = services[color].loadBalancers?.flatMap(({ targetGroupArn }) => targetGroupArn ?? []) ?? [];
      if (own.length === 1) return own[0]!;
      throw new DeployError(
        `Service ${this.#settings.services[color]} has ${own.length === 0 ? 'no target group' : `${own.length} target groups`}.`,
        {
          code: 'no-target-group',
          hint:
            own.length === 0
              ? 'Give each of the two services a target group of its own.'
              : 'Say which one carries the traffic in ecs.target-groups.',
        },
      );
    };
    const groups = { blue: group('blue'), green: group('green') };
    if (groups.blue !== groups.green) return groups;
    throw new DeployError(`Both services register their tasks in ${groups.blue}.`, {
      code: 'no-target-group',
      hint: 'Give each of the two services a target group of its own: traffic is moved between the groups.',
    });
  }

  /** The container that takes the image: the configured one, else the one that the load balancer points at. */
  #container(services: Services, color: Color): string {
    const group = this.#groups(services)[color];
    const registered = services[color].loadBalancers?.find(({ targetGroupArn }) => targetGroupArn === group);
    return this.#settings.container ?? registered?.containerName ?? '';
  }

  #loadBalancer(): string {
    const { listenerArn } = this.#traffic.rules[0]!;
    return /listener\/((?:app|net)\/[^/]+\/\w+)/.exec(listenerArn)?.[1] ?? '';
  }
}
