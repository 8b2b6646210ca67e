import { connect } from '../../src/target/ecs/aws.ts';
import { Registry } from '../../src/target/ecs/registry.ts';
import { SecretStore } from '../../src/target/ecs/secret-store.ts';
import type { Probe } from './probes.ts';
import { PARAMETER, REPOSITORY, SECRET } from './stage.ts';

/** What a plan looks for beforehand, with what is there and what is not. */
export function secretProbes(): Probe[] {
  const aws = connect('us-east-1');
  return [
    [
      'secrets and parameters: those that there are not',
      async () => {
        const store = new SecretStore(aws);
        const found = await store.look(
          [
            { store: 'secret', names: [SECRET], use: 'there' },
            { store: 'secret', names: ['gone'], use: 'absent' },
            { store: 'parameter', names: [PARAMETER], use: 'there' },
            { store: 'parameter', names: ['/gone'], use: 'absent' },
          ],
          'shop:1',
        );
        store.close();
        return found;
      },
    ],
    [
      'the platforms of an image',
      async () => {
        const registry = new Registry(aws);
        const found = await registry.platforms(`${REPOSITORY}:v2`);
        await registry.close();
        return found;
      },
    ],
  ];
}
