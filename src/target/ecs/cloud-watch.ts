import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DeployError } from '../../errors.ts';
import { type Aws, read } from './aws.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');

/** Alarms and metrics, with a client that is loaded once somebody configured one of them. */
export class CloudWatch {
  readonly #aws: Pick<Aws, 'open'>;
  #opened: Promise<{ readonly sdk: Sdk; readonly client: CloudWatchClient }> | undefined;

  constructor(aws: Pick<Aws, 'open'>) {
    this.#aws = aws;
  }

  /**
   * A call that changes nothing.
   * @param action the IAM action that it needs, which the error names together with the statement to add
   */
  async read<T>(action: string, call: (client: CloudWatchClient, sdk: Sdk) => Promise<T>): Promise<T> {
    const { client, sdk } = await this.open();
    try {
      return await read(action, () => call(client, sdk));
    } catch (error) {
      throw withStatement(error, STATEMENTS.look);
    }
  }

  async open(): Promise<{ readonly sdk: Sdk; readonly client: CloudWatchClient }> {
    this.#opened ??= import('@aws-sdk/client-cloudwatch').then((sdk) => ({
      sdk,
      // Looks are repeated anyway, and none must keep the others of a watch waiting.
      client: this.#aws.open(sdk.CloudWatchClient, { maxAttempts: 2 }),
    }));
    return this.#opened;
  }

  async close(): Promise<void> {
    (await this.#opened)?.client.destroy();
  }
}

/** As docs/ecs.md has them. */
export const STATEMENTS = {
  look: ['cloudwatch:DescribeAlarmHistory', 'cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData'],
  setup: ['cloudwatch:PutMetricAlarm'],
} as const;

/** Roles from before these were needed lack them all: what to add is said at once, and not call by call. */
export function withStatement(error: unknown, actions: readonly string[]): unknown {
  if (!(error instanceof DeployError) || error.code !== 'access-denied') return error;
  const statement = JSON.stringify({ Effect: 'Allow', Action: actions, Resource: '*' });
  return new DeployError(error.message, {
    code: error.code,
    hint: `Add to the policy of the role that this workflow assumes: ${statement}`,
    details: error.details,
    cause: error.cause,
  });
}
