import type { DockerSettings } from '../../config/environment.ts';
import { type Color, otherColor, type PerColor } from '../../release/color.ts';
import type { Course, Move, TargetPlan } from '../plan.ts';
import type { StageRequest } from '../target.ts';
import type { Compose } from './compose.ts';
import { type ComposeConfig, scaleOf } from './compose-config.ts';
import { type ColorContainers, type Container, labelOf, policyOf } from './containers.ts';
import type { DockerCli } from './docker-cli.ts';
import { LABELS, projectName } from './names.ts';
import { restartOf } from './override.ts';
import { proxyCalls } from './plan-proxy.ts';
import { finishedJobs, inOrder } from './project-order.ts';
import { isPulled, neededImages } from './pull.ts';
import { releaseChanges } from './release-changes.ts';

export interface PlanOptions {
  readonly request: StageRequest;
  readonly course: Course;
  readonly docker: DockerCli;
  readonly compose: Compose;
  readonly app: string;
  readonly environment: string;
  readonly settings: DockerSettings;
  readonly workspace: string;
  readonly colors: PerColor<ColorContainers>;
  readonly prune: boolean;
}

/** Looks up what `DockerTarget` would change in a deployment, and by which commands; gives none of them. */
export async function planDeployment(options: PlanOptions): Promise<TargetPlan> {
  const { request, course, docker, compose, workspace, colors } = options;
  const { color, image, imageTag } = request;
  const live = otherColor(color);
  // What differs by color is no change.
  const [config, asLive] = [
    await compose.resolve(color, image, imageTag),
    await compose.resolve(live, image, imageTag),
  ];
  const ids = [...new Set(colors[live].all.map(({ inspected }) => inspected.Image))];
  const images = await docker.inspect<{
    readonly Id: string;
    readonly Config: { readonly Env?: readonly string[] | null };
  }>('image', ids);
  const { changes, unknown } = releaseChanges({
    wanted: asLive,
    live: colors[live].all,
    imageEnv: new Map(images.map(({ Id, Config }) => [Id, Config.Env ?? []])),
    workspace,
  });
  const pulls: string[] = [];
  for (const one of neededImages(config)) if (await isPulled(docker, one)) pulls.push(one.image);
  // Which release it is hangs on what the tags stand for, and that is known once they are pulled.
  const moves = course(undefined);
  const count = moves.find((move) => move.do === 'start')?.count ?? 0;
  const facts: Facts = { ...options, config, pulls, count };
  return {
    image,
    changes,
    calls: moves.flatMap((move) => callsOf(move, facts)),
    notes: [
      ...(unknown.length === 0
        ? []
        : [
            `What the Compose file said of ${unknown.join(', ')} when ${live} was started is not recorded: only images and environment variables are compared.`,
          ]),
      ...(colors[color].all.some(({ isUp }) => isUp)
        ? [`${color} is not parked: what runs there is replaced.`]
        : []),
      ...(await compose.notes(request)),
    ],
  };
}

interface Facts extends PlanOptions {
  readonly config: ComposeConfig;
  readonly pulls: readonly string[];
  /** How many containers of the traffic's service are started. */
  readonly count: number;
}

