import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { docker } from '../../docker/lab/parts.ts';
import { freePort } from '../../docker/lab/registry.ts';
import { type Change, type Tap, tapEngine } from '../../docker/lab/tap.ts';
import { type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';
import type { ActionRun } from '../runner.ts';
import { COMPOSE, configWith } from './kit.ts';

// `operation: plan` tells what a deployment would do, command by command, and what is wrong beforehand. It changes nothing
// on the engine; and the deployment gives the commands of the plan.

/** A `docker` before the real one, which writes down each command, and the id of each container that one created. */
function shim(world: DockerWorld): { readonly env: Record<string, string>; take(): readonly string[] } {
  const folder = join(world.engine.folder, 'shim');
  const file = join(folder, 'commands');
  const path = world.engine.env['PATH'] ?? '';
  const real = execFileSync('sh', ['-c', 'command -v docker'], {
    env: { PATH: path },
    encoding: 'utf8',
  }).trim();
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'docker'),
    `#!/bin/sh
printf '%s\\n' "$(printf '%s ' "$@" | tr '\\n' ' ')" >> ${file}
case "$1 $2" in
'container create') out=$(${real} "$@") || exit $?; echo "created $4 $out" >> ${file}; echo "$out";;
*) exec ${real} "$@";;
esac
`,
  );
  chmodSync(join(folder, 'docker'), 0o755);
  return {
    env: { PATH: `${folder}:${path}` },
    take() {
      const lines = readFileSync(file, 'utf8').split('\n');
      rmSync(file);
      return lines.map((line) => line.trim()).filter((line) => line !== '');
    },
  };
}

/** Commands that change something, by what is done to what; ids of containers that were created here by their names. */
function changing(lines: readonly string[]): readonly string[] {
  const names = new Map<string, string>();
  for (const line of lines) {
    const [, name, id] = /^created (\S+) (\S+)$/.exec(line) ?? [];
    if (name !== undefined && id !== undefined) names.set(id, name);
  }
  const nameOf = (id = '') => names.get(id) ?? id;
  return lines.flatMap((line) => {
    const words = line.split(' ');
    const [first, second, ...rest] = words;
    switch (`${first} ${second}`) {
      case 'container create':
        return [`container create ${rest[1]}`];
      case 'container rm':
        return [`container rm ${nameOf(rest.at(-1))}`];
      case 'container stop':
      case 'container start':
        return [`container ${second} x ${rest.length}`];
      case 'image tag':
        return [`image tag ${rest[1]?.replace(/:.*/, '')}`];
      case 'network connect':
      case 'network disconnect':
        return [`network ${second}`];
      default:
        if (first === 'pull') return [`pull ${words.at(-1)}`];
        return first === 'compose' && words.includes('up') ? [`compose ${words[2]} up`] : [];
    }
  });
}

/**
 * The same of a call of the plan. What is told to HAProxy by its socket, and what goes to the engine's API (files that are
 * copied, restart policies, the journal), are no commands that are seen here.
 */
const asPlanned = (calls: readonly string[]): readonly string[] =>
  calls
    .filter((call) => !/^haproxy |^docker (?:container update|volume|(?:container )?cp) /.test(call))
    .map((call) => call.replace(/^docker /, '').replace(/ \(.*\)$/, ''))
    .map((call) => {
      const words = call.split(' ');
      if (/^container (stop|start) /.test(call)) return `container ${words[1]} x ${words.length - 2}`;
      if (call.startsWith('compose')) return `compose ${words[2]} up`;
      if (call.startsWith('image tag')) return `image tag ${words[2]?.replace(/:.*/, '')}`;
      if (call.startsWith('network')) return `network ${words[1]}`;
      return call;
    });

const POLICIES = /^docker container update --restart (\S+) \(?([^)]+)\)?$/;
const withoutNumber = (name: string): string => name.replace(/-\d+$/, '');
const sortedOnce = (lines: readonly string[]): readonly string[] => [...new Set(lines)].toSorted();

/** Which container gets which restart policy, by the plan. */
const plannedPolicies = (calls: readonly string[]): readonly string[] =>
  sortedOnce(
    calls.flatMap((call) => {
      const [, policy, names = ''] = POLICIES.exec(call) ?? [];
      return policy === undefined ? [] : names.split(/,? /).map((name) => `${withoutNumber(name)} ${policy}`);
    }),
  );

