import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ComposeConfig } from './compose-config.ts';

export interface ReleaseContent {
  /** As resolved for blue, whichever color it goes to. */
  readonly config: ComposeConfig;
  /** The image of the service that takes the traffic, pinned where it can be. */
  readonly image: string;
  /** Ids of all images, by reference: a tag may have moved. */
  readonly imageIds: Readonly<Record<string, string>>;
  /** The service that takes the traffic. */
  readonly service: string;
  readonly network: string;
  /** An absolute path, which differs from runner to runner. */
  readonly workspace: string;
  /** Where the Compose file is, and a `.env` that Compose reads. */
  readonly folder: string;
}

/** Larger than what people mount from a repository, and quick to read. */
const MOST_FILES = 1_000;
const MOST_BYTES = 32 * 1024 * 1024;

/** `Release.id`: 12 hex digits that are the same exactly for what runs the same. */
export async function releaseId(content: ReleaseContent): Promise<string> {
  const { config, workspace, folder, ...rest } = content;
  const files = await digestFiles(config, workspace);
  const text = JSON.stringify(sorted({ ...rest, config, files, ...(await variablesOf(config, folder)) }));
  const prefix = JSON.stringify(workspace).slice(1, -1);
  return createHash('sha256').update(text.replaceAll(prefix, '.')).digest('hex').slice(0, 12);
}

/** Compose tells of a secret's variable its name only. Nothing where there are none: most ids stay as they were. */
async function variablesOf(
  { secrets = {}, configs = {} }: ComposeConfig,
  folder: string,
): Promise<{ readonly variables?: Readonly<Record<string, string>>; readonly dotEnv?: string }> {
  const names = [...Object.values(secrets), ...Object.values(configs)]
    .map(({ environment }) => environment)
    .filter((name) => name !== undefined);
  if (names.length === 0) return {};
  const variables = Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  // What the job has not is taken from there, if it is there.
  const isComplete = names.every((name) => name in variables);
  const dotEnv = isComplete ? undefined : await readFile(join(folder, '.env')).catch(() => undefined);
  return {
    variables,
    ...(dotEnv && { dotEnv: createHash('sha256').update(dotEnv).digest('hex') }),
  };
}

/** The files of the workspace that the containers get to see: configuration as much as what the Compose file says. */
async function digestFiles(config: ComposeConfig, workspace: string): Promise<Record<string, string>> {
  const mounted = Object.values(config.services).flatMap(({ volumes = [] }) =>
    volumes.filter(({ type }) => type === 'bind').map(({ source }) => source),
  );
  const sources = [...Object.values(config.configs ?? {}), ...Object.values(config.secrets ?? {})];
  const digests: Record<string, string> = {};
  const left = { files: MOST_FILES, bytes: MOST_BYTES };
  for (const path of [...mounted, ...sources.map(({ file }) => file)].toSorted())
    if (path !== undefined && isInside(workspace, path)) await digestPath(path, digests, left);
  return digests;
}

async function digestPath(
  path: string,
  digests: Record<string, string>,
  left: { files: number; bytes: number },
) {
  const known = await stat(path).catch(() => undefined);
  if (known === undefined || left.files <= 0) return;
  if (known.isDirectory()) {
    for (const name of (await readdir(path)).toSorted()) await digestPath(join(path, name), digests, left);
    return;
  }
  if (!known.isFile() || known.size > left.bytes) return;
  // What this user may not read, it can't have changed by checking out either.
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return;
  left.files -= 1;
  left.bytes -= bytes.length;
  digests[path] = createHash('sha256').update(bytes).digest('hex');
}

const isInside = (folder: string, path: string): boolean => {
  const inside = relative(folder, path);
  return inside !== '' && inside.split(sep)[0] !== '..';
};

/** With all keys in one order: Compose's own differs between its versions. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
