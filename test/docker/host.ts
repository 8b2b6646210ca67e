/** The target's own way to the lab's engine. */
import { DockerCli } from '../../src/target/docker/docker-cli.ts';
import type { DockerHost } from '../../src/target/docker/host.ts';
import { LocalHost } from '../../src/target/docker/local-host.ts';
import type { Engine } from './lab/engine.ts';

/** This machine, with the CLI's plugins where the lab has them. */
export function hostOf(engine: Engine): DockerHost {
  const local = new LocalHost(engine.env['DOCKER_HOST']);
  return {
    description: local.description,
    env: engine.env,
    dial: (address) => local.dial(address),
    url: (address) => local.url(address),
    close: () => local.close(),
  };
}

export const cliOf = (engine: Engine): DockerCli => new DockerCli(hostOf(engine));
