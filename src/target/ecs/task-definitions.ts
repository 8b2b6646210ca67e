import {
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { DeployError } from '../../errors.ts';
import { type Aws, modify, read } from './aws.ts';
import { captureAnswer, sendInstead } from './raw-json.ts';
import { TAG_PREFIX } from './tags.ts';

type Json = { [key: string]: unknown };

/** What a revision consists of, with every field, also those that the SDK here does not know. */
export interface Definition {
  readonly family: string;
  readonly content: Json;
  readonly tags: readonly { key: string; value: string }[];
}

/** A revision as AWS stores it. */
export interface TaskDefinition extends Definition {
  readonly arn: string;
  /** Deregistered: ECS gives it to no service any more. */
  readonly isInactive?: boolean;
}

/**
 * What the digests in it stand for, on the task definition itself. ECS documents two forms of a reference,
 * `repository:tag` and `repository@digest` (RegisterTaskDefinition, `image`), and none with both.
 */
export const IMAGE_TAG = `${TAG_PREFIX}image-tag`;

/** How many revisions back a release is looked for. */
const SEARCH_DEPTH = 50;

/** What Describe returns and Register refuses (facts/ecs.md 4a). */
const READ_ONLY = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'deregisteredAt',
  'deleteRequestedAt',
  'registeredBy',
]);

export class TaskDefinitions {
  readonly #aws: Aws;
  /** Revisions never change: one read each. */
  readonly #known = new Map<string, Promise<TaskDefinition>>();

  constructor(aws: Aws) {
    this.#aws = aws;
  }

  /** @param name an ARN or `family:revision`; a bare family would mean its newest revision, and is not cached. */
  get(name: string): Promise<TaskDefinition> {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const reading = this.#describe(name);
    this.#known.set(name, reading);
    reading.catch(() => this.#known.delete(name));
    return reading;
  }

  /** The family's newest active revision, which need not be the one that a service runs. */
  newest(family: string): Promise<TaskDefinition> {
    return this.#describe(family);
  }

  /**
   * A revision with this content: the given candidates or the family's newest are reused when they hold the same,
   * since Register has a budget of one call a second for the whole account.
   */
  async register(definition: Definition, candidates: readonly TaskDefinition[]): Promise<TaskDefinition> {
    const { family, content, tags } = definition;
    const same = await this.same(definition, candidates);
    if (same !== undefined) return same;
    const command = new RegisterTaskDefinitionCommand({ family, containerDefinitions: [] });
    // An empty list of tags is refused by some API versions; no list is right for all.
    sendInstead(command, tags.length === 0 ? content : { ...content, tags });
    const raw = captureAnswer(command);
    const answer = await modify('ecs:RegisterTaskDefinition', () => this.#aws.ecs.send(command));
    if (answer.taskDefinition?.taskDefinitionArn === undefined)
      throw new DeployError('ECS answered RegisterTaskDefinition without an ARN.', { code: 'aws-refused' });
    // The tags are those that were sent: AWS documents them in the answer, and moto leaves them out.
    const registered = { ...asTaskDefinition(raw()), tags };
    this.#known.set(registered.arn, Promise.resolve(registered));
    return registered;
  }

  /** The one that `register` would use again; nothing where it would make a new revision. */
  async same(
    definition: Definition,
    candidates: readonly TaskDefinition[],
  ): Promise<TaskDefinition | undefined> {
    const wanted = fingerprint(definition);
    const known = [...candidates, await this.newest(definition.family)];
    return known.find((candidate) => candidate.isInactive !== true && fingerprint(candidate) === wanted);
  }

  /** The newest revision that `matches`; looks at the last 50. */
  async find(
    family: string,
    matches: (definition: TaskDefinition) => boolean,
  ): Promise<TaskDefinition | undefined> {
    const { taskDefinitionArns = [] } = await read('ecs:ListTaskDefinitions', () =>
      this.#aws.ecs.send(
        new ListTaskDefinitionsCommand({ familyPrefix: family, sort: 'DESC', maxResults: SEARCH_DEPTH }),
      ),
    );
    for (const arn of taskDefinitionArns) {
      const definition = await this.get(arn);
      // familyPrefix is a prefix: `shop` lists the revisions of `shop-jobs` too.
      if (definition.family === family && matches(definition)) return definition;
    }
    return undefined;
  }

  async #describe(name: string): Promise<TaskDefinition> {
    const command = new DescribeTaskDefinitionCommand({ taskDefinition: name, include: ['TAGS'] });
    const raw = captureAnswer(command);
    await read('ecs:DescribeTaskDefinition', () => this.#aws.ecs.send(command));
    return asTaskDefinition(raw());
  }
}

/** Of the raw answer to Describe, and to Register, which has the same form. */
function asTaskDefinition(raw: unknown): TaskDefinition {
  const answer = raw as { taskDefinition?: Json; tags?: { key: string; value?: string }[] };
  const all = answer.taskDefinition ?? {};
  return {
    arn: String(all['taskDefinitionArn']),
    isInactive: all['status'] === 'INACTIVE',
    family: String(all['family']),
    content: Object.fromEntries(Object.entries(all).filter(([key]) => !READ_ONLY.has(key))),
    // `aws:` tags are AWS's own: they can be neither set nor taken along.
    tags: (answer.tags ?? [])
      .filter(({ key }) => !key.startsWith('aws:'))
      .map(({ key, value }) => ({ key, value: value ?? '' })),
  };
}

interface Container extends Json {
  name?: string;
  image?: string;
}

export const containersOf = (definition: Definition): readonly Container[] =>
  (definition.content['containerDefinitions'] ?? []) as Container[];

/**
 * The same with other images in the named containers, and nothing else changed.
 * @param tag what the digests among them stand for
 */
export const withImages = (
  definition: TaskDefinition,
  images: ReadonlyMap<string, string>,
  tag: string | undefined,
): Definition => ({
  family: definition.family,
  content: {
    ...definition.content,
    containerDefinitions: containersOf(definition).map((container) => {
      const image = images.get(container.name ?? '');
      return image === undefined ? container : { ...container, image };
    }),
  },
  tags: [
    ...definition.tags.filter(({ key }) => key !== IMAGE_TAG),
    ...(tag === undefined ? [] : [{ key: IMAGE_TAG, value: tag }]),
  ],
});

/** The same for the same content, whatever the order of its keys and tags. */
function fingerprint({ content, tags }: Definition) {
  const sorted = [...tags].sort((a, b) => (a.key < b.key ? -1 : 1));
  return JSON.stringify([content, sorted], (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
