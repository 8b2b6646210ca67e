/** A process with an SSH host open, to be killed: `ssh-client.ts <url> <known hosts> <key file>`. */
import { openSshHost } from '../../../src/target/docker/ssh/ssh-host.ts';

const [, , url = '', knownHosts, identityFile] = process.argv;
await openSshHost({ url, knownHosts, identityFile, workspace: '/', progress: console.error });
console.log('open');
setInterval(() => {}, 1000);