/** By which commands `DockerTarget` makes a change: kept in step with it by test/e2e/docker/plan.test.ts. */
function callsOf(move: Move, facts: Facts): readonly string[] {
  const { app, environment, settings, config, colors, request, pulls } = facts;
  const project = (color: Color) => projectName(app, environment, color);
  const [lock, journal, stash] = ['lock', 'journal', 'stash'].map((what) => `${app}-${environment}-${what}`);
  switch (move.do) {
    case 'lock':
      return [
        `docker container create ${lock} (the lock: never started, and renewed by docker container cp)`,
      ];
    case 'unlock':
      return [`docker container rm ${lock}`];
    case 'create-release':
      return pulls.map((image) => `docker pull ${image}`);
    case 'note':
      return [`docker volume create ${journal}-… (the run is ${move.phase})`];
    case 'start':
      return [
        `docker container create ${stash} (never started)`,
        `docker container cp - ${stash}:/ (what ${move.color} holds now)`,
        `docker compose --project-name ${project(move.color)} up (${services(facts)})`,
      ];
    case 'shift': {
      const to = request.color;
      const started = Array.from(
        { length: facts.count },
        (_, i) => `${project(to)}-${settings.service}-${i + 1}`,
      );
      const old = colors[otherColor(to)].traffic.map(({ name }) => name);
      return [
        ...(move.weights[to] === 100 ? restarts(config, settings, project(to)) : []),
        ...proxyCalls(settings.proxy, move.weights, {
          network: settings.network,
          containers: to === 'blue' ? { blue: started, green: old } : { blue: old, green: started },
        }),
      ];
    }
    case 'mark':
      return [
        `docker image tag ${project(move.color)}:was-live-… (kept for a rollback; older tags of its kind go)`,
      ];
    case 'park':
      return [...park(project(move.color), colors[move.color], settings, move.keep), ...cleanUp(facts)];
    case 'forget':
      return [`docker container rm ${stash}`, `docker volume rm ${journal}-…`];
    default:
      return [];
  }
}

/** `2 web, 1 worker` */
const services = ({ config, settings, count }: Facts): string =>
  Object.entries(config.services)
    .map(([name, service]) => `${name === settings.service ? count : scaleOf(service)} ${name}`)
    .join(', ');

/** From the moment at which users may be there, a reboot brings them back. */
function restarts({ services }: ComposeConfig, settings: DockerSettings, project: string): readonly string[] {
  const names = Object.keys(services).toSorted((a, b) => a.localeCompare(b));
  const byPolicy = Map.groupBy(names, (name) => restartOf(services[name] ?? {}, name === settings.service));
  return [...byPolicy]
    .filter(([policy]) => policy !== 'no')
    .map(
      ([policy, own]) =>
        `docker container update --restart ${policy} (${own.map((name) => `${project}-${name}`).join(', ')})`,
    );
}

function park(
  project: string,
  { all, traffic, others }: ColorContainers,
  { service }: DockerSettings,
  keep: number,
): readonly string[] {
  const restarting = all.filter((one) => policyOf(one) !== 'no');
  const bare = restarting.filter(({ inspected }) => labelOf(inspected, LABELS.restart) === '');
  const update = [
    ...bare.map(
      (one) =>
        `docker image tag ${project}:restart-… (the policy ${policyOf(one)} of ${one.name}, kept for a rollback)`,
    ),
    ...(restarting.length === 0 ? [] : [`docker container update --restart no ${namesOf(restarting)}`]),
  ];
  if (keep > 0) {
    const finished = finishedJobs(all, service);
    const staying = traffic
      .toSorted((a, b) => Number(b.isUp) - Number(a.isUp) || a.number - b.number)
      .slice(0, keep);
    const needed = [...others.filter((one) => !finished.has(one)), ...staying];
    const down = needed.filter(({ isUp }) => !isUp);
    return [
      ...update,
      ...down.map(({ name }) => `docker container start ${name}`),
      ...stop(traffic.filter((one) => !staying.includes(one))),
    ];
  }
  return [...update, ...stop(traffic), ...inOrder(others).toReversed().flatMap(stop)];
}

const stop = (containers: readonly Container[]): readonly string[] => {
  const up = containers.filter(({ isUp }) => isUp);
  return up.length === 0 ? [] : [`docker container stop ${namesOf(up)}`];
};
const namesOf = (containers: readonly Container[]) => containers.map(({ name }) => name).join(' ');

const cleanUp = ({ prune, settings }: Facts): readonly string[] =>
  prune ? [`docker image rm (of ${settings.image}, what no container needs any more)`] : [];
