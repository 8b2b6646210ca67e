import { COLORS, type Color, type PerColor } from '../../release/color.ts';
import type { Standing } from '../../release/situation.ts';
import type { ContainersOptions } from './containers.ts';
import { readColors, stateOf } from './containers.ts';
import { removeTag } from './image-tags.ts';
import { projectName } from './names.ts';

/** The standings that are written down; any other is `unknown`. */
const MARKS = ['was-live', 'rolled-back'] as const;
/** `was-live-0123456789ab`, and with the second at which users got it where they still have it. */
const TAG = /^(was-live|rolled-back)-(.+?)(?:-(\d{9,11}))?$/;

/** A tag of ours, `shop-production-blue:was-live-0123456789ab-1767225600`. */
interface Mark {
  readonly color: Color;
  readonly standing: (typeof MARKS)[number];
  readonly release: string;
  readonly reference: string;
  /** Since when users have it, ms since the epoch; absent where they do not, and in tags of older versions. */
  readonly liveSince?: number;
}

/** What is known of a release's past. */
export interface Past {
  readonly standing: Standing;
  readonly liveSince?: number;
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

  /** To be asked for each of the two colors' releases. */
  async read(): Promise<(color: Color, release: string) => Past> {
    const marks = await this.#marks();
    return (color, release) => {
      const own = marks.filter((mark) => mark.release === release);
      if (own.some(({ standing }) => standing === 'rolled-back')) return { standing: 'rolled-back' };
      const ofColor = own.filter((mark) => mark.color === color);
      if (ofColor.length === 0) return { standing: 'unknown' };
      // A run that died between setting a tag and removing the former one leaves both.
      const times = ofColor.flatMap(({ liveSince }) => liveSince ?? []);
      return { standing: 'was-live', ...(times.length === 0 ? {} : { liveSince: Math.max(...times) }) };
    };
  }

  /** Records what became of the release that the color holds, and since when users have it, where they do. */
  async mark(color: Color, standing: Standing, liveSince?: number): Promise<void> {
    const { docker, app, environment } = this.#options;
    const colors = await readColors(this.#options);
    const { release } = stateOf(colors[color]);
    const image = colors[color].traffic.find((one) => one.release.id === release?.id)?.inspected.Image;
    const marks = await this.#marks();
    if (release === undefined || image === undefined) return;
    const ofRelease = marks.filter((mark) => mark.release === release.id);
    if (standing === 'unknown') return this.#remove(ofRelease);
    const time = liveSince === undefined ? '' : `-${Math.floor(liveSince / 1_000)}`;
    const reference = `${projectName(app, environment, color)}:${standing}-${release.id}${time}`;
    await docker.run(['image', 'tag', image, reference]);
    if (standing === 'rolled-back')
      return this.#remove(ofRelease.filter((mark) => mark.color === color && mark.standing === 'was-live'));
    // Users have it again, and are content: it is forgiven. And what this color held before is replaced for good: until
    // now it might have been put back.
    const isForgiven = (mark: Mark) => mark.release === release.id && mark.standing === 'rolled-back';
    const isOld = (mark: Mark) => mark.color === color && mark.reference !== reference;
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
      const [, standing, release, seconds] = TAG.exec(tag) ?? [];
      const known = MARKS.find((one) => one === standing);
      if (color === undefined || known === undefined || release === undefined) return [];
      const since = seconds === undefined ? {} : { liveSince: 1_000 * Number(seconds) };
      return [{ color, standing: known, release, reference, ...since }];
    });
  }

  async #remove(marks: readonly Mark[]): Promise<void> {
    for (const { reference, release } of marks)
      await removeTag(this.#options.docker, reference, `kept-${release}`);
  }
}
