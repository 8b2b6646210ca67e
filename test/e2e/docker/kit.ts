/** What the scenarios on a Docker host have in common. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { PORT } from '../../docker/lab/proxies.ts';
import type { Color, DockerWorld } from '../../docker/lab/world.ts';
import type { Load, LoadResult } from '../../load/index.ts';
import type { ActionRun } from '../runner.ts';

/**
 * A service for the traffic with all that a rollback must find again: a variable of the job's, a volume of the color's
 * own and one without a name; and one beside it, which can be asked to crash.
 */
export const COMPOSE = `services:
  web:
    image: \${IMAGE}
    environment:
      COLOR: \${COLOR}
      PORT: ${PORT}
      NOTE: \${NOTE:-}
    networks: [edge]
    stop_grace_period: 10s
    mem_limit: 250m
    volumes: [data:/data, /scratch]
  worker:
    image: \${IMAGE}
    environment:
      COLOR: \${COLOR}
      # Listens nowhere, and does not fail at its start as the other may.
      PORT: ''
      EXIT_AT_START: ''
      OOM: ''
networks:
  edge:
    external: true
volumes:
  data:
x-blue-green: { accept: [data] }
`;

/** The config of the world, with other members of its environment; `docker` in it for that section. */
export function configWith(world: DockerWorld, additions: Readonly<Record<string, unknown>>): string {
  const config = JSON.parse(world.config);
  const { production } = config.environments;
  const { docker = {}, ...others } = additions;
  Object.assign(production, others);
  Object.assign(production.docker, docker);
  return JSON.stringify(config, null, 1);
}

/** What a container is made of, apart from whether it runs. */
export interface Makings {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly asked: string;
  readonly env: readonly string[];
  readonly mounts: readonly string[];
}

export async function makingsOf({ engine, containers }: DockerWorld, color: Color): Promise<Makings[]> {
  const inspected = await engine.inspectAll((await containers(color)).map(({ id }) => id));
  return inspected.map(({ Id, Name, Image, Config, Mounts }) => {
    const mounts = Mounts.map(
      ({ Type, Name, Destination }: Record<string, string>) => `${Type} ${Name} ${Destination}`,
    ).toSorted();
    return { id: Id, name: Name.slice(1), image: Image, asked: Config.Image, env: Config.Env, mounts };
  });
}

/** The same, but for what a container that was made again can't keep. */
export const withoutIds = (makings: readonly Makings[]) => makings.map(({ id: _, ...rest }) => rest);

/** The versions that a color's containers of the traffic's service are. */
export const versionsOf = async (world: DockerWorld, color: Color): Promise<readonly string[]> => {
  const makings = await makingsOf(world, color);
  const web = makings.filter(({ name }) => name.includes('-web-'));
  return web.map(
    ({ env }) => /^VERSION=(.*)$/.exec(env.find((one) => one.startsWith('VERSION=')) ?? '')?.[1] ?? '',
  );
};

/** Annotation, summary and report tell alike. */
export function sayTheSame(run: ActionRun): void {
  const { message, hint, details } = run.report.error;
  const squeezed = (text: string) =>
    text
      .replace(/<[^>]+>|&[#\w]+;|%0A|%25|\\/g, ' ')
      .replace(/[^a-zA-Z0-9]+/g, '')
      .toLowerCase();
  const annotation = squeezed(/::error[^\n]*/.exec(run.log)?.[0] ?? '');
  const summary = squeezed(run.summary);
  for (const text of [message, hint] as string[]) {
    assert.ok(annotation.includes(squeezed(text)), `the annotation says: ${text}\n${annotation}`);
    assert.ok(summary.includes(squeezed(text)), `the summary says: ${text}\n${run.summary}`);
  }
  for (const line of details as string[]) {
    const start = squeezed(line.slice(0, 200));
    assert.ok(summary.includes(start), `the summary has: ${line}\n${run.summary}`);
    assert.ok(squeezed(run.log).includes(start), `the log has: ${line}`);
  }
}

/** That until now no request of the users failed. */
export function assertUnnoticed(load: Load): void {
  const { failed, requests } = load.snapshot();
  assert.equal(failed, 0, `${failed} of ${requests} requests failed`);
}

/** For people: how much the users asked for. */
export function tellUsers(
  t: TestContext,
  { requests, seconds, heldBack, byVersion, byConnection }: LoadResult,
): void {
  const rate = Math.round(requests / seconds);
  t.diagnostic(
    `${requests} requests, 0 failed; ${rate} a second, ${heldBack} held back; ${JSON.stringify({ byVersion, byConnection })}`,
  );
}

/** How the traffic moved, by the run’s own log. */
export const movesOf = ({ log }: ActionRun): string[] =>
  [...log.matchAll(/Traffic: (blue \d+ %, green \d+ %)/g)].map(([, weights]) => weights!);
