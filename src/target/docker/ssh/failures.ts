import { DeployError } from '../../../errors.ts';
import { excerpt } from '../../../text.ts';
import { login, type SshAddress } from './address.ts';
import { howToGet } from './known-hosts.ts';
import { readTranscript, type Transcript } from './transcript.ts';

export interface ConnectionFailure {
  readonly error: DeployError;
  /** `busy`: another try may well do; `final`: no try ever will; `now`: not as things are now. */
  readonly lasting: 'busy' | 'now' | 'final';
}

export interface FailureContext {
  readonly address: SshAddress;
  /** The names for which the trusted known_hosts lines are. */
  readonly trustedNames: readonly string[];
  /** Where the key from the action's input was put. */
  readonly keyFile: string;
}

/**
 * Why ssh gave no connection, from what it wrote with -v. Ordered: with a jump host, the processes of both tell their
 * part, and what is most precise comes first.
 */
export function connectionFailure(lines: readonly string[], context: FailureContext): ConnectionFailure {
  const transcript = readTranscript(lines);
  const text = transcript.said.join('\n');
  return (
    hostKeyFailure(text, transcript, context) ??
    authenticationFailure(text, transcript, context) ??
    networkFailure(text, transcript, context) ?? {
      error: new DeployError(
        `ssh gave no connection to ${context.address.description}: ${excerpt(transcript.said.at(-1) ?? 'it said nothing')}`,
        { code: 'ssh-failed', hint: tryIt(context.address), details: lastLines(transcript) },
      ),
      lasting: 'now',
    }
  );
}

function hostKeyFailure(
  text: string,
  { hostKeys }: Transcript,
  { address, trustedNames }: FailureContext,
): ConnectionFailure | undefined {
  const came = hostKeys.at(-1);
  const shown = came === undefined ? [] : [`The key that came: ${came.type} ${came.fingerprint}`];
  const trusted =
    trustedNames.length === 0 ? [] : [`known-hosts has keys for: ${trustedNames.slice(0, 20).join(', ')}`];

  const changed = /^Host key for (\S+) has changed/m.exec(text)?.[1];
  if (changed !== undefined || /REMOTE HOST IDENTIFICATION HAS CHANGED|host key .*revoked/i.test(text))
    return {
      error: new DeployError(
        `The host key of ${changed ?? address.host} is not the one in known-hosts: either the host was set up anew, or somebody stands in between.`,
        {
          code: 'host-key-changed',
          hint: `If the host was set up anew, replace its line in known-hosts: ${howToGet(whose(changed, address))}`,
          details: shown,
        },
      ),
      lasting: 'final',
    };
  const unknown = /No (\S+) host key is known for (\S+)/.exec(text);
  if (unknown || /Host key verification failed/.test(text)) {
    const name = unknown?.[2] ?? address.host;
    return {
      error: new DeployError(`known-hosts has no ${unknown?.[1] ?? ''} key for ${name}.`.replace('  ', ' '), {
        code: 'host-key-unknown',
        hint: `Add its line to known-hosts: ${howToGet(whose(name, address))}`,
        details: [...shown, ...trusted],
      }),
      lasting: 'final',
    };
  }
  return undefined;
}

/** ssh names a host `[name]:port` when the port isn't 22. */
function whose(name: string | undefined, address: SshAddress): Pick<SshAddress, 'host' | 'port'> {
  if (name === undefined) return address;
  const [, host = name, port] = /^\[(.*)\]:(\d+)$/.exec(name) ?? [];
  return { host, port };
}

