import { after, before, describe } from 'node:test';
import { docker } from '../../docker/lab/parts.ts';
import { type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';
import { keepsItsPromises, refusesSteps, WORLD } from './promises.ts';

describe('behind a proxy that resolves a network alias', { skip: docker.skip }, () => {
  let world: DockerWorld;
  before(async () => {
    world = await startDockerWorld({ proxy: 'alias', ...WORLD });
  });
  after(() => world?.[Symbol.asyncDispose]());

  refusesSteps(() => world);
  keepsItsPromises(() => world);
});
