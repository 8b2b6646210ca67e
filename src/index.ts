import { toDeployError } from './errors.ts';
import { type Request, readInputs, SECRET_INPUTS } from './inputs.ts';

// The door. What is wrong with the inputs is said before the rest is even loaded: hence the imports below, and an
// `::error::` of our own. @actions/core brings an HTTP stack, which would more than double the time to this answer.
const isPost = process.env['STATE_isPost'] === 'true';
let request: Request | undefined;
try {
  // The post step is there for what the main step left behind, and mostly that is nothing.
  if (!isPost || process.env['STATE_pending']) {
    request = readInputs(process.env);
    // They are read, and nothing that this process starts is to find them in its environment.
    for (const name of SECRET_INPUTS) delete process.env[`INPUT_${name.toUpperCase()}`];
    if (isPost) await (await import('./post.ts')).post(request);
    else await (await import('./main.ts')).main(request);
  }
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
  if (process.env['GITHUB_OUTPUT'] && !isPost) {
    // Else the post step would be refused as well, and say so once more.
    (await import('./state.ts')).state.markMain();
    const startedAt = Date.now() - process.uptime() * 1_000;
    const { reportRefusal } = await import('./report/refusal.ts');
    await reportRefusal({ error, request, startedAt, env: process.env });
  }
}
// Everything is done and told. What is open still (a command that does not hear us, a connection to a host that is gone)
// must not keep the job running. What was written is out first: to a pipe on Windows, writing takes its time.
process.stdout.write('', () => process.exit());
