import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DockerSettings } from '../../config/environment.ts';
import { DeployError } from '../../errors.ts';
import type { Color, PerColor } from '../../release/color.ts';
import { tagOf } from '../../release/image.ts';
import type { Release } from '../../release/situation.ts';
import type { Problem, StageRequest } from '../target.ts';
import { checkPlugin, compose, invalidFile, warningOf } from './compose-command.ts';
import { type ComposeConfig, isExternal } from './compose-config.ts';
import { readFacts } from './compose-facts.ts';
import { lastWords, upFailure } from './compose-failure.ts';
import { type ComposeFile, readComposeFile } from './compose-file.ts';
import type { DockerCli } from './docker-cli.ts';
import { DockerError } from './docker-error.ts';
import { parseJson } from './docker-json.ts';
import { projectName } from './names.ts';
import { findOverlaps } from './overlap.ts';
import { type Overlap, PROBE_TAG } from './overlap-subject.ts';
import { overrideFor } from './override.ts';
import { ownVolumeNotes } from './own-volumes.ts';
import type { Projects } from './project.ts';
import { neededImages, pinned, pullAll } from './pull.ts';
import { releaseId } from './release-content.ts';

export interface ComposeOptions {
  readonly docker: DockerCli;
  readonly app: string;
  readonly environment: string;
  readonly settings: DockerSettings;
  /** An absolute path: where the repository is checked out. */
  readonly workspace: string;
  /** How long services may take for what others wait for (`depends_on`). */
  readonly healthTimeoutMs: number;
  readonly progress: (message: string) => void;
  readonly signal: AbortSignal;
}

/** A reference that no registry gives out: where it comes back, the user's file says `${IMAGE}`. */
const PROBE_IMAGE = 'blue-green.invalid/probe';

/** Creating and starting containers, apart from what they wait for each other. */
const UP_TIMEOUT_MS = 5 * 60_000;

/** The user's Compose file as two projects, one for each color. */
export class Compose implements Projects {
  readonly #options: ComposeOptions;
  /** A run sees one version of the file: what was checked is what is brought up. */
  readonly #resolved = new Map<string, Promise<ComposeConfig>>();
  #file: Promise<ComposeFile> | undefined;
  readonly #warned = new Set<string>();

  constructor(options: ComposeOptions) {
    this.#options = options;
  }

  /**
   * Everything in the file that would keep the color from coming up beside the other one. `replicas`: how many there
   * will be, where the config doesn't say.
   */
  async preflight(request: StageRequest, replicas: number): Promise<readonly Problem[]> {
    const { docker, settings } = this.#options;
    try {
      await checkPlugin(docker);
      const { configs, ...subject } = await this.#subject(request, replicas);
      const facts = await readFacts(docker, foreignNetworks(configs, settings.network));
      return findOverlaps({ ...subject, configs, facts });
    } catch (error) {
      if (!(error instanceof DeployError && REFUSALS.has(error.code))) throw error;
      return [{ message: error.message, fix: error.hint ?? '', forceable: false }];
    }
  }

