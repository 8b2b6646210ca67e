import type { Change } from '../plan.ts';
import type { ComposeConfig, ComposeService } from './compose-config.ts';
import { type Container, labelOf } from './containers.ts';
import { LABELS } from './names.ts';
import { decodeDigests, serviceDigests } from './service-digests.ts';

export interface ReleaseChangesOptions {
  /** What the Compose file would be for the color that is live, so that what differs by color does not count. */
  readonly wanted: ComposeConfig;
  /** The live containers. */
  readonly live: readonly Container[];
  /** The environment variables that an image brings along, `NAME=value`, by its id. */
  readonly imageEnv: ReadonlyMap<string, readonly string[]>;
  readonly workspace: string;
}

/** What the Compose file says otherwise than what runs. Of an environment variable only its name is told. Pure. */
export function releaseChanges({ wanted, live, imageEnv, workspace }: ReleaseChangesOptions): {
  readonly changes: readonly Change[];
  /** Services of which it is not known what the file said when they were started. */
  readonly unknown: readonly string[];
} {
  const names = new Set([...Object.keys(wanted.services), ...live.map(({ service }) => service)]);
  const changes: Change[] = [];
  const unknown: string[] = [];
  for (const name of [...names].toSorted()) {
    const what = `services.${name}`;
    const service = wanted.services[name];
    const container = live.find((one) => one.service === name);
    if (service === undefined) changes.push({ what, from: imageOf(container), to: '' });
    else if (container === undefined) changes.push({ what, from: '', to: service.image ?? '' });
    else {
      const { Image } = container.inspected;
      changes.push(
        ...imageChanges(what, container, service),
        ...environmentChanges(what, container, service, imageEnv.get(Image) ?? []),
      );
      const recorded = decodeDigests(labelOf(container.inspected, LABELS.config));
      if (recorded === undefined) unknown.push(name);
      else changes.push(...keyChanges(what, recorded, serviceDigests(service, workspace)));
    }
  }
  return { changes, unknown };
}

const HIDDEN = '(not shown)';
const imageOf = (container: Container | undefined): string => container?.inspected.Config.Image ?? '';

/** An image with the digest that its tag stood for is the same to whoever wrote the tag. */
function imageChanges(what: string, container: Container, { image = '' }: ComposeService): Change[] {
  const from = imageOf(container);
  return from === image || from.startsWith(`${image}@`) ? [] : [{ what: `${what}.image`, from, to: image }];
}

function environmentChanges(
  what: string,
  { inspected }: Container,
  { environment = {} }: ComposeService,
  ofImage: readonly string[],
): Change[] {
  const [now, brought] = [variables(inspected.Config.Env ?? []), variables(ofImage)];
  const then = new Map(
    Object.entries(environment).flatMap(([name, value]) =>
      value === null ? [] : [[name, String(value)] as const],
    ),
  );
  // Where the image has the same value, nobody knows whether the file had it too: that it stays is no change.
  const own = [...now].filter(([name, value]) => then.has(name) || brought.get(name) !== value);
  const names = [...new Set([...own.map(([name]) => name), ...then.keys()])].toSorted();
  return names
    .filter((name) => now.get(name) !== then.get(name))
    .map((name) => ({
      what: `${what}.environment.${name}`,
      from: now.has(name) ? HIDDEN : '',
      to: then.has(name) ? HIDDEN : '',
    }));
}

const variables = (lines: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    lines.map((line) => {
      const [name = '', ...value] = line.split('=');
      return [name, value.join('=')] as const;
    }),
  );

function keyChanges(
  what: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Change[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => before.get(key) !== after.get(key))
    .toSorted()
    .map((key) => ({
      what: `${what}.${key}`,
      from: before.has(key) ? HIDDEN : '',
      to: after.has(key) ? HIDDEN : '',
    }));
}
