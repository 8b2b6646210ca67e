import { plain } from '../../../text.ts';

/** What is worth keeping of `ssh -v` while it connects; it tells some things only there. */
export interface Transcript {
  /** What it says without -v: errors, and what the host itself says. */
  readonly said: readonly string[];
  /** The host keys that came, the jump hosts' first. */
  readonly hostKeys: readonly { readonly type: string; readonly fingerprint: string }[];
  /** The keys that were offered to the last host: path or comment, kind, fingerprint. */
  readonly offered: readonly string[];
  /** The host would have taken one of them, if only it had been proven. */
  readonly accepted: boolean;
  /** What the host's authorized_keys says about our key. */
  readonly keyOptions: string | undefined;
}

/** With -v, the version, the login and the figures at the end are no debug lines. */
const CHATTER = /^(?:OpenSSH_|Authenticated to |Transferred: sent |Bytes per second: )/;

export function readTranscript(lines: readonly string[]): Transcript {
  const said: string[] = [];
  const hostKeys: { type: string; fingerprint: string }[] = [];
  let offered: string[] = [];
  let accepted = false;
  let keyOptions: string | undefined;
  for (const raw of lines) {
    const line = plain(raw);
    const debug = /^debug\d: (.*)$/.exec(line)?.[1];
    if (debug === undefined) {
      if (line.trim() !== '' && !CHATTER.test(line)) said.push(line);
      continue;
    }
    const hostKey = /^Server host key: (\S+) (\S+)/.exec(debug);
    if (hostKey) {
      hostKeys.push({ type: hostKey[1]!, fingerprint: hostKey[2]! });
      // A further host: what was offered to a jump host before is its business.
      offered = [];
      accepted = false;
    }
    const key = /^Offering public key: (.*)$/.exec(debug)?.[1];
    if (key !== undefined) offered.push(key.replace(/ (?:explicit|agent)+/g, '').trim());
    if (debug.startsWith('Server accepts key: ')) accepted = true;
    keyOptions = /^Remote: (.*key options:.*)$/.exec(debug)?.[1] ?? keyOptions;
  }
  return { said, hostKeys, offered, accepted, keyOptions };
}

/**
 * What became of the ways through the tunnel that the host did not open, by their far ends. ssh tells the far end when
 * a connection comes in, its channel's number with the next line, and a refusal by that number.
 */
export class Refusals {
  readonly #reasons = new Map<string, string>();
  readonly #channels = new Map<string, string>();
  #coming: string | undefined;

  /** @param line one line of `ssh -v` */
  read(line: string): void {
    const coming = /Connection to port -?\d+ forwarding to (\S+) port (-?\d+) requested/.exec(line);
    if (coming) {
      const [, host = '', port = ''] = coming;
      // A socket's path has the port -2.
      this.#coming = port.startsWith('-')
        ? host
        : `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
      return;
    }
    const opened = /channel (\d+): new direct-/.exec(line)?.[1];
    if (opened !== undefined && this.#coming !== undefined) {
      this.#channels.set(opened, this.#coming);
      this.#coming = undefined;
      return;
    }
    const refused = /channel (\d+): open failed: (.*)$/.exec(line);
    const far = this.#channels.get(refused?.[1] ?? '');
    if (refused && far !== undefined) this.#reasons.set(far, plain(refused[2]!));
    const freed = /channel (\d+): free: direct-/.exec(line)?.[1];
    if (freed !== undefined) this.#channels.delete(freed);
  }

  /** Why the last try that was refused was; tells it once. */
  take(far: string): string | undefined {
    const reason = this.#reasons.get(far);
    this.#reasons.delete(far);
    return reason;
  }
}
