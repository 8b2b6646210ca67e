import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceRevision,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
import type { EcsNativeSettings } from '../../config/environment.ts';
import { DeployError } from '../../errors.ts';
import { type Aws, errorName, modify, read } from './aws.ts';

/** The service deployments of one service: what ECS calls what it does about a new revision. */
export class ServiceDeployments {
  readonly #aws: Aws;
  readonly #settings: EcsNativeSettings;
  /** By their short names, as the journal holds them: an ARN may be longer than a tag. */
  readonly #arns = new Map<string, string>();
  /** Revisions never change once it is known which target group they got. */
  readonly #revisions = new Map<string, ServiceRevision>();

  constructor(aws: Aws, settings: EcsNativeSettings) {
    this.#aws = aws;
    this.#settings = settings;
  }

  /** The newest first. AWS documents no order, so they are ordered by their time. */
  async list(): Promise<readonly ServiceDeploymentBrief[]> {
    const { cluster, services } = this.#settings;
    const all: ServiceDeploymentBrief[] = [];
    let nextToken: string | undefined;
    do {
      const page = await read('ecs:ListServiceDeployments', () =>
        this.#aws.ecs.send(
          new ListServiceDeploymentsCommand({
            cluster,
            service: services.native,
            maxResults: 100,
            nextToken,
          }),
        ),
      );
      const { serviceDeployments = [] } = page;
      all.push(...serviceDeployments);
      // A hundred are plenty, as long as they are the newest.
      const [first, last] = [serviceDeployments[0], serviceDeployments.at(-1)];
      const isNewestFirst = first === undefined || last === undefined || timeOf(first) >= timeOf(last);
      nextToken = isNewestFirst ? undefined : page.nextToken;
    } while (nextToken !== undefined);
    for (const { serviceDeploymentArn = '' } of all)
      this.#arns.set(idOf(serviceDeploymentArn), serviceDeploymentArn);
    return all.sort((a, b) => timeOf(b) - timeOf(a));
  }

  /** @throws DeployError `rollout-gone` when ECS does not know it; it keeps them for 90 days */
  async get(id: string): Promise<ServiceDeployment> {
    const arn = await this.#arnOf(id);
    const { serviceDeployments = [] } = await read('ecs:DescribeServiceDeployments', () =>
      this.#aws.ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] })),
    );
    if (serviceDeployments[0] === undefined) throw gone(id);
    return serviceDeployments[0];
  }

  /** In the order of the ARNs; nothing for a revision that ECS does not know. */
  async revisions(arns: readonly string[]): Promise<readonly (ServiceRevision | undefined)[]> {
    const unknown = arns.filter((arn) => !this.#revisions.has(arn));
    const found = new Map(this.#revisions);
    if (unknown.length > 0) {
      const { serviceRevisions = [] } = await read('ecs:DescribeServiceRevisions', () =>
        this.#aws.ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: unknown })),
      );
      for (const revision of serviceRevisions) {
        found.set(revision.serviceRevisionArn ?? '', revision);
        if (groupsOf(revision).length > 0) this.#revisions.set(revision.serviceRevisionArn ?? '', revision);
      }
    }
    return arns.map((arn) => found.get(arn));
  }

  /** Users get the former revision again. Does nothing to one that has ended, or goes back already. */
  async stop(id: string): Promise<void> {
    const serviceDeploymentArn = await this.#arnOf(id);
    await modify('ecs:StopServiceDeployment', async () => {
      try {
        await this.#aws.ecs.send(
          new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }),
        );
      } catch (error) {
        // It has ended meanwhile: how, is for whoever looks at it next.
        if (errorName(error) !== 'Conflict') throw error;
      }
    });
  }

  /** Lets it go on from a PAUSE hook. Does nothing where that hook waits no more. */
  async goOn(id: string, hookId: string): Promise<void> {
    const serviceDeploymentArn = await this.#arnOf(id);
    try {
      await modify('ecs:ContinueServiceDeployment', () =>
        this.#aws.ecs.send(
          new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action: 'CONTINUE' }),
        ),
      );
    } catch (error) {
      if (!(error instanceof DeployError && error.code === 'aws-refused')) throw error;
      // An answer may have been lost, or somebody else was quicker: then it waits no more.
      const { lifecycleHookDetails = [] } = await this.get(id);
      const waits = lifecycleHookDetails.some(
        (hook) => hook.hookId === hookId && hook.status === 'AWAITING_ACTION',
      );
      if (waits) throw error;
    }
  }

  async #arnOf(id: string): Promise<string> {
    if (!this.#arns.has(id)) await this.list();
    const arn = this.#arns.get(id);
    if (arn === undefined) throw gone(id);
    return arn;
  }
}

/** `arn:aws:ecs:REGION:ACCOUNT:service-deployment/CLUSTER/SERVICE/ID` */
export const idOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** The target groups that ECS really gave a revision; the service's own settings name both. */
export const groupsOf = ({ resolvedConfiguration }: ServiceRevision): string[] =>
  resolvedConfiguration?.loadBalancers?.flatMap(({ targetGroupArn }) => targetGroupArn ?? []) ?? [];

const timeOf = ({ createdAt }: ServiceDeploymentBrief) => createdAt?.getTime() ?? 0;

const gone = (id: string) =>
  new DeployError(`ECS knows no service deployment ${id} of this service.`, {
    code: 'rollout-gone',
    hint: 'Look at the service’s deployments in the ECS console.',
  });
