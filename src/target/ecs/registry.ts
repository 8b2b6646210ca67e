import type { ECRClient } from '@aws-sdk/client-ecr';
import { toDeployError } from '../../errors.ts';
import { type Aws, errorName, read } from './aws.ts';
import type { Images } from './images.ts';

/** A private registry of Amazon ECR: the account, the region and the repository stand in the reference. */
const ECR =
  /^(?<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)\/(?<repository>[^:@]+):(?<tag>[^:@]+)$/;

/** All that it may cost to ask, in ms: it is a favor, and no deployment waits for it. */
const DEADLINE_MS = 10_000;

/**
 * Asks the registry which image a tag means now, so that this very image is deployed and rolled back to, wherever the
 * tag moves. Only where that can be found out: a registry that can't be asked is a remark and nothing more.
 */
export class Registry {
  readonly #aws: Pick<Aws, 'open'>;
  readonly #clients = new Map<string, Promise<ECRClient>>();
  /** One answer per reference and run: services that share an image get the same one. */
  readonly #answers = new Map<string, Promise<{ pinned?: string; remark?: string }>>();

  constructor(aws: Pick<Aws, 'open'>) {
    this.#aws = aws;
  }

  /** The same images, with digests in the place of tags where they are known; and why where they could be and are not. */
  async pin(wanted: ReadonlyMap<string, string>): Promise<Images & { readonly remarks: readonly string[] }> {
    const references = new Map(wanted);
    const remarks = new Set<string>();
    let tag: string | undefined;
    for (const [container, reference] of wanted) {
      const answer = this.#answers.get(reference) ?? this.#look(reference);
      this.#answers.set(reference, answer);
      const { pinned, remark } = await answer;
      if (remark !== undefined) remarks.add(remark);
      if (pinned === undefined) continue;
      references.set(container, pinned);
      tag ??= tagOf(reference);
    }
    return { references, remarks: [...remarks], ...(tag !== undefined && { tag }) };
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) (await client).destroy();
  }

  async #look(reference: string): Promise<{ pinned?: string; remark?: string }> {
    const [named = '', known] = reference.split('@');
    // With both, it is the digest that counts, and ECS documents no form with both.
    if (known !== undefined)
      return tagOf(reference) === undefined ? {} : { pinned: `${withoutTag(named)}@${known}` };
    const { account, region, repository, tag } = ECR.exec(reference)?.groups ?? {};
    if (account === undefined || region === undefined) return {};
    try {
      const digest = await this.#describe(region, { account, repository, tag });
      return digest === undefined
        ? { remark: `${reference} is deployed by its tag: ECR does not have it, or not yet.` }
        : { pinned: `${withoutTag(named)}@${digest}` };
    } catch (error) {
      const why = toDeployError(error).message.replace(/\.$/, '');
      return { remark: `${reference} is deployed by its tag, as its digest could not be found out: ${why}.` };
    }
  }

  /** The digest behind a tag, of the whole list where there is one per platform; undefined where there is no such tag. */
  async #describe(
    region: string,
    { account, repository, tag }: Readonly<Record<'account' | 'repository' | 'tag', string | undefined>>,
  ): Promise<string | undefined> {
    const { DescribeImagesCommand, ECRClient } = await import('@aws-sdk/client-ecr');
    const opened =
      this.#clients.get(region) ?? Promise.resolve(this.#aws.open(ECRClient, { region, maxAttempts: 2 }));
    this.#clients.set(region, opened);
    const client = await opened;
    const command = new DescribeImagesCommand({
      registryId: account,
      repositoryName: repository,
      imageIds: [{ imageTag: tag }],
    });
    return read('ecr:DescribeImages', async () => {
      try {
        const answer = await client.send(command, { abortSignal: AbortSignal.timeout(DEADLINE_MS) });
        return answer.imageDetails?.[0]?.imageDigest;
      } catch (error) {
        // A pull-through cache has an image only once somebody has pulled it.
        if (/^(Image|Repository)NotFound$/.test(errorName(error))) return undefined;
        throw error;
      }
    });
  }
}

const tagOf = (reference: string): string | undefined =>
  /:([^/:@]+)(?:@.*)?$/.exec(reference.split('@')[0] ?? '')?.[1];
const withoutTag = (named: string): string => named.replace(/:[^/:]*$/, '');
