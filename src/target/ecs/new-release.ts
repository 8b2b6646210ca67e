import type { EcsSettings } from '../../config/environment.ts';
import { COLORS, otherColor } from '../../release/color.ts';
import { isImage } from '../../release/image.ts';
import type { Release } from '../../release/situation.ts';
import type { FoundRelease, StageRequest } from '../target.ts';
import { imageOf, type Pin } from './images.ts';
import type { Registry } from './registry.ts';
import { asRelease, imagesOf } from './releases.ts';
import type { ServicePair } from './services.ts';
import { standingOf } from './standings.ts';
import { type TaskDefinitions, withImages } from './task-definitions.ts';
import { containerOf } from './wiring.ts';
import type { Workers } from './workers.ts';

export interface ReleasesOptions {
  readonly settings: EcsSettings;
  readonly services: ServicePair;
  readonly definitions: TaskDefinitions;
  readonly registry: Registry;
  readonly workers: Workers;
}

/** Where releases come from: made of what the live color runs, or found among the former ones. */
export class Releases {
  readonly #options: ReleasesOptions;

  constructor(options: ReleasesOptions) {
    this.#options = options;
  }

  async create(request: StageRequest): Promise<Release> {
    const { settings, definitions, registry, workers } = this.#options;
    const { color, image, imageTag } = request;
    const services = await this.#options.services.recent();
    const live = otherColor(color);
    const base = await definitions.get(services[live].taskDefinition ?? '');
    const parked = await definitions.get(services[color].taskDefinition ?? '');
    const container = containerOf(settings, services, live);
    const images = imagesOf(settings, container, { image, imageTag });
    const remarks = new Set<string>();
    const pin: Pin = async (wanted) => {
      const pinned = await registry.pin(wanted);
      for (const remark of pinned.remarks) remarks.add(remark);
      return pinned;
    };
    const { references, tag } = await pin(images);
    const definition = await definitions.register(
      withImages(base, references, tag),
      parked.family === base.family ? [base, parked] : [base],
    );
    const release = asRelease(definition, container);
    const differs = await workers.create(request, release.id, pin);
    return { ...release, differs, remarks: [...remarks] };
  }

  async find(imageTag: string): Promise<FoundRelease | undefined> {
    const { settings, definitions } = this.#options;
    const services = await this.#options.services.recent();
    for (const color of COLORS) {
      const container = containerOf(settings, services, color);
      const { family } = await definitions.get(services[color].taskDefinition ?? '');
      const found = await definitions.find(family, (definition) =>
        isImage(imageOf(definition, container), imageTag),
      );
      if (found === undefined) continue;
      const release = asRelease(found, container);
      return { ...release, standing: standingOf(services, color, release.id) };
    }
    return undefined;
  }
}
