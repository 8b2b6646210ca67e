import { DeployError } from '../../../errors.ts';

/**
 * Our own environment, without the action's inputs (the key is one of them), and with messages in the language that
 * we look for in them.
 */
export const sshEnv = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('INPUT_'))),
  LC_ALL: 'C',
});

export const sshMissing = () =>
  new DeployError('There is no `ssh` command on this runner.', {
    code: 'ssh-missing',
    hint: 'Install OpenSSH’s client (apt-get install openssh-client), which GitHub’s own runners have.',
  });
