import type { Service } from '@aws-sdk/client-ecs';
import type { EcsSettings } from '../../config/environment.ts';
import { type Color, otherColor, type PerColor } from '../../release/color.ts';
import { isImage } from '../../release/image.ts';
import type { JournalRecord } from '../../release/journal.ts';
import type { Failure, Health, StageRequest } from '../target.ts';
import { Anchor } from './anchor.ts';
import { releaseId } from './arn.ts';
import type { Aws } from './aws.ts';
import { explain, look } from './health.ts';
import { imageOf, type Pin } from './images.ts';
import type { LogTail } from './log-tail.ts';
import type { Places } from './places.ts';
import { putBack } from './put-back.ts';
import { EcsScaling } from './scaling.ts';
import { primaryDeployment, ServicePair } from './services.ts';
import { type TaskDefinition, type TaskDefinitions, withImages } from './task-definitions.ts';
import type { Tasks } from './tasks.ts';
import { hasHealthCheck, takers, workerImages } from './worker-images.ts';
import { WorkerRecords } from './worker-record.ts';

/**
 * How many looks in a row must find a task of a new release running. Nothing asks a worker whether it works, and ECS
 * calls a rollout completed as soon as its tasks run: that one crashes at its start shows only in the time after that
 * (facts/ecs.md 3, row 29). With the default interval these are nine seconds.
 */
const PROOF_LOOKS = 4;

export interface UsersThere {
  /** Whether users are on the color already: from then on its count is for its own scaling to change. */
  readonly given: boolean;
  /** For who comes later: from when on what stopped counts too, ms since the epoch. */
  readonly since?: number;
}

export interface WorkerOptions {
  readonly aws: Aws;
  readonly settings: EcsSettings;
  readonly names: PerColor<string>;
  /** Where the config names it. */
  readonly path: string;
  readonly definitions: TaskDefinitions;
  readonly tasks: Tasks;
  readonly places: Places;
  readonly logs: LogTail;
  readonly carriesTraffic: (color: Color) => Promise<boolean>;
}

/**
 * Two services without traffic, one per color, which move along with those that have it. A worker of the new release
 * runs beside the old one from stage to retire: only tasks that run are a proof (facts/ecs.md 4b: at a desired count of
 * 0 a deployment completes without ever running one), and the old one, untouched until then, is what users fall back on.
 */
export class Worker {
  readonly pair: ServicePair;
  readonly scaling: EcsScaling;
  readonly #options: WorkerOptions;
  readonly #anchors = new Map<Color, Anchor>();
  /** The colors on which this run started a release that nobody has seen run before. */
  readonly #unproven = new Set<Color>();
  /** Counts that this run asked for. */
  readonly #asked = new Map<Color, number>();
  /** What a parked or restored service will show in the end. */
  readonly #told = new Map<Color, { readonly release?: string; readonly count: number }>();
  /** Its release by the id of the release that it belongs to. */
  readonly #created = new Map<string, string>();
  readonly #records: WorkerRecords;
  /** How its services scale, as `scaling.save` found it, until it is written. */
  #saved: PerColor<string> | undefined;

  constructor(options: WorkerOptions) {
    const { aws, settings, names, path, carriesTraffic } = options;
    this.#options = options;
    this.pair = new ServicePair(aws, settings, { names, path });
    this.#records = new WorkerRecords(this.pair);
    this.scaling = new EcsScaling({
      aws,
      settings: { ...settings, services: names },
      services: this.pair,
      asked: (color) => this.#asked.get(color),
      carriesTraffic,
    });
  }

