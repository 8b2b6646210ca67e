import { resolve } from 'node:path';
import { blueGreenApp } from '../sandbox/blue-green-app.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { DemoStage } from './stage.ts';

const HOST = 'shop.sandbox';

/** A sandbox of Amazon ECS with real traffic. v1 is live from the beginning, v3 is broken. */
export async function ecsStage(): Promise<DemoStage> {
  const sandbox = await startSandbox();
  const app = await blueGreenApp(sandbox, { versions: ['v1', 'v2'], live: { count: 3 } });
  sandbox.addImage(app.image('v3'), { env: { HEALTH: 'status:500' } });
  const addresses = app.urls.map((one) => new URL(one).hostname);
  const url = `http://${HOST}:${new URL(app.url).port}`;
  const config = `# .github/blue-green.yml
app: ${app.app}
environments:
  production:
    url: ${url}
    ecs:
      region: ${sandbox.region}
      cluster: ${app.cluster}
      image: ${app.repository}
      services: { blue: ${app.services.blue}, green: ${app.services.green} }
      listeners: ['${app.listener}']
      propagation: 1s
    health: { interval: 500ms }
    smoke: [{ path: /health, body: '"ok":true' }]
    shift: { steps: [25%], every: 3s }
    identity: { header: x-version, value: '{image-tag}' }
    stabilize: { for: 4s, interval: 1s, probe: { path: /health } }
    retire: { drain: 2s }
`;
  return {
    config,
    url,
    addresses,
    env: {
      ...sandbox.env,
      NODE_OPTIONS: `--import ${resolve(import.meta.dirname, '../hosts.mjs')}`,
      SANDBOX_HOSTS: `${HOST}=${addresses.join(',')}`,
    },
    colorOf: { v1: 'blue', v2: 'green' },
    prelude: [],
    onSwitch: (tell) =>
      sandbox.onCall((operation) => {
        if (operation === 'ModifyListener') tell();
      }),
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  };
}
