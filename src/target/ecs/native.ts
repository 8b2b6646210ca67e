import type { Service } from '@aws-sdk/client-ecs';
import type { EcsNativeSettings } from '../../config/environment.ts';
import { type Color, otherColor } from '../../release/color.ts';
import { isImage } from '../../release/image.ts';
import type { Release, Situation } from '../../release/situation.ts';
import type { DrivenTarget, Pause, PausePoint, Rollout } from '../driven.ts';
import type { Course, TargetPlan } from '../plan.ts';
import type {
  Failure,
  FoundRelease,
  Health,
  JournalStore,
  Preview,
  Problem,
  StageRequest,
} from '../target.ts';
import { loadBalancerArn } from './arn.ts';
import type { Aws } from './aws.ts';
import { connectTo } from './connection.ts';
import { imageOf } from './images.ts';
import { LogTail } from './log-tail.ts';
import { LookAhead, type Prospect } from './look-ahead.ts';
import { NativeColors } from './native-colors.ts';
import { NativeHealth } from './native-health.ts';
import { planNative } from './native-plan.ts';
import { nativeProblems } from './native-preflight.ts';
import { NativePreview } from './native-preview.ts';
import { NativeRollouts } from './native-rollouts.ts';
import { containerIn, NativeService, wiringOf } from './native-service.ts';
import { markAccepted, markRejected, standingIn } from './native-standings.ts';
import { Places } from './places.ts';
import { Registry } from './registry.ts';
import { asRelease, imagesOf } from './releases.ts';
import { pausePointsOf } from './rollout.ts';
import { ServiceDeployments } from './service-deployments.ts';
import { journalOnOne } from './service-journal.ts';
import { type TaskDefinition, TaskDefinitions, withImages } from './task-definitions.ts';
import { Tasks } from './tasks.ts';

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
  readonly lock: NativePreview;
  readonly journal: JournalStore;
  readonly #options: NativeTargetOptions;
  readonly #settings: EcsNativeSettings;
  readonly #aws: Aws;
  readonly #service: NativeService;
  readonly #deployments: ServiceDeployments;
  readonly #definitions: TaskDefinitions;
  readonly #colors: NativeColors;
  readonly #rollouts: NativeRollouts;
  readonly #health: NativeHealth;
  readonly #logs: LogTail;
  readonly #registry: Registry;
  readonly #ahead: LookAhead;

  constructor(options: NativeTargetOptions) {
    const { app, environment, url, settings } = options;
    this.#options = options;
    this.#settings = settings;
    this.propagationMs = settings.propagation;
    this.description = `ECS ${settings.region}/${settings.cluster}, ${settings.services.native} (ECS’s own blue/green)`;
    const aws = connectTo(settings, options.signal);
    const service = new NativeService(aws, settings);
    const deployments = new ServiceDeployments(aws, settings);
    const definitions = new TaskDefinitions(aws);
    const logs = new LogTail(aws, definitions);
    const colors = new NativeColors({ aws, settings, deployments, definitions });
    const rollouts = new NativeRollouts({ service, deployments, colors });
    this.#aws = aws;
    this.#service = service;
    this.#deployments = deployments;
    this.#definitions = definitions;
    this.#logs = logs;
    this.#colors = colors;
    this.#rollouts = rollouts;
    this.#registry = new Registry(aws);
    const tasks = new Tasks(aws, settings);
    this.#ahead = new LookAhead({ aws, tasks, registry: this.#registry });
    this.#health = new NativeHealth({
      aws,
      settings,
      service,
      deployments,
      colors,
      rollouts,
      tasks,
      places: new Places(aws, settings),
      logs,
    });
    this.lock = new NativePreview({ aws, app, environment, url, settings, service, colors, rollouts });
    this.journal = journalOnOne(service);
  }

  async inspect(): Promise<Situation> {
    return this.#colors.situation(await this.#service.describe());
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
      container: containerIn(this.#settings, wiring),
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
    const wiring = wiringOf(service);
    const container = containerIn(this.#settings, wiring);
    const live = await this.#base(service, request.color);
    const prospect = async () => this.#prospect(service, live, request);
    const ahead = await this.#ahead.look(prospect, { readOnly: true });
    const plan = await planNative({
      request,
      course,
      service: service.serviceName ?? '',
      strategy: wiring.strategy,
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
    const container = containerIn(this.#settings, wiringOf(service));
    const base = await this.#base(service, color);
    const images = imagesOf(this.#settings, container, { image, imageTag });
    const { references, tag, remarks } = await this.#registry.pin(images);
    const definition = await this.#definitions.register(withImages(base, references, tag), [base]);
    return { ...asRelease(definition, container), remarks };
  }

  async findRelease(imageTag: string): Promise<FoundRelease | undefined> {
    const service = await this.#service.recent();
    const container = containerIn(this.#settings, wiringOf(service));
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

  begin(release: Release): Promise<void> {
    return this.#rollouts.begin(release);
  }

  begun(release: Release): Promise<string | undefined> {
    return this.#rollouts.begun(release);
  }

  newest(): Promise<Rollout | undefined> {
    return this.#rollouts.newest();
  }

  observe(id: string): Promise<Rollout> {
    return this.#rollouts.observe(id);
  }

  goOn(id: string, { id: hook }: Pause): Promise<void> {
    return this.#deployments.goOn(id, hook);
  }

  callBack(id: string): Promise<void> {
    return this.#deployments.stop(id);
  }

  health(color: Color, since?: number): Promise<Health> {
    return this.#health.look(color, since);
  }

  diagnose(): Promise<Failure | undefined> {
    return this.#health.explain();
  }

  preview(): Promise<Preview | undefined> {
    return this.lock.way();
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

  /** What users have, which after a deployment that went back need not be what was asked for last. */
  async #base(service: Service, color: Color): Promise<TaskDefinition> {
    const { colors } = await this.inspect();
    return this.#definitions.get(colors[otherColor(color)].release?.id ?? service.taskDefinition ?? '');
  }

  /** What a deployment would start. */
  #prospect(service: Service, definition: TaskDefinition, request: StageRequest): Prospect {
    const wiring = wiringOf(service);
    const images = imagesOf(this.#settings, containerIn(this.#settings, wiring), request);
    return {
      starting: [{ service, definition, images }],
      services: [service],
      loadBalancer: loadBalancerArn(wiring.production.listenerArn),
    };
  }
}
