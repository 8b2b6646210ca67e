import type {
  ContainerDefinition,
  CreateServiceRequest,
  DeploymentLifecycleHookAction,
  DeploymentLifecycleHookStatus,
  Service,
  ServiceDeploymentLifecycleStage,
  ServiceDeploymentStatus,
  Tag,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Clock, ImageBehavior, TargetRegistry, TrafficControl } from '../contract.ts';
import type { Addresses } from './addresses.ts';
import type { Task } from './task.ts';

/** What every part of ECS shares. */
export interface World {
  readonly clock: Clock;
  readonly region: string;
  readonly account: string;
  readonly images: ReadonlyMap<string, ImageBehavior>;
  readonly targets: TargetRegistry;
  readonly traffic: TrafficControl;
  /** Of a CloudWatch alarm; undefined when there is none of that name. */
  readonly alarmState: (name: string) => string | undefined;
  readonly addresses: Addresses;
  /** The app as JavaScript (`appCode()` of app/code.ts). */
  readonly appCode: string;
  readonly options: EcsOptions;
  readonly clusters: Map<string, ClusterRecord>;
  /** By ARN. */
  readonly services: Map<string, ServiceRecord>;
  /** By ARN, in the order of registration. */
  readonly taskDefinitions: Map<string, TaskDefinitionRecord>;
  /** By ARN; stopped ones stay, as AWS shows them for an hour. */
  readonly tasks: Map<string, Task>;
  /** Machines of the launch type EC2. */
  readonly instances: Instance[];
  /** Names of the log groups of CloudWatch that there are. */
  readonly logGroups: Set<string>;
  /** ARNs and names under which Secrets Manager or the Parameter Store has a value. */
  readonly secrets: Set<string>;
  /** In which Availability Zone a subnet is, where not in the region's first. */
  readonly zones: Map<string, string>;
}

/** How the sandbox's ECS differs from run to run. */
export interface EcsOptions {
  /** AWS seconds in which DescribeServices may still show the picture from before an UpdateService. */
  staleSeconds: number;
  /** AWS documents no order of `deployments[]`; with true PRIMARY is mostly not the first. */
  shuffleDeployments: boolean;
  /** AWS seconds that ECS takes to notice that the load balancer finds a target unhealthy. */
  noticeSeconds: number;
  /** How many tasks find room at once; beyond it ECS "was unable to place a task". */
  capacity: number;
  /** How many machines there are for tasks that have no address of their own. */
  instances: number;
}

export interface Instance {
  readonly arn: string;
  /** `i-...` */
  readonly id: string;
  readonly address: string;
  /** The next dynamic port. */
  nextPort: number;
}

export interface ClusterRecord {
  readonly arn: string;
  readonly name: string;
  tags: Tag[];
}

export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  /** The whole answer as JSON, with members that the SDK does not know. */
  readonly json: TaskDefinition & { containerDefinitions: ContainerDefinition[] };
  tags: Tag[];
}

export interface ServiceRecord {
  readonly arn: string;
  readonly name: string;
  readonly cluster: ClusterRecord;
  readonly createdAt: Date;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  /** What CreateService and UpdateService set, in their own words. */
  settings: Omit<
    CreateServiceRequest,
    'serviceName' | 'cluster' | 'tags' | 'desiredCount' | 'taskDefinition'
  >;
  desiredCount: number;
  tags: Tag[];
  deployments: DeploymentRecord[];
  /** All that ever were, the newest first. */
  serviceDeployments: ServiceDeploymentRecord[];
  events: { id: string; createdAt: Date; message: string }[];
  /** Whether "has reached a steady state" was said since the last change. */
  steady: boolean;
  /** The newest deployment that completed: where the circuit breaker goes back to. */
  lastCompleted: DeploymentRecord | undefined;
  /** The picture that DescribeServices still shows. */
  stale: { until: number; view: Service } | undefined;
  describedTimes: number;
}

export interface DeploymentRecord {
  readonly id: string;
  readonly taskDefinition: string;
  readonly createdAt: Date;
  updatedAt: Date;
  status: 'PRIMARY' | 'ACTIVE' | 'INACTIVE';
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
  /** Consecutive failures: reset once a task runs, and is healthy where something checks its health. */
  failedTasks: number;
  /** Consecutive failures to start, for the back-off of the scheduler. */
  startFailures: number;
  nextStartAt: number;
  /** The circuit breaker stopped it, and there was nothing to go back to: no more tasks are started. */
  stalled: boolean;
  /** Which of the service's two target groups it got, where ECS itself deploys blue/green. */
  targetGroup?: string;
}

export interface ServiceDeploymentRecord {
  readonly arn: string;
  readonly deployment: DeploymentRecord;
  readonly source: DeploymentRecord[];
  readonly createdAt: Date;
  finishedAt?: Date;
  stoppedAt?: Date;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  /** Set while and after it goes back to an earlier deployment. */
  rollback?: { reason: string; startedAt: Date; to: DeploymentRecord };
  circuitBreaker: { triggered: boolean; failureCount: number };
  /** Where ECS itself deploys blue/green. */
  readonly native?: NativeProgress;
}

/** How far ECS's own blue/green has come. */
export interface NativeProgress {
  stage: ServiceDeploymentLifecycleStage | 'PRE_PRODUCTION_TRAFFIC_SHIFT';
  /** Since when, in real ms. */
  since: number;
  /** The stage's own work was begun: traffic moved, hooks started. */
  entered: boolean;
  /** How many steps of a linear or canary shift are done. */
  step: number;
  /** Of the present stage. */
  hooks: LifecycleHook[];
  /** While it goes back: the traffic is back, but the tasks are still there; since when, in real ms. */
  backSince?: number;
  /** Alarms are not looked at when one was in ALARM at the start (facts/ecs.md 1.3). */
  readonly watchesAlarms: boolean;
  triggeredAlarms: string[];
}

export interface LifecycleHook {
  readonly id: string;
  status: DeploymentLifecycleHookStatus;
  readonly expiresAt: Date;
  readonly timeoutAction: DeploymentLifecycleHookAction;
}
