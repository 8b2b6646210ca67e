import type { Service } from '@aws-sdk/client-ecs';
import { releaseId } from './arn.ts';
import type { Aws } from './aws.ts';
import { type Findings, join } from './findings.ts';
import { platformOf, platformProblems } from './platforms.ts';
import type { Registry } from './registry.ts';
import { secretReferences } from './secret-references.ts';
import { SecretStore } from './secret-store.ts';
import { containersOf, type TaskDefinition } from './task-definitions.ts';
import type { Tasks } from './tasks.ts';
import { lookAtZones } from './zones.ts';

/** A service that is going to start tasks, and of what. */
export interface Starting {
  readonly service: Service;
  /** The new release is made from it. */
  readonly definition: TaskDefinition;
  /** The images that containers get, by container. */
  readonly images: ReadonlyMap<string, string>;
}

/** What is going to start, and where. */
export interface Prospect {
  /** The service behind the load balancer first, then the workers. */
  readonly starting: readonly [Starting, ...Starting[]];
  /** Whose tasks show in which zones the subnets are. */
  readonly services: readonly Service[];
  /** ARN of the load balancer. */
  readonly loadBalancer: string;
}

/** Finds what would show only once tasks start. Looks once: a plan asks what is wrong, and then what it could not see. */
export class LookAhead {
  readonly #options: { readonly aws: Aws; readonly tasks: Tasks; readonly registry: Registry };
  readonly #secrets: SecretStore;
  #found: Promise<Findings> | undefined;

  constructor(options: { aws: Aws; tasks: Tasks; registry: Registry }) {
    this.#options = options;
    this.#secrets = new SecretStore(options.aws);
  }

  async look(prospect: () => Promise<Prospect>, { readOnly }: { readOnly: boolean }): Promise<Findings> {
    this.#found ??= this.#look(prospect, readOnly);
    try {
      return await this.#found;
    } catch (error) {
      this.#found = undefined;
      throw error;
    }
  }

  close(): void {
    this.#secrets.close();
  }

  async #look(prospect: () => Promise<Prospect>, readOnly: boolean): Promise<Findings> {
    const { starting, services, loadBalancer } = await prospect();
    const { registry, ...sources } = this.#options;
    const ofImages = await lookAtImages(registry, starting);
    // A deployment should need no right to look at secrets, and sees within seconds what its tasks stop for.
    if (!readOnly) return ofImages;
    const ofZones = await lookAtZones({ ...sources, service: starting[0].service, services, loadBalancer });
    return join([ofImages, ofZones, await lookAtSecrets(this.#secrets, starting)]);
  }
}

/** Images that can't run where they are going to. */
async function lookAtImages(registry: Registry, all: readonly Starting[]): Promise<Findings> {
  const found: Findings[] = [];
  for (const { service, definition, images } of all) {
    if (platformOf(definition, service) === undefined) continue;
    const names = containersOf(definition).map(({ name }) => name ?? '');
    for (const image of new Set(names.flatMap((name) => images.get(name) ?? []))) {
      const { platforms = [], remark } = await registry.platforms(image);
      found.push({
        problems: platforms.length === 0 ? [] : platformProblems(image, platforms, definition, service),
        notes: remark === undefined ? [] : [remark],
      });
    }
  }
  return join(found);
}

/** Secrets that tasks would wait for in vain. */
async function lookAtSecrets(store: SecretStore, all: readonly Starting[]): Promise<Findings> {
  const found: Findings[] = [];
  for (const definition of new Set(all.map((one) => one.definition)))
    found.push(await store.look(secretReferences(definition), releaseId(definition.arn)));
  return join(found);
}
