import type { PerColor } from '../../../release/color.ts';
import type { DockerCli } from '../docker-cli.ts';
import type { DockerHost } from '../host.ts';

/** What each kind of proxy is made from. */
export interface ProxyOptions<Settings> {
  readonly docker: DockerCli;
  readonly host: DockerHost;
  readonly settings: Settings;
  /** The Docker network that the containers share with the proxy. */
  readonly network: string;
  /** The network alias of each color's containers. */
  readonly aliases: PerColor<string>;
  /** Where the containers listen. */
  readonly port: number;
}
