import type { Probe } from './probes.ts';

/** What a stand-in said to each probe: path in the answer -> value as JSON. */
export type Answers = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** One place in which they say different things; `absent` where one says nothing. */
export interface Difference {
  readonly probe: string;
  readonly at: string;
  readonly sandbox: string;
  readonly moto: string;
}

/** Asks everything, in order. An error is an answer too: by its name, which is all that the adapter goes by. */
export async function askAll(probes: readonly Probe[]): Promise<Answers> {
  const answers = new Map<string, ReadonlyMap<string, string>>();
  for (const [name, ask] of probes) {
    const value = await ask().catch((error: unknown) => ({
      error: error instanceof Error ? error.name : String(error),
      // Our own errors tell by their code what the adapter made of the answer.
      ...(error instanceof Error && 'code' in error && { code: error.code }),
    }));
    answers.set(name, new Map(flat(value)));
  }
  return answers;
}

export function compare(sandbox: Answers, moto: Answers): Difference[] {
  return [...sandbox].flatMap(([probe, ours]) => {
    const theirs = moto.get(probe) ?? new Map<string, string>();
    // Where only one of them refuses, the other's whole answer would be no news.
    const paths =
      ours.has('error') === theirs.has('error')
        ? [...new Set([...ours.keys(), ...theirs.keys()])]
        : ['error'];
    return paths
      .filter((at) => ours.get(at) !== theirs.get(at))
      .map((at) => ({ probe, at, sandbox: ours.get(at) ?? 'absent', moto: theirs.get(at) ?? 'absent' }));
  });
}

/** Every leaf by its path; what is different each time (ids, times) is made alike. */
function flat(value: unknown, path = ''): [string, string][] {
  if (value instanceof Date) return [[path, '<date>']];
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((item, index) => flat(item, `${path}[${index}]`));
  if (value !== null && typeof value === 'object' && Object.keys(value).length > 0)
    return Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .flatMap(([key, item]) => flat(item, path === '' ? key : `${path}.${key}`));
  return [[path, alike(JSON.stringify(value) ?? 'nothing')]];
}

const alike = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+\d\d:\d\d)/g, '<date>')
    .replace(/(listener-rule(?:\/[^/"]+){4})\/[^/"]+/g, '$1/<id>')
    .replace(/(scalable-target)\/[^/"]+/g, '$1/<id>')
    .replace(/\b[0-9a-f]{16,}\b/g, '<id>')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>');
