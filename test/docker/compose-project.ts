/** A color's containers by plain `docker compose up`: as compose.ts brings them up, with as little as that needs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DockerSettings } from '../../src/config/environment.ts';
import type { Color } from '../../src/release/color.ts';
import type { Release } from '../../src/release/situation.ts';
import { LABELS, projectName } from '../../src/target/docker/names.ts';
import type { Projects } from '../../src/target/docker/project.ts';
import type { Engine } from './lab/engine.ts';

export const SCOPE = { app: 'shop', environment: 'production' } as const;
export const SETTINGS: Pick<DockerSettings, 'service' | 'network' | 'port'> = {
  service: 'web',
  network: 'edge',
  port: 3000,
};

/** Services as in a Compose file; `restart` is what they have while they are live. */
// biome-ignore lint/suspicious/noExplicitAny: whatever Compose takes
export type Services = Readonly<Record<string, Readonly<Record<string, any>>>>;

export interface ComposeFile {
  readonly services: Services;
  readonly volumes?: Readonly<Record<string, unknown>>;
  readonly networks?: Readonly<Record<string, unknown>>;
}

/** `file` is read at each start, so that a test can change it. */
export function composeProjects(
  engine: Engine,
  file: () => ComposeFile,
  { keepOthers = false } = {},
): Projects {
  return {
    async up(color: Color, release: Release, replicas: number) {
      const project = projectName(SCOPE.app, SCOPE.environment, color);
      const { services, volumes = {}, networks = {} } = file();
      const path = join(engine.folder, 'files', `${project}.json`);
      const labelled = Object.entries(services).map(([name, { restart, ...service }]) => [
        name,
        {
          // Node does not hear SIGTERM before the app says what to do then: some are stopped as soon as they run.
          stop_grace_period: '1s',
          ...service,
          restart: 'no',
          labels: {
            ...service['labels'],
            [LABELS.release]: release.id,
            [LABELS.image]: release.image,
            [LABELS.restart]: restart ?? (name === SETTINGS.service ? 'unless-stopped' : 'no'),
          },
        },
      ]);
      writeFileSync(
        path,
        JSON.stringify({
          services: Object.fromEntries(labelled),
          volumes,
          networks: { edge: { external: true }, ...networks },
        }),
      );
      await engine.docker([
        ...['compose', '--project-name', project, '--file', path, '--project-directory', engine.folder],
        ...['up', '--detach', '--no-build', '--pull', 'never', '--force-recreate', '--renew-anon-volumes'],
        ...(keepOthers ? [] : ['--remove-orphans', '--scale', `${SETTINGS.service}=${replicas}`]),
      ]);
    },
  };
}
