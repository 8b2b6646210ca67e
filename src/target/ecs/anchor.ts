import type { Deployment, Service, Task } from '@aws-sdk/client-ecs';
import { releaseId } from './arn.ts';
import { Events } from './events.ts';
import { deploymentById, primaryDeployment } from './services.ts';
import { Tally } from './tally.ts';
import type { TargetState } from './target-health.ts';

/** How long ECS may take to show what it was told before what it shows is believed, in ms. */
const PATIENCE_MS = 60_000;

/** One look at a color, as far as it concerns the anchor's deployment. */
export interface Sight {
  readonly service: Service;
  /** Ours; ECS takes a deployment off the list once another one has replaced all of its tasks. */
  readonly deployment: Deployment | undefined;
  /** Tasks of ours that have stopped, or were told to; the newest last. */
  readonly stopped: readonly Task[];
  /** Tasks of ours that run, or are on their way there. */
  readonly running: readonly Task[];
  /** Whether users have the release by now. */
  readonly hasUsers: boolean;
  /** How many tasks of other releases run beside them. */
  readonly others: number;
  /** Of each running task of ours, by its ARN. */
  readonly states: ReadonlyMap<string, TargetState>;
}

/** The deployment whose tasks count; everything else in the service is not our release. */
export class Anchor {
  readonly deploymentId: string;
  /** How many tasks were asked for. */
  readonly wanted: number;
  readonly events: Events;
  /** What went on from look to look. */
  readonly tally = new Tally();
  /** The newest look, for the diagnosis. */
  last: Sight | undefined;
  readonly #fresh: boolean;
  /** When what was shown was last credible; at first, when ECS was told. */
  #credibleAt = Date.now();
  #isSeen: boolean;
  /** When ECS created the deployment, by its own clock: the runner's may be another. */
  readonly createdAt: Date | undefined;
  #before: ReadonlySet<string> | undefined;
  readonly #owns: ((task: Task) => boolean) | undefined;
  /** From when on what stopped counts, ms since the epoch by AWS's clock; absent: from the first look on. */
  readonly #from: number | undefined;

  /**
   * @param deployment as ECS answered the call that started it, or shows it
   * @param state `fresh`: this run started the deployment; `woken`: it changed the count of one that was there;
   *   `found`: it was there as it is
   * @param owns which tasks are ours, where the deployment stands beside the former release, in a target group of its
   *   own, and ECS tells of it elsewhere (a service deployment); absent: those that the deployment started
   */
  constructor(
    deployment: Pick<Deployment, 'id' | 'createdAt'> | undefined,
    wanted: number,
    state: 'fresh' | 'woken' | 'found',
    owns?: (task: Task) => boolean,
    from?: number,
  ) {
    this.deploymentId = deployment?.id ?? '';
    this.createdAt = deployment?.createdAt;
    this.wanted = wanted;
    this.#fresh = state === 'fresh';
    this.#isSeen = state === 'found';
    this.#owns = owns;
    this.#from = from;
    this.events = new Events(this.#fresh);
  }

  /**
   * For who comes later, to a release that users have: whichever deployment started its tasks (somebody may have
   * restarted them since), and with those that stopped since then.
   */
  static ofLive(release: string, wanted: number, since: number): Anchor {
    const owns = ({ taskDefinitionArn = '' }: Task) => releaseId(taskDefinitionArn) === release;
    return new Anchor(undefined, wanted, 'found', owns, since);
  }

  /** Whether the platform may be adding tasks, or replacing some, by itself: those are not missed yet. */
  get isLive(): boolean {
    return this.#from !== undefined;
  }

  /** Whether what the service's `deployments` say is not about ours alone. */
  get standsBeside(): boolean {
    return this.#owns !== undefined;
  }

  owns(task: Task): boolean {
    return this.#owns === undefined ? task.startedBy === this.deploymentId : this.#owns(task);
  }

  /**
   * Whether ECS shows by now what it was told: its API is eventually consistent, and until then what it shows means
   * nothing. A picture with a deployment in it that this run started, or with one after it, is newer than the call.
   */
  sees(service: Service): boolean {
    if (this.standsBeside) return true;
    const deployment = deploymentById(service, this.deploymentId);
    const primary = primaryDeployment(service);
    const shown = deployment !== undefined && (this.#fresh || service.desiredCount === this.wanted);
    const overtaken = deployment === undefined && timeOf(primary) > timeOf(this);
    // Answers come from many servers, of which one may lag behind though another has shown the deployment already.
    const lags =
      deployment === undefined &&
      timeOf(primary) < timeOf(this) &&
      !/roll(ed|ing) back/i.test(primary?.rolloutStateReason ?? '');
    const isCredible = this.#isSeen ? !lags : shown || overtaken;
    const isBelieved = isCredible || Date.now() - this.#credibleAt > PATIENCE_MS;
    if (isCredible) this.#credibleAt = Date.now();
    this.#isSeen ||= isBelieved;
    return isBelieved;
  }

  /**
   * Those that stopped since this run began to look, or since the time that counts: ECS remembers stopped tasks for an hour, and what a release went
   * through before must not stop a rollback to it.
   */
  stoppedSince(stopped: readonly Task[]): Task[] {
    const ours = stopped.filter((task) => this.owns(task));
    const from = this.#from ?? (this.#fresh ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
    this.#before ??= new Set(ours.filter((task) => endOf(task) < from).map(({ taskArn = '' }) => taskArn));
    return ours
      .filter(({ taskArn = '' }) => this.#before?.has(taskArn) === false)
      .sort((a, b) => endOf(a) - endOf(b));
  }
}

const timeOf = (deployment: Pick<Deployment, 'createdAt'> | undefined) =>
  deployment?.createdAt?.getTime() ?? 0;

const endOf = ({ stoppingAt, stoppedAt }: Task) => (stoppingAt ?? stoppedAt)?.getTime() ?? 0;
