import type { Color } from '../../release/color.ts';

/** Compose's own labels: by them a container belongs to a project and a service. */
export const COMPOSE_PROJECT = 'com.docker.compose.project';
export const COMPOSE_SERVICE = 'com.docker.compose.service';
export const COMPOSE_NUMBER = 'com.docker.compose.container-number';

/** Labels of ours, on each container of a color. None of them holds anything secret. */
export const LABELS = {
  /** `Release.id` */
  release: 'blue-green.release',
  /** `Release.image` */
  image: 'blue-green.image',
  /** The restart policy that the container has while it is live, as `docker update --restart` takes it. */
  restart: 'blue-green.restart',
  /** What the Compose file said of its service: service-digests.ts. */
  config: 'blue-green.config',
  /** Where Compose copied files into it: injected-files.ts. */
  files: 'blue-green.files',
  app: 'blue-green.app',
  environment: 'blue-green.environment',
  color: 'blue-green.color',
} as const;

/** What a color's Compose project is called, and by default its network alias and its HAProxy backend. */
export const projectName = (app: string, environment: string, color: Color): string =>
  `${app}-${environment}-${color}`;
