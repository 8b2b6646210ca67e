import type { Service, ServiceDeployment, ServiceRevisionSummary, Task } from '@aws-sdk/client-ecs';
import type { EcsNativeSettings } from '../../config/environment.ts';
import { type Color, otherColor, type Weights } from '../../release/color.ts';
import { isImage } from '../../release/image.ts';
import { decodeJournal, JOURNAL_KEYS, type Journal, type JournalRecord } from '../../release/journal.ts';
import type { Release, Situation } from '../../release/situation.ts';
import { type DrivenTarget, hasCome, type Pause, type PausePoint, type Rollout } from '../driven.ts';
import type { Course, TargetPlan } from '../plan.ts';
import type {
  Failure,
  FoundRelease,
  Health,
  JournalStore,
  LockStore,
  Preview,
  Problem,
  StageRequest,
} from '../target.ts';
import { Anchor } from './anchor.ts';
import { loadBalancerArn, releaseId } from './arn.ts';
import { type Aws, connect } from './aws.ts';
import { baseUrl } from './base-url.ts';
import { explain, look } from './health.ts';
import { imageOf } from './images.ts';
import { liveColor } from './live-color.ts';
import { LogTail } from './log-tail.ts';
import { LookAhead, type Prospect } from './look-ahead.ts';
import { NativeColors } from './native-colors.ts';
import { planNative } from './native-plan.ts';
import { nativeProblems } from './native-preflight.ts';
import { NativeService, type Wiring, wiringOf } from './native-service.ts';
import { markAccepted, markRejected, standingIn } from './native-standings.ts';
import { Places } from './places.ts';
import { PreviewRule } from './preview-rule.ts';
import { Registry } from './registry.ts';
import { asRelease, imagesOf } from './releases.ts';
import { RoleCredentials } from './role-credentials.ts';
import { pausePointsOf, rolloutOf } from './rollout.ts';
import { idOf, ServiceDeployments } from './service-deployments.ts';
import { journalOf, journalTag, tagMap } from './tags.ts';
import { type TaskDefinition, TaskDefinitions, withImages } from './task-definitions.ts';
import { Tasks } from './tasks.ts';
import { testWay } from './test-way.ts';
import { Traffic } from './traffic.ts';

export interface NativeTargetOptions {
  readonly app: string;
  readonly environment: string;
  /** What users open; the preview goes through it too. */
  readonly url: string | undefined;
  readonly settings: EcsNativeSettings;
  /** Aborted when the run is cancelled. */
  readonly signal?: AbortSignal;
}

/**
 * One ECS service whose deployment strategy (BLUE_GREEN, LINEAR, CANARY) moves the traffic by itself. The colors are its
 * two target groups, between which ECS alternates; which one is live, its production listener rule tells.
 */
export class NativeTarget implements DrivenTarget {
  readonly kind = 'ecs';
  readonly moves = 'by-itself';
  readonly description: string;
  readonly propagationMs: number;
  /** ECS itself looks at the alarms of the service, and goes back. */
  readonly signals = {};
  readonly lock: LockStore;
  readonly journal: JournalStore;
  readonly #options: NativeTargetOptions;
  readonly #settings: EcsNativeSettings;
  readonly #aws: Aws;
  readonly #service: NativeService;
  readonly #deployments: ServiceDeployments;
  readonly #definitions: TaskDefinitions;
  readonly #colors: NativeColors;
  readonly #tasks: Tasks;
  readonly #logs: LogTail;
  readonly #places: Places;
  readonly #registry: Registry;
  readonly #ahead: LookAhead;
  #rule: PreviewRule | undefined;
  #traffic: Traffic | undefined;
  /** Those that there were before `begin`: what comes after it is ours, if it is of our release. */
  #before: { readonly release: string; readonly ids: ReadonlySet<string> } | undefined;
  /** What was seen last of the rollout that is under way, and since when its test traffic leads to it. */
  #seen: { readonly rollout: Rollout; readonly summary: ServiceRevisionSummary | undefined } | undefined;
  #testableSince: number | undefined;
  #anchor: { readonly rollout: string; readonly anchor: Anchor } | undefined;

