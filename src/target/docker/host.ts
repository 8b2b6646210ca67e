import type { DeployError } from '../../errors.ts';

/**
 * The way to a Docker host: how the Docker CLI reaches its engine, and how anything else that only the host sees
 * (containers' addresses, a proxy's admin socket) is reached from here.
 */
export interface DockerHost {
  /** For people: `ssh://deploy@app-1.example.com`, `this machine`. */
  readonly description: string;
  /** What the Docker CLI is given besides the process's own environment: DOCKER_HOST where one is configured. */
  readonly env: Readonly<Record<string, string>>;

  /**
   * What to pass to `net.connect`, or as `socketPath` / `host` and `port` to `http.request`, to reach an address that
   * the Docker host sees. Through a tunnel this opens one more way in it, or finds the one that there is.
   * @throws TransientError when there is no connection to the host at the moment
   */
  dial(address: HostAddress): Promise<Dialed>;

  /**
   * Where there is a tunnel: remembers the connection as it stands. What it returns asks the host for a sign of life on
   * that very connection: `ssh` closes the ways in the tunnel before it has ended itself, and a way that was closed says
   * something of its far end only where the tunnel still stands.
   * @throws TransientError, from what it returns, when the connection broke since
   */
  tunnel?(): () => Promise<void>;

  /**
   * A base URL for an HTTP server that the Docker host sees, for whoever speaks only URLs (smoke tests' commands):
   * the address itself on this machine, else a relay on loopback which lives as long as this process.
   */
  url(address: { readonly host: string; readonly port: number }): Promise<string>;

  /** Why there is no way to the host any more, nor will be: nobody should go on asking. Absent: there always is one. */
  lost?(): DeployError | undefined;

  /** Ends tunnels and relays; never throws. */
  close(): Promise<void>;
}

/** An address as the Docker host sees it. */
export type HostAddress = { readonly host: string; readonly port: number } | { readonly path: string };

export type Dialed =
  | { readonly host: string; readonly port: number }
  /** A unix socket on this machine. */
  | { readonly path: string };