  /** Creates its revision of the release `of`; true where the live worker runs another. */
  async create(request: StageRequest, of: string, pin: Pin): Promise<boolean> {
    const { color } = request;
    const { definitions, settings } = this.#options;
    const services = await this.pair.recent();
    const [live, parked] = [services[otherColor(color)], services[color]];
    const base = await definitions.get(live.taskDefinition ?? '');
    const former = await definitions.get(parked.taskDefinition ?? '');
    const { references, tag } = await pin(workerImages(base, settings, request));
    const definition = await definitions.register(
      withImages(base, references, tag),
      former.family === base.family ? [base, former] : [base],
    );
    this.#created.set(of, releaseId(definition.arn));
    return definition.arn !== live.taskDefinition && (live.desiredCount ?? 0) > 0;
  }

  /** Writes down what is needed to undo what a run is about to do, before that is written for the whole. */
  async note(color: Color, record: JournalRecord): Promise<void> {
    const from = otherColor(color);
    const scaling = this.#saved;
    this.#saved = undefined;
    if (record['phase'] === 'staging') {
      const services = await this.pair.describe();
      const parked = services[color];
      await this.#records.write(color, parked, {
        release: this.#created.get(record['release'] ?? '') ?? (await this.#former(parked, record)),
        'parked-release': releaseId(parked.taskDefinition ?? ''),
        'parked-count': String(parked.desiredCount ?? 0),
        scaling: scaling?.[color] ?? '',
      });
      if (scaling !== undefined && scaling[from] !== '')
        await this.#records.write(from, services[from], { scaling: scaling[from] });
    } else if (scaling !== undefined && scaling[from] !== '') {
      await this.#records.write(from, (await this.pair.known())[from], { scaling: scaling[from] });
    }
  }

  forget(): Promise<void> {
    return this.#records.forget();
  }

  /** Reads how it scales now, for `note`; whether any of its services does. */
  async saveScaling() {
    const { colors, warning } = await this.scaling.save();
    this.#saved = colors;
    return { colors, warning };
  }

  /** How it scaled when that was noted. */
  async noted(): Promise<PerColor<string>> {
    await this.pair.known();
    return {
      blue: this.#records.read('blue').scaling ?? '',
      green: this.#records.read('green').scaling ?? '',
    };
  }

  /** Whether the run under way, or the dead one, has to do with it: the config may have changed in between. */
  async takesPart(to: Color): Promise<boolean> {
    await this.pair.known();
    return this.#records.read(to).release !== undefined;
  }

  /**
   * Starts as many as the live color runs, which may be none: then there is nothing to prove.
   * @param least where nothing is live
   */
  async start(color: Color, { warm, least }: { warm: boolean; least: number }): Promise<void> {
    const services = await this.pair.recent();
    const { release } = this.#records.read(color);
    if (release === undefined) return;
    const service = services[color];
    const running = this.#asked.get(color) ?? 0;
    const count = Math.max(services[otherColor(color)].desiredCount ?? 0, least, warm ? running : 0);
    if (warm && running > 0 && running === count) return;
    const primary = primaryDeployment(service);
    const same = releaseId(service.taskDefinition ?? '') === release;
    const keep = warm && same && (service.runningCount ?? 0) > 0 && primary?.rolloutState !== 'FAILED';
    this.#told.delete(color);
    const updated = await this.pair.update(
      color,
      keep || (same && count === 0)
        ? { desiredCount: count }
        : { taskDefinition: release, desiredCount: count, ...(count > 0 && { forceNewDeployment: true }) },
    );
    this.#asked.set(color, count);
    this.#anchors.set(color, new Anchor(primaryDeployment(updated), count, keep ? 'woken' : 'fresh'));
    // What users had before, or what is proven already, needs no second proof: a rollback must be quick.
    if (warm) this.#unproven.delete(color);
    else this.#unproven.add(color);
  }

  async health(color: Color, { given, since }: UsersThere): Promise<Health | undefined> {
    const { aws, tasks, places, logs, definitions, settings } = this.#options;
    const service = (await this.pair.recent())[color];
    let anchor = this.#anchors.get(color);
    if (anchor === undefined) {
      const desired = service.desiredCount ?? 0;
      anchor =
        since === undefined
          ? new Anchor(primaryDeployment(service), desired, 'found')
          : Anchor.ofLive(releaseId(service.taskDefinition ?? ''), desired, since);
      this.#anchors.set(color, anchor);
      const { release } = this.#records.read(color);
      const runs = releaseId(service.taskDefinition ?? '');
      if (release !== undefined && release !== runs) return replaced(runs, release);
    }
    const wanted = given ? Math.min(anchor.wanted, service.desiredCount ?? 0) : anchor.wanted;
    if (anchor.wanted === 0 || (given && wanted === 0 && anchor.sees(service))) return undefined;
    const definition = await definitions.get(service.taskDefinition ?? '');
    return look({
      aws,
      tasks,
      places,
      logs,
      service,
      anchor,
      wanted,
      hasUsers: given,
      isChecked: hasHealthCheck(definition),
      images: takers(definition, settings),
      looks: this.#unproven.has(color) ? PROOF_LOOKS : 1,
      container: this.#container(definition),
    });
  }

  async diagnose(color: Color): Promise<Failure | undefined> {
    const anchor = this.#anchors.get(color);
    if (anchor?.last === undefined) return undefined;
    const definition = await this.#options.definitions.get(anchor.last.service.taskDefinition ?? '');
    return explain(anchor, this.#options.logs, this.#container(definition));
  }

  /** Two releases do not share a queue for longer than they must: none is kept warm. */
  async park(color: Color): Promise<void> {
    // A run that began without it has started no other in its place.
    if (!(await this.takesPart(otherColor(color)))) return;
    await this.pair.update(color, { desiredCount: 0 });
    this.#told.set(color, { count: 0 });
  }

  async restore(color: Color): Promise<void> {
    await this.pair.known();
    const record = this.#records.read(color);
    if (record.release === undefined) return;
    const count = Number(record['parked-count'] ?? 0);
    const release = record['parked-release'] ?? '';
    this.#anchors.delete(color);
    this.#asked.delete(color);
    await putBack(this.pair, color, release, count);
    this.#told.set(color, { release, count });
  }

  /** How many it is meant to run, as far as the last look showed. */
  desired(color: Color): number {
    return this.pair.seen[color]?.desiredCount ?? 0;
  }

  /** Whether ECS shows something else than it was told last. */
  lags(color: Color): boolean {
    const [told, shown] = [this.#told.get(color), this.pair.seen[color]];
    if (told === undefined || shown === undefined) return false;
    const { release = '' } = told;
    return (
      shown.desiredCount !== told.count ||
      (release !== '' && releaseId(shown.taskDefinition ?? '') !== release)
    );
  }

  close(): Promise<void> {
    return this.scaling.close();
  }

  /**
   * The release to go back to: what it was parked with, unless that is another tag's and there is one of the right tag
   * (it may have been parked before it moved along, or the rollback goes further back).
   */
  async #former(parked: Service, record: JournalRecord): Promise<string> {
    const { definitions, settings } = this.#options;
    const tag = record['image-tag'] ?? '';
    const held = await definitions.get(parked.taskDefinition ?? '');
    const has = (definition: TaskDefinition) =>
      takers(definition, settings).some((name) => isImage(imageOf(definition, name), tag));
    if (has(held)) return releaseId(held.arn);
    const found = await definitions.find(held.family, has);
    return releaseId((found ?? held).arn);
  }

  #container(definition: TaskDefinition): string {
    return takers(definition, this.#options.settings)[0] ?? '';
  }
}

/** Only where another run started it: somebody, or ECS's circuit breaker, put another release there since. */
function replaced(runs: string, release: string): Health {
  const reason = `it runs ${runs}, and not ${release} that was proven there`;
  const hint =
    'Somebody, or the circuit breaker of ECS, replaced it. Run operation: abort, then stage again.';
  return {
    ready: 0,
    wanted: 1,
    detail: reason,
    failure: { code: 'superseded', reason, hint, details: [] },
  };
}
