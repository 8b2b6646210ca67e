import type { Color, PerColor } from '../../release/color.ts';
import type { SavedScaling, Scaling } from '../target.ts';
import type { EcsScaling } from './scaling.ts';
import type { Worker } from './worker.ts';
import type { Workers } from './workers.ts';

/** Stands in the journal where only workers scale: how they do is on their own services, as a tag has 256 characters. */
const ONLY_WORKERS = 'workers';

/** Hands over the scaling of the services with traffic, and of those that move along. */
export class ScalingOfAll implements Scaling {
  readonly #main: EcsScaling;
  readonly #workers: Workers;

  constructor(main: EcsScaling, workers: Workers) {
    this.#main = main;
    this.#workers = workers;
  }

  async save(): Promise<SavedScaling> {
    const main = await this.#main.save();
    const warnings = [main.warning];
    const scales = { blue: false, green: false };
    for (const worker of this.#workers.all) {
      const { colors, warning } = await worker.saveScaling();
      warnings.push(warning);
      scales.blue ||= colors.blue !== '';
      scales.green ||= colors.green !== '';
    }
    const text = (color: Color) => main.colors[color] || (scales[color] ? ONLY_WORKERS : '');
    const said = warnings.filter((warning) => warning !== undefined);
    return {
      colors: { blue: text('blue'), green: text('green') },
      ...(said.length > 0 && { warning: said.join(' ') }),
    };
  }

  async hold(color: Color): Promise<void> {
    await this.#main.hold(color);
    for (const worker of await this.#partakers(color)) await worker.scaling.hold(color);
  }

  /** Workers too, though no share of the traffic is theirs: both colors' are at the queue, and one of them leaves it. */
  async share(to: Color, saved: PerColor<string>): Promise<void> {
    await this.#main.share(to, { blue: ofMain(saved.blue), green: ofMain(saved.green) });
    for (const worker of await this.#partakers(to)) await worker.scaling.share(to, await worker.noted());
  }

  async handOver(to: Color, saved: PerColor<string>, options: { readonly scaleIn: boolean }): Promise<void> {
    await this.#main.handOver(to, { blue: ofMain(saved.blue), green: ofMain(saved.green) }, options);
    for (const worker of await this.#partakers(to))
      await worker.scaling.handOver(to, await worker.noted(), options);
  }

  async restore(color: Color, saved: string, options: { readonly scaleIn: boolean }): Promise<void> {
    await this.#main.restore(color, ofMain(saved), options);
    for (const worker of this.#workers.all)
      await worker.scaling.restore(color, (await worker.noted())[color], options);
  }

  close(): Promise<void> {
    return this.#main.close();
  }

  async #partakers(to: Color): Promise<Worker[]> {
    const partakers: Worker[] = [];
    for (const worker of this.#workers.all) if (await worker.takesPart(to)) partakers.push(worker);
    return partakers;
  }
}

const ofMain = (saved: string) => (saved === ONLY_WORKERS ? '' : saved);