  constructor(options: NativeTargetOptions) {
    const { settings } = options;
    const { region, role } = settings;
    this.#options = options;
    this.#settings = settings;
    this.#aws = connect(region, {
      ...(role !== undefined && { credentials: new RoleCredentials({ role, region, env: process.env }) }),
      ...(options.signal && { signal: options.signal }),
    });
    this.#registry = new Registry(this.#aws);
    this.#places = new Places(this.#aws, settings);
    this.#service = new NativeService(this.#aws, settings);
    this.#deployments = new ServiceDeployments(this.#aws, settings);
    this.#definitions = new TaskDefinitions(this.#aws);
    this.#colors = new NativeColors({
      deployments: this.#deployments,
      definitions: this.#definitions,
      container: (wiring) => this.#container(wiring),
    });
    this.#tasks = new Tasks(this.#aws, settings);
    this.#ahead = new LookAhead({ aws: this.#aws, tasks: this.#tasks, registry: this.#registry });
    this.#logs = new LogTail(this.#aws, this.#definitions);
    this.propagationMs = settings.propagation;
    this.description = `ECS ${settings.region}/${settings.cluster}, ${settings.services.native} (ECS’s own blue/green)`;
    // Which listener, only the service knows.
    this.lock = {
      read: async () => (await this.#preview()).read(),
      acquire: async (owner, ttlMs) => (await this.#preview()).acquire(owner, ttlMs),
      resume: async (handle, ttlMs) => (await this.#preview()).resume(handle, ttlMs),
      break: async (state) => (await this.#preview()).break(state),
    };
    this.journal = {
      // One service holds both colors, and one journal.
      write: (_, record) =>
        this.#service.tag(
          Object.fromEntries(Object.entries(record).map(([key, value]) => [journalTag(key), value])),
        ),
      clear: () => this.#service.untag(JOURNAL_KEYS.map(journalTag)),
    };
  }

  async inspect(): Promise<Situation> {
    const service = await this.#service.describe();
    const wiring = wiringOf(service);
    const journal = journalIn(service);
    const weights = await this.#weights(wiring);
    const list = await this.#deployments.list();
    const newest = list[0]?.serviceDeploymentArn;
    const deployment = newest === undefined ? undefined : await this.#deployments.get(idOf(newest));
    const isUnderWay = deployment !== undefined && !isOver(deployment);
    const from = isUnderWay
      ? ((await this.#colors.colorOf(wiring, deployment.sourceServiceRevisions?.[0]?.arn)) ?? journal?.from)
      : journal?.from;
    const live = liveColor(weights, from);
    const colors = isUnderWay
      ? await this.#colors.underWay(service, wiring, deployment, live)
      : await this.#colors.settled(service, wiring, deployment, live);
    return { live, weights, colors, journal };
  }

  async preflight(request: StageRequest, { readOnly }: { readOnly: boolean }): Promise<readonly Problem[]> {
    const { color, imageTag } = request;
    const service = await this.#service.recent();
    const wiring = wiringOf(service);
    const live = (await this.inspect()).colors[otherColor(color)].release;
    const definition = await this.#definitions.get(live?.id ?? service.taskDefinition ?? '');
    const found = await nativeProblems({
      aws: this.#aws,
      settings: this.#settings,
      service,
      wiring,
      definition,
      container: this.#container(wiring),
      imageTag,
      url: this.#options.url,
    });
    const ahead = await this.#ahead.look(async () => this.#prospect(service, definition, request), {
      readOnly,
    });
    return [...found, ...ahead.problems];
  }

  async plan(request: StageRequest, course: Course): Promise<TargetPlan> {
    const service = await this.#service.recent();
    const { container: registered, strategy } = wiringOf(service);
    const container = this.#settings.container ?? registered;
    const live = await this.#base(service, request.color);
    const prospect = async () => this.#prospect(service, live, request);
    const ahead = await this.#ahead.look(prospect, { readOnly: true });
    const plan = await planNative({
      request,
      course,
      service: service.serviceName ?? '',
      strategy,
      live,
      container,
      images: imagesOf(this.#settings, container, request),
      priority: this.#settings['preview-priority'],
      definitions: this.#definitions,
      registry: this.#registry,
    });
    return { ...plan, notes: [...plan.notes, ...ahead.notes] };
  }

  async createRelease({ color, image, imageTag }: StageRequest): Promise<Release> {
    const service = await this.#service.recent();
    const container = this.#container(wiringOf(service));
    const base = await this.#base(service, color);
    const images = imagesOf(this.#settings, container, { image, imageTag });
    const { references, tag, remarks } = await this.#registry.pin(images);
    const definition = await this.#definitions.register(withImages(base, references, tag), [base]);
    return { ...asRelease(definition, container), remarks };
  }

  async findRelease(imageTag: string): Promise<FoundRelease | undefined> {
    const service = await this.#service.recent();
    const container = this.#container(wiringOf(service));
    const { family } = await this.#definitions.get(service.taskDefinition ?? '');
    const found = await this.#definitions.find(family, (definition) =>
      isImage(imageOf(definition, container), imageTag),
    );
    if (found === undefined) return undefined;
    const release = asRelease(found, container);
    return { ...release, standing: standingIn(service, release.id) };
  }

  async pausePoints(): Promise<readonly PausePoint[]> {
    const { deploymentConfiguration } = await this.#service.recent();
    return pausePointsOf(deploymentConfiguration?.lifecycleHooks ?? []);
  }

  async begin(release: Release): Promise<void> {
    const list = await this.#deployments.list();
    if (this.#before?.release !== release.id)
      this.#before = {
        release: release.id,
        ids: new Set(list.map(({ serviceDeploymentArn = '' }) => idOf(serviceDeploymentArn))),
      };
    // The answer to the first call may have been lost: a second deployment would take the place of the first.
    if ((await this.begun(release)) !== undefined) return;
    await this.#service.deploy(release.id);
  }

  async begun(release: Release): Promise<string | undefined> {
    const before = this.#before?.release === release.id ? this.#before.ids : new Set<string>();
    const added = (await this.#deployments.list()).filter(
      ({ serviceDeploymentArn = '' }) => !before.has(idOf(serviceDeploymentArn)),
    );
    const targets = await this.#deployments.revisions(
      added.map(({ targetServiceRevisionArn = '' }) => targetServiceRevisionArn),
    );
    const own = added.find((_, index) => releaseId(targets[index]?.taskDefinition ?? '') === release.id);
    return own?.serviceDeploymentArn === undefined ? undefined : idOf(own.serviceDeploymentArn);
  }

  async newest(): Promise<Rollout | undefined> {
    const [newest] = await this.#deployments.list();
    return newest?.serviceDeploymentArn === undefined
      ? undefined
      : this.observe(idOf(newest.serviceDeploymentArn));
  }

  async observe(id: string): Promise<Rollout> {
    const wiring = wiringOf(await this.#service.known());
    const deployment = await this.#deployments.get(id);
    const weights = await this.#weights(wiring);
    const target = deployment.targetServiceRevision;
    const source = deployment.sourceServiceRevisions?.[0]?.arn;
    const [revision] = await this.#deployments.revisions(target?.arn === undefined ? [] : [target.arn]);
    const from = await this.#colors.colorOf(wiring, source);
    // Before ECS has chosen the target group, it is the one that has no traffic.
    const color =
      (await this.#colors.colorOf(wiring, target?.arn)) ?? otherColor(from ?? liveColor(weights, undefined));
    const release = await this.#colors.release(wiring, revision?.taskDefinition);
    const successor = deployment.status === 'STOPPED' ? await this.#colors.successor(id) : undefined;
    const rollout = rolloutOf({ deployment, release, color, weights, successor });
    this.#seen = { rollout, summary: target };
    if (hasCome(rollout, 'testable')) this.#testableSince ??= Date.now();
    return rollout;
  }

  goOn(id: string, { id: hook }: Pause): Promise<void> {
    return this.#deployments.goOn(id, hook);
  }

  callBack(id: string): Promise<void> {
    return this.#deployments.stop(id);
  }

  async health(color: Color, since?: number): Promise<Health> {
    const service = await this.#service.describe();
    if (since !== undefined) {
      const wanted = service.desiredCount ?? 0;
      // What users have, which after a deployment that went back is not what the service was asked for last.
      this.#anchor ??= {
        rollout: '',
        anchor: Anchor.ofLive((await this.inspect()).colors[color].release?.id ?? '', wanted, since),
      };
      return this.#lookAt(service, { color, wanted, anchor: this.#anchor.anchor });
    }
    const seen = this.#seen;
    if (seen === undefined || seen.rollout.color !== color)
      return { ready: 0, wanted: 1, detail: 'ECS does not show the deployment yet' };
    const { rollout, summary } = seen;
    const wanted = summary?.requestedTaskCount || (service.desiredCount ?? 0);
    if (this.#anchor?.rollout !== rollout.id)
      this.#anchor = { rollout: rollout.id, anchor: await this.#newAnchor(rollout, wanted) };
    return this.#lookAt(service, { color, wanted, anchor: this.#anchor.anchor });
  }

  async diagnose(): Promise<Failure | undefined> {
    const anchor = this.#anchor?.anchor;
    if (anchor?.last === undefined) return undefined;
    return explain(anchor, this.#logs, this.#container(wiringOf(anchor.last.service)));
  }

  /** Through the service's test listener once ECS has led it to the new release, else through the rule of the lock. */
  async preview(): Promise<Preview | undefined> {
    const wiring = wiringOf(await this.#service.known());
    const newest = this.#seen?.rollout ?? (await this.newest());
    const isTested = newest?.state === 'under-way' && hasCome(newest, 'testable');
    if (wiring.test !== undefined && isTested)
      return {
        ...(await testWay(this.#aws, wiring.test, this.#options.url)),
        since: this.#testableSince ?? Date.now(),
      };
    const idle = newest?.state === 'under-way' ? newest.color : otherColor(await this.#live(wiring));
    const way = await (await this.#preview()).way(wiring.groups[idle]);
    if (way === undefined) return undefined;
    return { url: await baseUrl(this.#aws, wiring.production.listenerArn, this.#options.url), ...way };
  }

  accepted(release: string, former: string, liveSince: number): Promise<void> {
    return markAccepted(this.#service, { release, former, liveSince });
  }

  rejected(release: string): Promise<void> {
    return markRejected(this.#service, release);
  }

  async close(): Promise<void> {
    this.#aws.ecs.destroy();
    this.#aws.elb.destroy();
    this.#logs.close();
    this.#ahead.close();
    await this.#registry.close();
  }

  #lookAt(
    service: Service,
    { color, wanted, anchor }: { color: Color; wanted: number; anchor: Anchor },
  ): Promise<Health> {
    const wiring = wiringOf(service);
    return look({
      aws: this.#aws,
      tasks: this.#tasks,
      places: this.#places,
      logs: this.#logs,
      images: [this.#container(wiring), ...Object.keys(this.#settings.images)],
      service,
      anchor,
      wanted,
      targetGroup: wiring.groups[color],
      container: this.#container(wiring),
    });
  }

  /** What users have, which after a deployment that went back need not be what was asked for last. */
  async #base(service: Service, color: Color): Promise<TaskDefinition> {
    const { colors } = await this.inspect();
    return this.#definitions.get(colors[otherColor(color)].release?.id ?? service.taskDefinition ?? '');
  }

  async #newAnchor({ id, release }: Rollout, wanted: number): Promise<Anchor> {
    const { createdAt } = await this.#deployments.get(id);
    const ours = ({ taskDefinitionArn = '', createdAt: born }: Task) =>
      releaseId(taskDefinitionArn) === release.id && (born?.getTime() ?? 0) >= (createdAt?.getTime() ?? 0);
    return new Anchor({ id, createdAt }, wanted, 'fresh', ours);
  }

  async #live(wiring: Wiring): Promise<Color> {
    return liveColor(await this.#weights(wiring), undefined);
  }

  #weights({ production, groups }: Wiring): Promise<Weights> {
    this.#traffic ??= new Traffic(this.#aws, [production.arn]);
    return this.#traffic.weights(groups);
  }

  /** What a deployment would start. */
  #prospect(service: Service, definition: TaskDefinition, request: StageRequest): Prospect {
    const wiring = wiringOf(service);
    const images = imagesOf(this.#settings, this.#container(wiring), request);
    return {
      starting: [{ service, definition, images }],
      services: [service],
      loadBalancer: loadBalancerArn(wiring.production.listenerArn),
    };
  }

  #container({ container }: Wiring): string {
    return this.#settings.container ?? container;
  }

  async #preview(): Promise<PreviewRule> {
    if (this.#rule !== undefined) return this.#rule;
    const { app, environment } = this.#options;
    const wiring = wiringOf(await this.#service.known());
    this.#rule = new PreviewRule(this.#aws, {
      app,
      environment,
      listenerArn: wiring.production.listenerArn,
      priority: this.#settings['preview-priority'],
      idleGroup: async () => wiring.groups[otherColor(await this.#live(wiring))],
    });
    return this.#rule;
  }
}

const OVER = ['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'];
const isOver = ({ status }: ServiceDeployment): boolean => OVER.includes(status ?? '');

function journalIn(service: Service): Journal | undefined {
  const record = journalOf(tagMap(service.tags));
  return record === undefined ? undefined : decodeJournal(record as JournalRecord);
}