function authenticationFailure(
  text: string,
  transcript: Transcript,
  { address, keyFile }: FailureContext,
): ConnectionFailure | undefined {
  const denied = /^(\S+): Permission denied \((.*)\)/m.exec(text);
  const many = /Too many authentication failures/.test(text);
  if (!denied && !many) return undefined;
  const who = denied?.[1] ?? login(address);
  const keys = transcript.offered.map((key) => `Key tried: ${key.replace(keyFile, 'the input ssh-key')}`);
  const unusable = transcript.said.flatMap((line) => {
    const bad = /^Load key "(.*)": (.*)$/.exec(line);
    if (bad) return [`Key not usable: ${bad[1]!.replace(keyFile, 'the input ssh-key')}: ${bad[2]}`];
    const open = /^Permissions .* for '(.*)' are too open/.exec(line)?.[1];
    return open === undefined ? [] : [`Key not usable: others can read ${open} (chmod 600 ${open})`];
  });
  const said = transcript.said.filter(
    (line) =>
      !/Permission denied \(|^Load key|@{5}|UNPROTECTED|^Permissions|^It is (?:req|rec)|^This private key/.test(
        line,
      ),
  );
  return {
    error: new DeployError(
      many
        ? `${who} took none of the keys, and allows no further try.`
        : transcript.offered.length === 0
          ? `${who} wants a key, and there is none to offer.`
          : transcript.accepted
            ? `${who} takes the key, but it can’t be used here: it has a passphrase, or the agent refused.`
            : `${who} took none of the keys that it was offered.`,
      {
        code: 'ssh-permission-denied',
        hint:
          keys.length === 0 || unusable.length > 0 || transcript.accepted
            ? 'Give the whole private key, without a passphrase, as input `ssh-key` or docker.identity-file, or start an agent that has it.'
            : `On the host, add the public key (\`ssh-keygen -y -f <private key>\` prints it) to ~/.ssh/authorized_keys of ${who.split('@')[0]}.`,
        details: [
          ...(keys.length === 0 ? ['Key tried: none'] : keys),
          ...unusable,
          `The host takes: ${denied?.[2] ?? 'unknown'}`,
          ...said.slice(-3).map((line) => excerpt(line)),
        ],
      },
    ),
    lasting: 'now',
  };
}

function networkFailure(
  text: string,
  transcript: Transcript,
  { address }: FailureContext,
): ConnectionFailure | undefined {
  const unreachable = (message: string, hint: string): ConnectionFailure => ({
    error: new DeployError(message, { code: 'host-unreachable', hint, details: lastLines(transcript) }),
    lasting: 'now',
  });

  const name = /Could not resolve hostname (\S+): (.*)/.exec(text);
  if (name)
    return unreachable(
      `The name ${name[1]} could not be resolved: ${name[2]}.`,
      'See that docker.host is spelled rightly, and that this runner’s DNS knows it (or write its address).',
    );
  const connect = /connect to (?:host|address) (\S+) port (\d+): (.*)/.exec(text);
  if (connect) {
    const [, host, port, why = ''] = connect;
    if (/refused/.test(why))
      return unreachable(
        `${host} refuses connections on port ${port}: no SSH server listens there.`,
        'See that the port in docker.host is the right one and that sshd runs on the host.',
      );
    return unreachable(`${host} can’t be reached on port ${port}: ${why}.`, OPEN);
  }
  if (/stdio forwarding failed|open failed: .*/.test(text) && /stdio forwarding|UNKNOWN/.test(text))
    return unreachable(
      `The jump host can’t reach ${address.host}: ${excerpt(/open failed: (.*)/.exec(text)?.[1] ?? 'it said nothing')}`,
      'See that the host listens for SSH there, and that the jump host allows TCP forwarding.',
    );
  if (/timed out/i.test(text)) return unreachable(`${address.host} did not answer in time.`, OPEN);
  // sshd drops some of those who are not let in yet when there are many (MaxStartups 10:30:100), without a word.
  if (/kex_exchange_identification|Connection (?:closed|reset) by|banner exchange|Broken pipe/i.test(text))
    return {
      ...unreachable(
        `${address.host} closed the connection before it could be used.`,
        'Its sshd may have too many connections that are just beginning (MaxStartups), or blocks this runner (PerSourcePenalties, fail2ban, hosts.deny): its log tells.',
      ),
      lasting: 'busy',
    };
  return undefined;
}

const OPEN = 'See that the host runs, and that its firewall lets this runner in.';

const tryIt = ({ host, user, port }: SshAddress): string =>
  `Try it on this runner: ssh -v ${port === undefined ? '' : `-p ${port} `}${user === undefined ? '' : `${user}@`}${host}`;

const lastLines = ({ said }: Transcript): readonly string[] => said.slice(-4).map((line) => excerpt(line));
