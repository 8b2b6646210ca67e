import { isMap, type Plain } from './merge.ts';
import type { Problem } from './problems.ts';

export const isNetworkListener = (arn: unknown): boolean =>
  typeof arn === 'string' && arn.includes(':listener/net/');

/** What can't be behind a network load balancer: it has no rules, hence no way to the idle color before users have it. */
export function networkProblems({ ecs, smoke }: Plain): Problem[] {
  const listeners: unknown = isMap(ecs) ? ecs['listeners'] : undefined;
  if (!Array.isArray(listeners) || !listeners.some(isNetworkListener) || !Array.isArray(smoke)) return [];
  return smoke.flatMap((test, index) =>
    isMap(test) && Object.hasOwn(test, 'path')
      ? [
          {
            path: ['smoke', index, 'path'],
            says: 'can’t be asked through a network load balancer, which has no preview: write `url` with an address of the idle color (`{color}` is replaced), or `run`',
          },
        ]
      : [],
  );
}
