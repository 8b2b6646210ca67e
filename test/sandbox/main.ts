/**
 * A sandbox with the blue/green app in it, for humans and for runs outside of this process:
 * `node test/sandbox/main.ts [--scale 0.05] [--port 4599] [--versions v1,v2,v3]`. It prints one line of JSON when it
 * is ready, and runs until SIGTERM, SIGINT, or the end of its standard input.
 */
import { fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { blueGreenApp } from './blue-green-app.ts';
import { startSandbox } from './sandbox.ts';

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '0.05' },
    port: { type: 'string', default: '0' },
    versions: { type: 'string', default: 'v1,v2,v3' },
  },
});

const sandbox = await startSandbox({ scale: Number(values.scale), port: Number(values.port) });
const app = await blueGreenApp(sandbox, { versions: values.versions.split(',') });
console.log(
  JSON.stringify({
    endpoint: sandbox.endpoint,
    url: app.url,
    env: sandbox.env,
    cluster: app.cluster,
    services: app.services,
    arns: {
      services: app.serviceArns,
      targetGroups: app.targetGroups,
      loadBalancer: app.loadBalancer,
      listener: app.listener,
      taskDefinition: app.taskDefinition,
    },
    config: JSON.parse(app.config()),
  }),
);

let ending = false;
const end = async () => {
  if (ending) return;
  ending = true;
  await sandbox.close();
  process.exit(0);
};
process.on('SIGTERM', end);
process.on('SIGINT', end);
// A shell gives /dev/null to what it runs in the background, which would end at once.
const isNothing = !process.stdin.isTTY && fstatSync(0).isCharacterDevice();
if (!isNothing) process.stdin.on('end', end).on('error', end).resume();
