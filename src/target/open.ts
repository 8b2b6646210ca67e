import type { Environment } from '../config/environment.ts';
import type { DrivenTarget } from './driven.ts';
import type { Target } from './target.ts';

/** What a target may need of the run besides the environment's settings. */
export interface OpenContext {
  /** The checked-out repository: an absolute path. */
  readonly workspace: string;
  /** A private key for a Docker host behind ssh://; empty where there is none. */
  readonly sshKey: string;
  /** One line for the log. */
  readonly progress: (message: string) => void;
  /** Ends what takes long when the run is cancelled. */
  readonly signal: AbortSignal;
}

/** The one place where an adapter is chosen. Loaded on demand: a Docker deployment needs no AWS SDK. */
export async function openTarget(
  environment: Environment,
  context: OpenContext,
): Promise<Target | DrivenTarget> {
  const { app, name, url, target, health, retire } = environment;
  switch (target.kind) {
    case 'ecs': {
      const { EcsTarget } = await import('./ecs/ecs.ts');
      return new EcsTarget({ app, environment: name, url, settings: target.ecs, signal: context.signal });
    }
    case 'ecs-native': {
      const { NativeTarget } = await import('./ecs/native.ts');
      return new NativeTarget({ app, environment: name, url, settings: target.ecs, signal: context.signal });
    }
    case 'docker': {
      const [{ DockerTarget }, { openHost }] = await Promise.all([
        import('./docker/docker.ts'),
        import('./docker/open-host.ts'),
      ]);
      const settings = target.docker;
      const host = await openHost(settings, context);
      return new DockerTarget({
        app,
        environment: name,
        url,
        settings,
        host,
        health,
        prune: retire.prune,
        ...context,
      });
    }
  }
}