  /** What the file says that may be meant, or may be a mistake. */
  async notes(request: StageRequest): Promise<readonly string[]> {
    return ownVolumeNotes(await this.#subject(request, 1));
  }

  /** The same for the log: once in a run, though it may look again. */
  async tellNotes(request: StageRequest): Promise<void> {
    for (const note of await this.notes(request)) {
      if (!this.#warned.has(note)) this.#options.progress(`Note: ${note}`);
      this.#warned.add(note);
    }
  }

  /**
   * What Compose makes of the file for a color.
   * @throws DeployError `compose-invalid` with Compose's own line
   */
  resolve(color: Color, image: string, imageTag: string): Promise<ComposeConfig> {
    const key = JSON.stringify([color, image, imageTag]);
    const known = this.#resolved.get(key) ?? this.#resolve(color, image, imageTag);
    this.#resolved.set(key, known);
    // What was not answered may be asked again.
    known.catch(() => this.#resolved.delete(key));
    return known;
  }

  /**
   * Brings the images of all services to the host and says what the release is; nothing is started.
   * @throws DeployError which says why an image can't be had
   */
  async createRelease({ image, imageTag }: StageRequest): Promise<Release> {
    const { docker, settings, progress, signal, workspace } = this.#options;
    const config = await this.resolve('blue', image, imageTag);
    const needed = neededImages(config);
    const images = await pullAll(docker, needed, { progress, signal });
    const own = config.services[settings.service]?.image;
    const index = needed.findIndex((one) => one.image === own);
    const local = images[index];
    if (own === undefined || local === undefined)
      throw new DeployError(`${settings.compose} has no service ${settings.service} with an image.`, {
        code: 'compose-invalid',
        hint: 'Name the service that takes the traffic in docker.service.',
      });
    const reference = pinned(own, local);
    const imageIds = Object.fromEntries(needed.map((one, i) => [one.image, images[i]?.Id ?? '']));
    const { service, network } = settings;
    const folder = dirname((await this.#composeFile()).path);
    const id = await releaseId({ config, image: reference, imageIds, service, network, workspace, folder });
    return { id, image: reference };
  }

  async up(color: Color, release: Release, replicas: number): Promise<void> {
    const { docker, app, environment, settings, workspace, signal, healthTimeoutMs } = this.#options;
    const project = projectName(app, environment, color);
    const imageTag = tagAsGiven(release.image);
    const file = await this.#composeFile();
    const config = await this.resolve(color, release.image, imageTag);
    const override = overrideFor(config, { app, environment, color, release, settings, workspace });
    const patience = new Patience(healthTimeoutMs);
    const variables = { app, environment, color, image: release.image, imageTag };
    try {
      await withFile(override, (over) =>
        compose(
          docker,
          { project, files: [file.path, over], variables },
          [
            'up',
            '--detach',
            '--no-build',
            '--pull=never',
            // The same containers may be there, parked: none of them is what is deployed.
            '--force-recreate',
            // Otherwise the new release would write to the anonymous volumes of the parked one.
            '--renew-anon-volumes',
            '--remove-orphans',
            // Stronger than `scale` and `deploy.replicas`, whichever the file has.
            `--scale=${settings.service}=${replicas}`,
          ],
          {
            signal: AbortSignal.any([signal, patience.signal]),
            timeout: UP_TIMEOUT_MS + healthTimeoutMs,
            onProgress: (line) => this.#tell(line, project, patience),
          },
        ),
      );
    } catch (error) {
      signal.throwIfAborted();
      if (patience.signal.aborted) throw await upFailure(docker, project, undefined, healthTimeoutMs);
      if (error instanceof DockerError)
        throw await upFailure(docker, project, lastWords(error), healthTimeoutMs);
      throw error;
    } finally {
      patience.end();
    }
  }

  async #resolve(color: Color, image: string, imageTag: string): Promise<ComposeConfig> {
    const { docker, app, environment, signal } = this.#options;
    const file = await this.#composeFile();
    const project = projectName(app, environment, color);
    try {
      const text = await compose(
        docker,
        { project, files: [file.path], variables: { app, environment, color, image, imageTag } },
        ['config', '--format', 'json'],
        { signal, onProgress: (line) => this.#warn(line) },
      );
      // `$` is written `$$` there, so that the text could be a Compose file again.
      return parseJson<ComposeConfig>(text.replaceAll('$$', '$'), 'docker compose config');
    } catch (error) {
      throw error instanceof DockerError ? invalidFile(error, file) : error;
    }
  }

  /** The file as both colors have it; only what the engine knows is missing. */
  async #subject(
    { color, image, imageTag }: StageRequest,
    replicas: number,
  ): Promise<Omit<Overlap, 'facts'>> {
    const { settings, workspace } = this.#options;
    const probe = `${PROBE_IMAGE}:${imageTag.replace(':', '-')}`;
    const file = await this.#composeFile();
    const [blue, green] = await Promise.all([
      this.resolve('blue', image, imageTag),
      this.resolve('green', probe, imageTag),
    ]);
    return {
      settings,
      file,
      configs: { blue, green },
      images: { blue: image, green: probe },
      ...(green.services[settings.service]?.image === probe
        ? {}
        : { byTag: (await this.resolve('green', probe, PROBE_TAG)).services[settings.service]?.image }),
      color,
      replicas: settings.replicas ?? replicas,
      ...(this.#isRemote() ? { remoteWorkspace: workspace } : {}),
    };
  }

  #composeFile(): Promise<ComposeFile> {
    this.#file ??= readComposeFile(this.#options.settings.compose, this.#options.workspace);
    return this.#file;
  }

  /** Compose's progress: only what somebody may wonder about, which is what it waits for. */
  #tell(line: string, project: string, patience: Patience): void {
    this.#warn(line);
    const waiting = /^Container (\S+)\s+Waiting$/.exec(line)?.[1];
    if (waiting === undefined) return;
    patience.begin();
    this.#options.progress(`${waiting.replace(`${project}-`, '')}: other services wait for it.`);
  }

  #warn(line: string): void {
    const warning = warningOf(line);
    if (warning === undefined || this.#warned.has(warning)) return;
    this.#warned.add(warning);
    this.#options.progress(`${this.#options.settings.compose}: ${warning}`);
  }

  #isRemote(): boolean {
    const host = this.#options.settings.host ?? process.env['DOCKER_HOST'] ?? '';
    return /^(?:ssh|tcp):/.test(host);
  }
}

/** Those that are not a color's own, and so may be there or be missing whatever it does. */
const foreignNetworks = ({ blue, green }: PerColor<ComposeConfig>, proxys: string): readonly string[] => {
  const theirs = Object.values(green.networks ?? {});
  const named = Object.values(blue.networks ?? {}).filter(({ name }) =>
    theirs.some((one) => one.name === name),
  );
  const external = [...Object.values(blue.networks ?? {}), ...theirs].filter(isExternal);
  return [...new Set([proxys, ...[...named, ...external].map(({ name }) => name)])];
};

/** What the user can mend in the file or on the runner: told together with everything else that is wrong. */
const REFUSALS = new Set([
  'compose-invalid',
  'compose-missing',
  'compose-outside',
  'compose-plugin-missing',
  'compose-plugin-old',
]);

/** The time that services have for each other, from when the first of them waits. */
class Patience {
  readonly #controller = new AbortController();
  readonly #ms: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  begin(): void {
    this.#timer ??= setTimeout(() => this.#controller.abort(), this.#ms);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** `v2` of `shop:v2@sha256:…`, which is what the user gave; the digest where that was all. */
const tagAsGiven = (image: string): string => {
  const [name = ''] = image.split('@');
  const tagged = name.slice(name.lastIndexOf('/') + 1).includes(':');
  return tagOf(tagged ? name : image);
};

/** A file of our own for as long as `use` needs it, in the job's temporary folder; only this user may read it. */
async function withFile<T>(text: string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(process.env['RUNNER_TEMP'] || tmpdir(), 'blue-green-'));
  try {
    const path = join(folder, 'override.json');
    await writeFile(path, text, { mode: 0o600 });
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
