import { toDeployError } from './errors.ts';
import { type Request, readInputs, SECRET_INPUTS } from './inputs.ts';

// The door. What is wrong with the inputs is said before the rest is even loaded: hence the imports below, and an
// `::error::` of our own. @actions/core brings an HTTP stack, which would more than double the time to this answer.
let request: Request | undefined;
try {
  request = readInputs(process.env);
  // They are read, and nothing that this process starts is to find them in its environment.
  for (const name of SECRET_INPUTS) delete process.env[`INPUT_${name.toUpperCase()}`];
  if (process.env['STATE_isPost'] !== 'true') await (await import('./main.ts')).main(request);
  else if (process.env['STATE_pending']) await (await import('./post.ts')).post(request);
} catch (thrown) {
  const error = toDeployError(thrown);
  const text = error.hint === undefined ? error.message : `${error.message}\n${error.hint}`;
  const escaped = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  process.stdout.write(`::error::${escaped}\n`);
  process.exitCode = 1;
  if (error.details.length > 0) {
    const { say } = await import('./report/console.ts');
    for (const detail of error.details) say(detail);
  }
  // Later failures are reported by main. Outside of a workflow there is nobody to tell more.
  if (process.env['GITHUB_OUTPUT'] && process.env['STATE_isPost'] !== 'true') {
    const startedAt = Date.now() - process.uptime() * 1_000;
    const { reportRefusal } = await import('./report/refusal.ts');
    await reportRefusal({ error, request, startedAt, env: process.env });
  }
}
