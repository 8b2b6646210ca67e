import { duration } from '../../text.ts';
import type { ComposeConfig } from './compose-config.ts';
import type { DockerCli } from './docker-cli.ts';
import { DockerError } from './docker-error.ts';
import { type PullSubject, pullError, wrongPlatform } from './pull-error.ts';

/** An image that a color needs on its host. */
export interface Needed extends PullSubject {
  /** `linux/arm64`, where the user says so. */
  readonly platform?: string;
  /** `missing`: one that is there is good enough. `never`: it must be there. */
  readonly policy: 'always' | 'missing' | 'never';
}

/** An image that is on the host. */
export interface LocalImage {
  readonly Id: string;
  /** What registries call it: `repository@sha256:…`. */
  readonly RepoDigests: readonly string[] | null;
  readonly Os: string;
  readonly Architecture: string;
}

/** How often, at most, the progress of one image is told. */
const TELL_EVERY_MS = 5_000;
/** Large images on slow lines; a cancelled run ends it at once. */
const PULL_TIMEOUT_MS = 60 * 60_000;
/**
 * As long as one layer may take to come, or to be unpacked: a line tells of each one's beginning and end, and none of
 * what is between. A pull that stalls would else hold the lock, on a runner that is paid by the minute, until the end.
 */
const SILENCE_MS = 30 * 60_000;

/** The images of all services that run, each once, with the strictest policy of those who want it. */
export function neededImages({ services }: ComposeConfig): readonly Needed[] {
  const needed = new Map<string, Needed>();
  for (const [name, { image, platform, pull_policy }] of Object.entries(services)) {
    if (image === undefined) continue;
    const key = `${image} ${platform ?? ''}`;
    const known = needed.get(key);
    const policy = policyOf(pull_policy);
    needed.set(key, {
      image,
      ...(platform === undefined ? {} : { platform }),
      services: [...(known?.services ?? []), name],
      policy: known === undefined ? policy : stricter(known.policy, policy),
    });
  }
  return [...needed.values()];
}

/** Without a word of the user a tag is asked for anew: `up` would take what an earlier pull left under it. */
function policyOf(written: string | undefined): Needed['policy'] {
  if (written === 'never' || written === 'build') return 'never';
  return written === 'missing' || written === 'if_not_present' ? 'missing' : 'always';
}

const ORDER = ['never', 'missing', 'always'] as const;
const stricter = (a: Needed['policy'], b: Needed['policy']) =>
  ORDER[Math.max(ORDER.indexOf(a), ORDER.indexOf(b))]!;

/**
 * Brings all the images to the host, all at once, with the logins of the runner's own Docker config.
 * @returns what is there then, in the order of `needed`
 * @throws DeployError which says of one image why it can't be had
 */
export async function pullAll(
  docker: DockerCli,
  needed: readonly Needed[],
  {
    progress,
    signal,
    silence = SILENCE_MS,
  }: {
    progress: (message: string) => void;
    signal: AbortSignal;
    /** In ms, for tests. */
    silence?: number;
  },
): Promise<readonly LocalImage[]> {
  // The first that fails ends the others: nothing can be deployed without it.
  const abort = new AbortController();
  const either = AbortSignal.any([signal, abort.signal]);
  const host = docker.run(['version', '--format', '{{.Server.Os}}/{{.Server.Arch}}']);
  // Told where it is waited for, which may be minutes later.
  host.catch(() => {});
  try {
    return await Promise.all(
      needed.map(async (one) => {
        const image = await pullOne(docker, one, { progress, signal: either, silence });
        const [own, theirs] = [`${image.Os}/${image.Architecture}`, (await host).trim()];
        if (one.platform === undefined && own !== theirs) throw wrongPlatform(one, own, theirs);
        return image;
      }),
    );
  } catch (error) {
    abort.abort(error);
    await host.catch(() => {});
    throw error;
  }
}

/** Whether `pullAll` would ask a registry for it. */
export const isPulled = async (docker: DockerCli, needed: Needed): Promise<boolean> =>
  needed.policy !== 'never' && (await present(docker, needed)) === undefined;

/** One that is there, where it is good enough: what a digest names can't have changed since. */
async function present(docker: DockerCli, { image, policy }: Needed): Promise<LocalImage | undefined> {
  if (policy === 'always' && !image.includes('@sha256:')) return undefined;
  return (await docker.inspect<LocalImage>('image', [image]))[0];
}

async function pullOne(
  docker: DockerCli,
  needed: Needed,
  {
    progress,
    signal,
    silence,
  }: { progress: (message: string) => void; signal: AbortSignal; silence: number },
): Promise<LocalImage> {
  const { image, platform, policy } = needed;
  const there = await present(docker, needed);
  if (there !== undefined) return there;
  if (policy === 'never') throw pullError(needed, `it is not on the Docker host, and pull_policy is never`);
  progress(`Pulling ${image}.`);
  const stalled = new AbortController();
  const why = () => pullError(needed, `no layer began or ended for ${duration(silence)}`);
  const timer = setTimeout(() => stalled.abort(why()), silence);
  const tell = layerTeller(image, progress);
  try {
    await docker.run(['pull', ...(platform === undefined ? [] : ['--platform', platform]), image], {
      signal: AbortSignal.any([signal, stalled.signal]),
      timeout: PULL_TIMEOUT_MS,
      onProgress: (line) => {
        timer.refresh();
        tell(line);
      },
    });
  } catch (error) {
    throw error instanceof DockerError ? pullError(needed, error.message) : error;
  } finally {
    clearTimeout(timer);
  }
  const [pulled] = await docker.inspect<LocalImage>('image', [image]);
  if (pulled === undefined) throw pullError(needed, 'it was removed while it was pulled');
  return pulled;
}

/** Counts layers: without a terminal `docker pull` tells each one's beginning and end. */
function layerTeller(image: string, progress: (message: string) => void): (line: string) => void {
  const layers = new Set<string>();
  const done = new Set<string>();
  let told = Date.now();
  return (line) => {
    const [, layer, state] = /^([0-9a-f]{12}): (.+)$/.exec(line) ?? [];
    if (layer === undefined || state === undefined) return;
    layers.add(layer);
    if (/^(?:Pull complete|Already exists)/.test(state)) done.add(layer);
    if (Date.now() - told < TELL_EVERY_MS || done.size === layers.size) return;
    told = Date.now();
    progress(`Pulling ${image}: ${done.size} of ${layers.size} layers.`);
  };
}

/** The reference with the digest that its registry gave it; as it is where none did. */
export function pinned(image: string, { RepoDigests }: LocalImage): string {
  if (image.includes('@')) return image;
  const own = familiar(repositoryOf(image));
  const digest = (RepoDigests ?? []).find((one) => familiar(one.split('@')[0] ?? '') === own)?.split('@')[1];
  return digest === undefined ? image : `${image}@${digest}`;
}

/** Without the tag; a colon before the last slash is a registry's port. */
const repositoryOf = (image: string): string => image.replace(/:[^/:]*$/, '');

/** Whether both are of the same repository, whatever their tags and digests are. */
export const isSameRepository = (one: string, other: string): boolean => {
  const [a, b] = [one, other].map((image) => familiar(repositoryOf(image.split('@')[0] ?? '')));
  return a === b;
};

/** Docker Hub's images have long names and short ones. */
const familiar = (repository: string): string =>
  repository.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '');
