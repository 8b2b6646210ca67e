import type { Engine } from './engine.ts';
import { buildApp } from './images.ts';
import { APP, ENVIRONMENT, NETWORK } from './proxies.ts';

/** Containers of the app as a blue color that is live, without a deployment: for the lab itself. */
export async function runApp(engine: Engine, names: readonly string[]): Promise<void> {
  const image = await buildApp(engine, `${APP}:lab`);
  const aliases = ['--network-alias', APP, '--network-alias', `${APP}-${ENVIRONMENT}-blue`];
  for (const name of names)
    await engine.docker([
      ...['run', '--detach', '--name', name, '--restart', 'unless-stopped', '--network', NETWORK, ...aliases],
      ...['--env', 'COLOR=blue', image],
    ]);
}
