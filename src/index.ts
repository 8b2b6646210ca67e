import { appendFileSync } from 'node:fs';
import { toDeployError } from './errors.ts';
import { readInputs } from './inputs.ts';

// The door. What is wrong with the inputs is said before the rest is even loaded: hence the imports below, and an
// `::error::` of our own. @actions/core brings an HTTP stack, which would more than double the time to this answer.
try {
  const request = readInputs(process.env);
  if (process.env['STATE_isPost'] !== 'true') await (await import('./main.ts')).main(request);
  else if (process.env['STATE_pending']) await (await import('./post.ts')).post(request);
} catch (error) {
  const { message, hint } = toDeployError(error);
  const text = hint === undefined ? message : `${message}\n${hint}`;
  const escaped = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  process.stdout.write(`::error::${escaped}\n`);
  process.exitCode = 1;
  // Later failures are reported by main, with all outputs.
  const outputs = process.env['GITHUB_OUTPUT'];
  if (outputs && process.env['STATE_isPost'] !== 'true') appendFileSync(outputs, 'result=failed\n');
}