/** What the journal says one after the other, by the plan. */
const plannedPhases = (calls: readonly string[]): readonly string[] => [
  ...new Set(calls.flatMap((call) => /^docker volume create .* \(the run is (\w+)\)$/.exec(call)?.[1] ?? [])),
];

/** The same, by what reached the engine. */
const givenPhases = (changes: readonly Change[]): readonly string[] => [
  ...new Set(
    changes
      .filter(({ path }) => path.startsWith('/volumes/create'))
      .flatMap(({ body }) => JSON.parse(body).Labels?.['blue-green.journal.record.phase'] ?? []),
  ),
];

/** Which container gets which restart policy, by what reached the engine. */
const givenPolicies = (changes: readonly Change[]): readonly string[] =>
  sortedOnce(
    changes.flatMap(({ path, body }) => {
      const [, name] = /^\/containers\/([^/]+)\/update$/.exec(path) ?? [];
      if (name === undefined) return [];
      return [`${withoutNumber(name)} ${JSON.parse(body).RestartPolicy.Name}`];
    }),
  );

/** All that there is on the engine, and how it is made. */
async function everything({ engine }: DockerWorld): Promise<unknown> {
  const ids = (await engine.docker(['ps', '--all', '--quiet', '--no-trunc'])).split('\n').filter(Boolean);
  const containers = (await engine.inspectAll(ids.toSorted())).map(
    ({ Id, Config, HostConfig, State, Mounts, NetworkSettings }) => {
      const { Pid: _, Health: __, ...state } = State;
      // Docker lists them in any order.
      const mounts = Mounts.map((mount: object) => JSON.stringify(mount)).toSorted();
      return { id: Id, Config, HostConfig, state, mounts, networks: NetworkSettings.Networks };
    },
  );
  const lists: [string, string][] = [
    ['image', '{{.ID}} {{.Repository}}:{{.Tag}}@{{.Digest}}'],
    ['volume', '{{.Name}}'],
    ['network', '{{.ID}} {{.Name}}'],
  ];
  const sorted = await Promise.all(
    lists.map(async ([what, format]) => {
      const digests = what === 'image' ? ['--digests'] : [];
      return (await engine.docker([what, 'ls', ...digests, '--format', format])).split('\n').toSorted();
    }),
  );
  return { containers, sorted };
}

/** What needs no engine. */
const IGNORED = /^(version|compose .*config|compose version)/;

