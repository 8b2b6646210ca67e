import type { ECRClient, ImageDetail } from '@aws-sdk/client-ecr';
import { toDeployError } from '../../errors.ts';
import { type Aws, errorName, read } from './aws.ts';
import { unchecked } from './findings.ts';
import type { Images } from './images.ts';
import { type Platform, platformsIn } from './platforms.ts';

/** A private registry of Amazon ECR: the account, the region and the repository stand in the reference. */
const ECR =
  /^(?<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)\/(?<repository>[^:@]+)(?::(?<tag>[^:@]+))?(?:@(?<digest>sha256:[0-9a-f]+))?$/;

/** Of what lists an image for each platform. */
const LISTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/** All that it may cost to ask, in ms: it is a favor, and no deployment waits for it. */
const DEADLINE_MS = 10_000;

interface Answer {
  readonly pinned?: string;
  readonly remark?: string;
  /** Whether it is one image, and no list. */
  readonly isSingle?: boolean;
}

/** What an image was built for, where that can be told; and why where it could be and is not. */
interface Built {
  readonly platforms?: readonly Platform[];
  readonly remark?: string;
}

/**
 * Asks the registry which image a tag means now, so that this very image is deployed and rolled back to, wherever the
 * tag moves. Only where that can be found out: a registry that can't be asked is a remark and nothing more.
 */
export class Registry {
  readonly #aws: Pick<Aws, 'open'>;
  readonly #clients = new Map<string, Promise<ECRClient>>();
  /** One answer per reference and run: services that share an image get the same one. */
  readonly #answers = new Map<string, Promise<Answer>>();
  readonly #platforms = new Map<string, Promise<Built>>();

  constructor(aws: Pick<Aws, 'open'>) {
    this.#aws = aws;
  }

  /** The same images, with digests in the place of tags where they are known; and why where they could be and are not. */
  async pin(wanted: ReadonlyMap<string, string>): Promise<Images & { readonly remarks: readonly string[] }> {
    const references = new Map(wanted);
    const remarks = new Set<string>();
    let tag: string | undefined;
    for (const [container, reference] of wanted) {
      const { pinned, remark } = await this.#answer(reference);
      if (remark !== undefined) remarks.add(remark);
      if (pinned === undefined) continue;
      references.set(container, pinned);
      tag ??= tagOf(reference);
    }
    return { references, remarks: [...remarks], ...(tag !== undefined && { tag }) };
  }

  /** Only of what lists its platforms: a single image keeps its own in a blob, which would have to be downloaded. */
  platforms(reference: string): Promise<Built> {
    const built = this.#platforms.get(reference) ?? this.#lookInside(reference);
    this.#platforms.set(reference, built);
    return built;
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) (await client).destroy();
  }

  #answer(reference: string): Promise<Answer> {
    const answer = this.#answers.get(reference) ?? this.#look(reference);
    this.#answers.set(reference, answer);
    return answer;
  }

  async #look(reference: string): Promise<Answer> {
    const [named = '', known] = reference.split('@');
    // With both, it is the digest that counts, and ECS documents no form with both.
    if (known !== undefined)
      return tagOf(reference) === undefined ? {} : { pinned: `${withoutTag(named)}@${known}` };
    const { account, region, repository, tag } = ECR.exec(reference)?.groups ?? {};
    if (account === undefined || region === undefined || tag === undefined) return {};
    try {
      const { imageDigest, imageManifestMediaType } =
        (await this.#describe(region, { account, repository, tag })) ?? {};
      if (imageDigest === undefined)
        return { remark: `${reference} is deployed by its tag: ECR does not have it, or not yet.` };
      const isSingle = imageManifestMediaType !== undefined && !LISTS.includes(imageManifestMediaType);
      return { pinned: `${withoutTag(named)}@${imageDigest}`, isSingle };
    } catch (error) {
      const why = toDeployError(error).message.replace(/\.$/, '');
      return { remark: `${reference} is deployed by its tag, as its digest could not be found out: ${why}.` };
    }
  }

  async #lookInside(reference: string): Promise<Built> {
    const { pinned, isSingle } = await this.#answer(reference);
    // By the digest that is deployed; of a tag without one, the remark says already that ECR could not be asked.
    const { account, region, repository, digest } = ECR.exec(pinned ?? reference)?.groups ?? {};
    if (region === undefined || digest === undefined || isSingle) return {};
    try {
      const manifest = await this.#manifest(region, { account, repository, digest });
      return manifest === undefined ? {} : { platforms: platformsIn(manifest) };
    } catch (error) {
      return { remark: unchecked(`for which platforms ${reference} is built`, error) };
    }
  }

  /** Undefined where ECR does not have it, or not in one of the forms that list platforms. */
  async #manifest(
    region: string,
    {
      account,
      repository,
      digest,
    }: Readonly<Record<'account' | 'repository' | 'digest', string | undefined>>,
  ): Promise<string | undefined> {
    const { BatchGetImageCommand } = await import('@aws-sdk/client-ecr');
    const client = await this.#open(region);
    const command = new BatchGetImageCommand({
      registryId: account,
      repositoryName: repository,
      imageIds: [{ imageDigest: digest }],
      acceptedMediaTypes: LISTS,
    });
    // What is not there is no error of this call: it stands in `failures`.
    const { images } = await read('ecr:BatchGetImage', () =>
      client.send(command, { abortSignal: AbortSignal.timeout(DEADLINE_MS) }),
    );
    return images?.[0]?.imageManifest;
  }

  async #open(region: string): Promise<ECRClient> {
    const { ECRClient } = await import('@aws-sdk/client-ecr');
    const opened =
      this.#clients.get(region) ?? Promise.resolve(this.#aws.open(ECRClient, { region, maxAttempts: 2 }));
    this.#clients.set(region, opened);
    return opened;
  }

  /** What is behind a tag, the whole list where there is one per platform; undefined where there is no such tag. */
  async #describe(
    region: string,
    { account, repository, tag }: Readonly<Record<'account' | 'repository' | 'tag', string | undefined>>,
  ): Promise<ImageDetail | undefined> {
    const { DescribeImagesCommand } = await import('@aws-sdk/client-ecr');
    const client = await this.#open(region);
    const command = new DescribeImagesCommand({
      registryId: account,
      repositoryName: repository,
      imageIds: [{ imageTag: tag }],
    });
    return read('ecr:DescribeImages', async () => {
      try {
        const answer = await client.send(command, { abortSignal: AbortSignal.timeout(DEADLINE_MS) });
        return answer.imageDetails?.[0];
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
