import * as z from 'zod/mini';
import { about, always, oneOf, perColor, section, text, whole } from './fields.ts';
import { host, identityFile, knownHosts } from './host.ts';
import { repository } from './image.ts';
import { alias, proxy } from './proxy.ts';

const COMPOSE_FIX = 'write the path of a Compose file in the workspace, as in `compose.yml`';

/** Docker's own: `bridge` knows no aliases, and a container on `host` or `none` has no address. */
const PREDEFINED = ['bridge', 'host', 'none'];

const ANYTHING = section({
  host: z.optional(
    host.check(
      about({
        is: 'Where the Docker engine is: `unix://`, `tcp://` or `ssh://`',
        absent: '`DOCKER_HOST`, else the local engine',
        examples: ['ssh://deploy@app-1.example.com'],
      }),
    ),
  ),
  'known-hosts': z.optional(
    knownHosts.check(
      about({
        is: 'What proves an `ssh://` host: lines of a known_hosts file (`ssh-keyscan -H` shows them), the path of one, or a fingerprint (`SHA256:…`); the input `known-hosts` is stronger',
        absent: 'none; `ssh://` needs it',
      }),
    ),
  ),
  'identity-file': z.optional(
    identityFile.check(
      about({
        is: 'Path of the private key for an `ssh://` host; the input `ssh-key` is stronger',
        absent: 'the agent’s, and those of the ssh config',
        examples: ['~/.ssh/id_ed25519'],
      }),
    ),
  ),
  image: repository.check(
    about({ is: 'Repository of the image, without a tag', examples: ['registry.example.com/shop'] }),
  ),
  engine: z.prefault(oneOf(['compose']).check(about({ is: 'What runs the containers' })), 'compose'),
  compose: z.prefault(
    text(/^[^\p{Cc}\\]{1,500}$/u, COMPOSE_FIX).check(
      z.refine((value) => !/^\/|^[A-Za-z]:|(?:^|\/)\.\.(?:\/|$)|\/$/.test(value), { error: COMPOSE_FIX }),
      about({
        is: 'Your Compose file, a path in the workspace; each color is a project of it, with `IMAGE`, `IMAGE_TAG`, `COLOR`, `APP` and `ENVIRONMENT` set',
      }),
    ),
    'compose.yml',
  ),
  service: text(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'write the name of a service in your Compose file: letters, digits, `.`, `-` and `_`',
  ).check(
    about({
      is: 'Service of that file that takes the traffic; the others move along',
      examples: ['web'],
    }),
  ),
  port: whole(1, 65_535).check(about({ is: 'Port that it listens on inside the container' })),
  replicas: z.optional(
    whole(1, 1000).check(
      about({
        is: 'Containers of a new release',
        absent: 'what the live color runs; `1` where nothing runs',
      }),
    ),
  ),
  network: text(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/,
    'write the name of the Docker network: letters, digits, `_`, `.` and `-`, beginning with a letter or digit',
  ).check(
    z.refine((value) => !PREDEFINED.includes(value), {
      error:
        'Docker’s own networks know no aliases; make one of your own, as in `docker network create edge`',
    }),
    about({ is: 'Name of the Docker network that the containers share with the proxy', examples: ['edge'] }),
  ),
  aliases: perColor(alias, 'alias').check(
    about({
      is: 'Network alias of each color’s containers: what the proxy’s configuration calls them',
      words: 'text for `blue` and for `green`',
      absent: '`<app>-<environment>-<color>`',
    }),
  ),
  proxy: proxy.check(about({ is: 'What shares out the traffic: exactly one of three' })),
});

export const docker = ANYTHING.check(
  z.check(({ value, issues }) => {
    const at = (path: string[], input: unknown, message: string) =>
      issues.push({ code: 'custom', input, path, message });

    const { host: address, aliases } = value;
    const isSsh = typeof address === 'string' && address.startsWith('ssh://');
    // Without `host` it may be for a DOCKER_HOST that only the job knows.
    if (typeof address === 'string' && !isSsh)
      for (const key of ['known-hosts', 'identity-file'] as const)
        if (value[key] !== undefined)
          issues.push({
            code: 'custom',
            input: value[key],
            path: [key],
            params: { says: 'means something for an `ssh://` host only: remove it' },
          });

    const moving = value.proxy?.alias?.name;
    for (const color of ['blue', 'green'] as const)
      if (moving !== undefined && aliases?.[color] === moving)
        at(
          ['proxy', 'alias', 'name'],
          moving,
          `the containers of ${color} have it always, by \`aliases\`; write another`,
        );
  }, always),
);
