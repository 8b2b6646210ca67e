import { COLORS, type Color, type PerColor } from '../../release/color.ts';
import { type ColorContainers, type Container, labelOf, policyOf } from './containers.ts';
import type { DockerCli } from './docker-cli.ts';
import { DockerError } from './docker-error.ts';
import { removeTag } from './image-tags.ts';
import { LABELS, projectName } from './names.ts';

/** `restart-0123456789ab-on-failure.3-worker` */
const TAG = /^restart-([0-9a-f]+)-(always|unless-stopped|on-failure(?:\.\d+)?)-(.+)$/;

/** A tag of ours, on the image that takes the traffic. */
interface Note {
  readonly reference: string;
  readonly release: string;
  readonly policy: string;
  readonly service: string;
}

export interface RestartNotesOptions {
  readonly docker: DockerCli;
  readonly app: string;
  readonly environment: string;
  /** One line for the log. */
  readonly progress: (message: string) => void;
}

/**
 * What was brought up by hand has no label that says which restart policy it had, and while it is parked it must have
 * none: after a reboot `always` would come back, and `on-failure` as well, though it was stopped. So it is written down
 * where standings are, in tags on the release's image: that image stays as long as the containers do.
 */
export class RestartNotes {
  readonly #options: RestartNotesOptions;

  constructor(options: RestartNotesOptions) {
    this.#options = options;
  }

  /** Before the policies are taken off. */
  async keep(color: Color, { all, traffic }: ColorContainers): Promise<void> {
    const restarting = all.filter((one) => !isLabelled(one) && policyOf(one) !== 'no');
    const image = traffic[0]?.inspected.Image;
    if (restarting.length === 0 || image === undefined) return;
    const { docker, progress } = this.#options;
    const known = await this.#notes(color);
    for (const one of restarting) {
      const own = known.filter((note) => isOf(note, one));
      const reference = this.#reference(color, one);
      if (!own.some((note) => note.reference === reference))
        try {
          await docker.run(['image', 'tag', image, reference]);
        } catch (error) {
          if (!(error instanceof DockerError)) throw error;
          progress(
            `${one.name} will have no restart policy after a rollback: ${policyOf(one)} can't be kept: ${error.message}`,
          );
        }
      await this.#remove(own.filter((note) => note.reference !== reference));
    }
  }

  /** The containers with the policies that were taken off them. */
  async applied(color: Color, containers: ColorContainers): Promise<ColorContainers> {
    const isBare = (one: Container) => !isLabelled(one) && policyOf(one) === 'no';
    if (!containers.all.some(isBare)) return containers;
    const notes = await this.#notes(color);
    const apply = (one: Container): Container => {
      const note = isBare(one) ? notes.find((each) => isOf(each, one)) : undefined;
      return note === undefined ? one : { ...one, restart: note.policy };
    };
    const all = containers.all.map(apply);
    const of = (group: readonly Container[]) => all.filter(({ id }) => group.some((one) => one.id === id));
    return { all, traffic: of(containers.traffic), others: of(containers.others) };
  }

  /** Once containers that were replaced never come back. */
  async forgetGone(colors: PerColor<ColorContainers>): Promise<void> {
    for (const color of COLORS) {
      const left = colors[color].all.filter((one) => !isLabelled(one));
      const notes = await this.#notes(color);
      await this.#remove(notes.filter((note) => !left.some((one) => isOf(note, one))));
    }
  }

  async #notes(color: Color): Promise<readonly Note[]> {
    const tags = await this.#options.docker.tagsOf([this.#project(color)]);
    return tags.flatMap((reference) => {
      const [, release, policy, service] = TAG.exec(reference.slice(reference.lastIndexOf(':') + 1)) ?? [];
      if (release === undefined || policy === undefined || service === undefined) return [];
      return [{ reference, release, policy: policy.replace('.', ':'), service }];
    });
  }

  async #remove(notes: readonly Note[]): Promise<void> {
    for (const { reference, release } of notes)
      await removeTag(this.#options.docker, reference, `kept-${release}`);
  }

  #reference(color: Color, one: Container): string {
    const policy = policyOf(one).replace(':', '.');
    return `${this.#project(color)}:restart-${one.release.id}-${policy}-${one.service}`;
  }

  #project(color: Color): string {
    return projectName(this.#options.app, this.#options.environment, color);
  }
}

const isLabelled = ({ inspected }: Container): boolean => labelOf(inspected, LABELS.restart) !== '';

/** Also of one that was made again: what it is known by is in Compose's labels, which stay. */
const isOf = ({ release, service }: Note, one: Container): boolean =>
  release === one.release.id && service === one.service;
