import { COLORS, type Color, type PerColor } from '../../release/color.ts';
import type { Standing } from '../../release/situation.ts';
import type { ContainersOptions } from './containers.ts';
import { readColors, stateOf } from './containers.ts';
import { DockerError } from './docker-error.ts';
import { projectName } from './names.ts';

/** The standings that are written down; any other is `unknown`. */
const MARKS = ['was-live', 'rolled-back'] as const;
const TAG = /^(was-live|rolled-back)-(.+)$/;

/** A tag of ours, `shop-production-blue:was-live-0123456789ab`. */
interface Mark {
  readonly color: Color;
  readonly standing: (typeof MARKS)[number];
  readonly release: string;
  readonly reference: string;
}

/**
 * What became of releases, as tags on their own images: labels of containers can't change, and a tag also keeps the
 * image of a parked release from `docker image prune`, however its repository's tags move on.
 */
export class Standings {
  readonly #options: ContainersOptions;

  constructor(options: ContainersOptions) {
    this.#options = options;
  }

  /** What is known of a release's past; to be asked for each of the two colors' releases. */
  async read(): Promise<(color: Color, release: string) => Standing> {
    const marks = await this.#marks();
    return (color, release) => {
      const own = marks.filter((mark) => mark.release === release);
      if (own.some(({ standing }) => standing === 'rolled-back')) return 'rolled-back';
      return own.some((mark) => mark.color === color) ? 'was-live' : 'unknown';
    };
  }

  /** Records what became of the release that the color holds. */
  async mark(color: Color, standing: Standing): Promise<void> {
    const { docker, app, environment } = this.#options;
    const colors = await readColors(this.#options);
    const { release } = stateOf(colors[color]);
    const image = colors[color].traffic.find((one) => one.release.id === release?.id)?.inspected.Image;
    const marks = await this.#marks();
    if (release === undefined || image === undefined) return;
    const ofRelease = marks.filter((mark) => mark.release === release.id);
    if (standing === 'unknown') return this.#remove(ofRelease);
    const reference = `${projectName(app, environment, color)}:${standing}-${release.id}`;
    await docker.run(['image', 'tag', image, reference]);
    if (standing === 'rolled-back')
      return this.#remove(ofRelease.filter((mark) => mark.color === color && mark.standing === 'was-live'));
    // Users have it again, and are content: it is forgiven. And what this color held before is replaced for good: until
    // now it might have been put back.
    const isForgiven = (mark: Mark) => mark.release === release.id && mark.standing === 'rolled-back';
    const isOld = (mark: Mark) => mark.color === color && mark.release !== release.id;
    await this.#remove(marks.filter((mark) => isForgiven(mark) || isOld(mark)));
  }

  async #marks(): Promise<readonly Mark[]> {
    const { docker, app, environment } = this.#options;
    const projects: PerColor<string> = {
      blue: projectName(app, environment, 'blue'),
      green: projectName(app, environment, 'green'),
    };
    const tags = await docker.tagsOf(COLORS.map((color) => projects[color]));
    return tags.flatMap((reference) => {
      const [repository = '', tag = ''] = reference.split(':');
      const color = COLORS.find((one) => projects[one] === repository);
      const [, standing, release] = TAG.exec(tag) ?? [];
      const known = MARKS.find((one) => one === standing);
      if (color === undefined || known === undefined || release === undefined) return [];
      return [{ color, standing: known, release, reference }];
    });
  }

  /** Takes tags of ours off. The last one of an image is replaced, as without any the image would be gone. */
  async #remove(marks: readonly Mark[]): Promise<void> {
    const { docker } = this.#options;
    for (const { reference, release } of marks) {
      const [image] = await docker.inspect<References>('image', [reference]);
      if (image === undefined) continue;
      if (references(image) <= 1)
        await docker.run(['image', 'tag', reference, reference.replace(/:.*$/, `:kept-${release}`)]);
      try {
        await docker.run(['image', 'rm', '--no-prune', reference]);
      } catch (error) {
        if (!(error instanceof DockerError)) throw error;
      }
    }
  }
}

interface References {
  readonly RepoTags?: readonly string[] | null;
  readonly RepoDigests?: readonly string[] | null;
}

const references = ({ RepoTags, RepoDigests }: References): number =>
  (RepoTags?.length ?? 0) + (RepoDigests?.length ?? 0);
