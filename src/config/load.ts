import { DeployError } from '../errors.ts';
import { build } from './build.ts';
import { nameDefaults, namesOfProjects } from './docker-names.ts';
import type { Environment } from './environment.ts';
import { fillAll, inherit, isMap, type Plain } from './merge.ts';
import { takeMeaningless } from './native.ts';
import { networkProblems } from './network.ts';
import { takeNotYet } from './not-yet.ts';
import { configError, fromIssues, type Problem } from './problems.ts';
import { REGION } from './schema/ecs.ts';
import { file } from './schema/file.ts';
import { isSshHost, knownHostsHint } from './schema/host.ts';
import { enumerate, show } from './show.ts';
import { readSource } from './source.ts';
import { suggest } from './suggest.ts';
import { parseYaml } from './yaml.ts';

export interface LoadRequest {
  /** A path in the workspace, an absolute path, or the YAML itself when it has more than one line. */
  readonly config: string;
  /** An absolute path: where the repository is checked out. */
  readonly workspace: string;
  /** A key of `environments`. */
  readonly environment: string;
  /** What holds where the config names no region: AWS_REGION. */
  readonly region?: string;
  /** Where the Docker engine is that this job uses by itself: DOCKER_HOST. */
  readonly dockerHost?: string;
  /** What proves `ssh://` hosts, by this job's word; stronger than `known-hosts` in the file. */
  readonly knownHosts?: string;
}

/**
 * Reads the config, and checks all of it, so that a mistake in one environment is not found on the day it is needed.
 * @throws DeployError `config-missing`, `environment-unknown`, or `config-invalid` with everything that is wrong
 */
export async function loadEnvironment(request: LoadRequest): Promise<Environment> {
  const source = await readSource(request.config, request.workspace);
  const parsed = parseYaml(source);
  const problems: Problem[] = [];
  const data = resolve(parsed.data, request, problems);
  const result = file.safeParse(data, { reportInput: true });
  problems.push(...fromIssues(result.error?.issues ?? [], parsed));
  if (problems.length > 0 || !result.success) throw configError(source.name, problems, parsed);

  const { app, environments } = result.data;
  if (!Object.hasOwn(environments, request.environment))
    throw unknownEnvironment(request.environment, Object.keys(environments), source.name);
  // What was parsed is a map of maps.
  const written = (data as { environments: Record<string, Plain> }).environments[request.environment];
  return build(app, request.environment, environments[request.environment]!, written);
}

/** The file as if there were no `defaults`, names and region filled in, without what is not built yet. */
function resolve(data: unknown, request: LoadRequest, problems: Problem[]): unknown {
  if (!isMap(data) || !isMap(data['environments'])) return data;
  const app = typeof data['app'] === 'string' ? data['app'] : '{app}';
  const environments = Object.entries(data['environments']).map(([name, written]) => {
    const own = fillAll(inherit(data['defaults'], written), { app, environment: name });
    if (isMap(own)) {
      problems.push(...targetProblems(name, own, written));
      complete(own, app, name, request);
      problems.push(...unprovenHost(own, name, request));
      if ('docker' in own) problems.push(...namesOfProjects(data['app'], name));
    }
    return [name, own];
  });
  return { ...data, environments: Object.fromEntries(environments) };
}

/** Takes what can't be from the environment, the caller's own copy. */
function targetProblems(name: string, own: Plain, written: unknown): Problem[] {
  const at = ['environments', name];
  const problems: Problem[] = [];
  const targets = ['ecs', 'docker'].filter((key) => key in own);
  if (targets.length === 0)
    problems.push({ path: at, says: 'has neither `ecs` nor `docker`: say there where to deploy' });
  if (targets.length === 2)
    problems.push({ path: at, says: 'has both `ecs` and `docker`: keep one, an environment has one target' });
  for (const { path, says } of [
    ...takeMeaningless(own, written),
    ...takeNotYet(own),
    ...networkProblems(own),
  ])
    problems.push({ path: [...at, ...path], says });
  return problems;
}

/** Writes into the environment, the caller's own copy, what follows from names and from the job. */
function complete(own: Plain, app: string, name: string, request: LoadRequest): void {
  const { ecs, docker } = own;
  const { region, dockerHost, knownHosts } = request;
  if (isMap(ecs) && !('region' in ecs) && region !== undefined && REGION.test(region)) ecs['region'] = region;
  if (!isMap(docker)) return;
  nameDefaults(docker, app, name);
  const isAsked = name === request.environment;
  // An ssh:// host needs more than the Docker CLI would do with it. Only here: it is the job's, not the file's.
  if (!('host' in docker) && isAsked && dockerHost !== undefined && isSshHost(dockerHost))
    docker['host'] = dockerHost;
  if (knownHosts !== undefined && knownHosts !== '' && isAsked && isSsh(docker['host']))
    docker['known-hosts'] = knownHosts;
}

/** Only of the environment that is asked for: the others may get it from the input of their own jobs. */
function unprovenHost({ docker }: Plain, name: string, { environment }: LoadRequest): Problem[] {
  if (name !== environment || !isMap(docker) || 'known-hosts' in docker) return [];
  const { host } = docker;
  if (!isSsh(host)) return [];
  const path = ['environments', name, 'docker', 'known-hosts'];
  return [{ path, says: `is missing: ${knownHostsHint(host)}` }];
}

const isSsh = (host: unknown): host is string => typeof host === 'string' && isSshHost(host);

function unknownEnvironment(given: string, known: readonly string[], file: string): DeployError {
  const near = suggest(given, known);
  return new DeployError(
    `environment is ${show(given)}: ${file} has ${enumerate(known)}.${near ? ` Did you mean \`${near}\`?` : ''}`,
    { code: 'environment-unknown' },
  );
}
