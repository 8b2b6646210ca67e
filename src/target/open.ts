import type { Environment } from '../config/environment.ts';
import type { DrivenTarget } from './driven.ts';
import type { Target } from './target.ts';

/** The one place where an adapter is chosen. Loaded on demand: a Docker deployment needs no AWS SDK. */
export async function openTarget({ app, name, url, target }: Environment): Promise<Target | DrivenTarget> {
  switch (target.kind) {
    case 'ecs': {
      const { EcsTarget } = await import('./ecs/ecs.ts');
      return new EcsTarget({ app, environment: name, url, settings: target.ecs });
    }
    case 'ecs-native': {
      const { NativeTarget } = await import('./ecs/native.ts');
      return new NativeTarget({ app, environment: name, url, settings: target.ecs });
    }
  }
}
