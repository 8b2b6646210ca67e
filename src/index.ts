import * as core from '@actions/core';
if (!core.getInput('environment')) core.setFailed('environment is required');
else {
  const z = await import('zod');
  const y = await import('yaml');
  console.log(z, y);
}