for (const proxy of ['haproxy', 'caddy', 'alias'] as const)
  describe(`plans on ${proxy}`, { skip: docker.skip }, () => {
    let world: DockerWorld;
    let commands: ReturnType<typeof shim>;
    let tap: Tap;
    before(async () => {
      world = await startDockerWorld({
        proxy,
        compose: COMPOSE,
        config: { retire: { drain: '500ms' }, stabilize: { for: '300ms', interval: '100ms' } },
      });
      commands = shim(world);
      tap = await tapEngine(world.engine);
    });
    after(async () => {
      await tap?.[Symbol.asyncDispose]();
      await world?.[Symbol.asyncDispose]();
    });

    async function plan(inputs: Record<string, string> = {}): Promise<ActionRun> {
      const former = await everything(world);
      const run = await world.act({ operation: 'plan', 'image-tag': 'v2', ...inputs }, { env: commands.env });
      const given = commands.take();
      // Docker refuses it, which is how it tells whether a network's subnet was chosen.
      const told = changing(given).filter((one) => !(proxy === 'alias' && one === 'network connect'));
      assert.deepEqual(told, [], run.log);
      assert.ok(
        given.some((line) => !IGNORED.test(line)),
        'it asked',
      );
      assert.deepEqual(await everything(world), former, 'nothing is changed');
      return run;
    }

    async function deploysAsPlanned(context: TestContext, tag: string): Promise<ActionRun> {
      const planned = await plan({ 'image-tag': tag });
      assert.deepEqual([planned.exitCode, planned.outputs['result']], [0, 'planned'], planned.log);
      const { calls } = planned.report.plan;
      const before = tap.changes.length;
      const env = { ...commands.env, DOCKER_HOST: tap.host };
      const run = await world.act({ 'image-tag': tag }, { env });
      assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
      const changes = tap.changes.slice(before);
      const policies = givenPolicies(changes);
      assert.ok(policies.length > 0);
      assert.deepEqual(policies, plannedPolicies(calls), calls.join('\n'));
      assert.deepEqual(givenPhases(changes), plannedPhases(calls));
      // The first look of `alias` at its network, see above.
      const given = changing(commands.take());
      const made =
        proxy === 'alias' ? given.filter((one, i) => !(one === 'network connect' && i < 3)) : given;
      assert.deepEqual(made, asPlanned(calls), calls.join('\n'));
      context.diagnostic(`${calls.length} calls, as planned:\n${calls.join('\n')}`);
      return planned;
    }

    test('the first deployment ever gives the commands of its plan', async (context) => {
      const planned = await deploysAsPlanned(context, 'v1');
      assert.equal(planned.report.plan.to, 'green');
      assert.ok(planned.report.plan.calls.includes(`docker pull ${world.image}:v1`));
    });

    test('and so does the second, with another configuration, of which no value is shown', async (context) => {
      const text = COMPOSE.replace(/NOTE: .*/, 'NOTE: T0PSECRET\n      EXTRA: T0PSECRET')
        .replace('stop_grace_period: 10s', 'stop_grace_period: 9s')
        .replace(
          'networks:\n  edge:',
          `  extra:\n    image: \${IMAGE}\n    environment: { PORT: '' }\nnetworks:\n  edge:`,
        );
      writeFileSync(join(world.workspace, 'compose.yml'), text);
      const planned = await deploysAsPlanned(context, 'v2');
      const changes = planned.report.plan.changes as { what: string; from: string; to: string }[];
      assert.deepEqual(
        changes.map(({ what }) => what),
        [
          'services.extra',
          'services.web.image',
          'services.web.environment.EXTRA',
          'services.web.environment.NOTE',
          'services.web.stop_grace_period',
          'services.worker.image',
        ],
        JSON.stringify(changes, null, 1),
      );
      assert.deepEqual(changes[2], { what: 'services.web.environment.EXTRA', from: '', to: '(not shown)' });
      assert.match(changes[1]?.from ?? '', /:v1@sha256:/);
      for (const text of [planned.log, planned.summary, JSON.stringify(planned.report)])
        assert.doesNotMatch(text, /T0PSECRET/);
      await world.assertClean('blue');
    });

    test('what is as it was is no change but for the image', async () => {
      const { report } = await plan({ 'image-tag': 'v1' });
      assert.deepEqual(
        report.plan.changes.map(({ what }: { what: string }) => what),
        ['services.extra.image', 'services.web.image', 'services.worker.image'],
      );
      assert.deepEqual(report.plan.notes, []);
    });

    if (proxy === 'haproxy') {
      test('all that is wrong is told, with its fix', async () => {
        const port = await freePort();
        writeFileSync(
          join(world.workspace, 'overlap.yml'),
          COMPOSE.replace(
            '    stop_grace_period: 10s\n',
            `    ports: ["127.0.0.1:${port}:3000"]\n    container_name: storefront\n`,
          ),
        );
        const { haproxy } = JSON.parse(world.config).environments.production.docker.proxy;
        for (const [docker, ...told] of [
          [{ compose: 'overlap.yml' }, /publishes port 127\.0\.0\.1/, /names its container storefront/],
          [{ compose: 'absent.yml' }, /absent\.yml/],
          [{ service: 'shop' }, /shop/],
          [
            { proxy: { haproxy: { ...haproxy, container: 'gone' } } },
            /There is no container gone for the proxy/,
          ],
          [
            { proxy: { haproxy: { ...haproxy, backends: { blue: 'b1', green: 'b2' }, key: 'other' } } },
            /HAProxy has no backend b1/,
          ],
        ] as const) {
          const run = await plan({ config: configWith(world, { docker }) });
          assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'planned'], run.log);
          for (const one of told) assert.match(run.log, new RegExp(`PROBLEM: .*${one.source}`));
          for (const { fix } of run.report.plan.problems) assert.notEqual(fix, '');
          assert.match(run.summary, /## Would fail/);
        }
      });

      test('a shift in steps that the proxy can’t make, and a staged release', async () => {
        const staged = await world.act({ operation: 'stage', 'image-tag': 'v1' });
        assert.equal(staged.outputs['result'], 'staged', staged.log);
        const run = await plan();
        assert.deepEqual(run.report.plan.first, ['v1 is staged on green: drop it first.']);
        assert.equal((await world.act({ operation: 'abort' })).outputs['result'], 'aborted');
      });
    }
  });
