import { setTimeout as delay } from 'node:timers/promises';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Container, Task } from '@aws-sdk/client-ecs';
import { toDeployError } from '../../errors.ts';
import { type Aws, errorName, read } from './aws.ts';
import { containersOf, type TaskDefinitions } from './task-definitions.ts';
import { taskId } from './tasks.ts';

/** How many lines are read, and how many of them are shown. */
const READ_LINES = 50;
const SHOWN_LINES = 20;
/** All that a log may cost a verdict, in ms. */
const DEADLINE_MS = 10_000;
/** A log agent hands over the last lines a moment after the end; one more look is worth it. */
const LATE_MS = 1_500;

/** What a container wrote last, or why that is not known: a log that can't be read is never a second failure. */
export interface Tail {
  /** Where it stands: `/ecs/shop shop/app/0123`. Empty where there is none. */
  readonly source: string;
  readonly lines: readonly string[];
  readonly remark?: string;
}

/** Reads the ends of container logs from CloudWatch, with a client that is loaded once a failure needs it. */
export class LogTail {
  readonly #aws: Pick<Aws, 'region' | 'open'>;
  readonly #definitions: TaskDefinitions;
  readonly #clients = new Map<string, CloudWatchLogsClient>();

  constructor(aws: Pick<Aws, 'region' | 'open'>, definitions: TaskDefinitions) {
    this.#aws = aws;
    this.#definitions = definitions;
  }

  /** Of the container that ended badly, else of `preferred`. Never throws; nothing for a task that never ran. */
  async read(task: Task, preferred: string): Promise<Tail | undefined> {
    const container = pick(task, preferred);
    if (container === undefined) return undefined;
    try {
      return await this.#read(task, container);
    } catch (error) {
      const { message } = toDeployError(error);
      return { source: '', lines: [], remark: `log of ${container.name}: not read: ${message}` };
    }
  }

  close(): void {
    for (const client of this.#clients.values()) client.destroy();
  }

  async #read(task: Task, container: Container): Promise<Tail> {
    const name = container.name ?? '';
    const remark = (text: string): Tail => ({ source: '', lines: [], remark: `log of ${name}: ${text}` });
    const definition = await this.#definitions.get(task.taskDefinitionArn ?? '');
    const { logConfiguration } =
      (containersOf(definition).find((one) => one.name === name) as Logged | undefined) ?? {};
    if (logConfiguration === undefined)
      return remark('the task definition keeps none; with the awslogs driver its last lines would be here');
    const { logDriver, options = {} } = logConfiguration;
    const group = options['awslogs-group'];
    if (logDriver !== 'awslogs' || group === undefined)
      return remark(`it goes to ${logDriver}, which is not read here`);
    const prefix = options['awslogs-stream-prefix'];
    // Without a prefix, as EC2 allows, Docker names the stream by its own id of the container.
    const stream = prefix === undefined ? (container.runtimeId ?? '') : `${prefix}/${name}/${taskId(task)}`;
    const lines = await this.#last(options['awslogs-region'] ?? this.#aws.region, group, stream);
    if (lines === undefined) return remark(`CloudWatch has no stream ${stream} in ${group}`);
    if (lines.length === 0) return remark(`${group} ${stream} is empty`);
    return { source: `${group} ${stream}`, lines };
  }

  /** The last lines; undefined where there is no such group or stream. */
  async #last(region: string, group: string, stream: string): Promise<string[] | undefined> {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const first = await this.#fetch(region, group, stream, signal);
    if (first !== undefined && first.length > 0) return first;
    await delay(LATE_MS);
    return this.#fetch(region, group, stream, signal);
  }

  async #fetch(
    region: string,
    group: string,
    stream: string,
    abortSignal: AbortSignal,
  ): Promise<string[] | undefined> {
    const { CloudWatchLogsClient, GetLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const client =
      this.#clients.get(region) ?? this.#aws.open(CloudWatchLogsClient, { region, maxAttempts: 2 });
    this.#clients.set(region, client);
    const command = new GetLogEventsCommand({
      logGroupName: group,
      logStreamName: stream,
      limit: READ_LINES,
      startFromHead: false,
    });
    return read('logs:GetLogEvents', async () => {
      try {
        const { events = [] } = await client.send(command, { abortSignal });
        return events
          .flatMap(({ message = '' }) => message.split(/\r?\n/))
          .filter((line) => line.trim() !== '')
          .slice(-SHOWN_LINES);
      } catch (error) {
        if (errorName(error) === 'ResourceNotFound') return undefined;
        throw error;
      }
    });
  }
}

/** As task definitions have it in JSON. */
interface Logged {
  readonly logConfiguration?: {
    readonly logDriver?: string;
    readonly options?: Readonly<Record<string, string>>;
  };
}

/** The container whose last words matter. One that never started has none. */
function pick({ containers = [], startedAt }: Task, preferred: string): Container | undefined {
  const ran = containers.filter(({ exitCode }) => exitCode !== undefined || startedAt !== undefined);
  return (
    ran.find(({ exitCode }) => (exitCode ?? 0) !== 0) ?? ran.find(({ name }) => name === preferred) ?? ran[0]
  );
}
