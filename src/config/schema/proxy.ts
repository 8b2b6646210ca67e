import * as z from 'zod/mini';
import { enumerate } from '../show.ts';
import { about, always, duration, perColor, section, text } from './fields.ts';
import { isTcpAddress } from './host.ts';

/** What shares out the traffic on a Docker host, and where to reach it. */

/** The name of a container, by Docker's grammar. */
const container = text(
  /^[A-Za-z0-9][A-Za-z0-9_.-]{1,127}$/,
  'write the name of the proxy’s container: letters, digits, `_`, `.` and `-`, beginning with a letter or digit',
);

/** What other containers call it: Docker's DNS takes no longer labels than any other. */
export const alias = text(
  /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/,
  'write a network alias: letters, digits, `-`, `_` and `.`, at most 63, a letter or digit at both ends',
);

/** Neither blanks nor what separates commands on HAProxy's socket; no way up. */
const inside = (what: string, example: string) => {
  const error = `write the absolute path of the ${what} inside the container, as in \`${example}\``;
  return text(/^\/[^\s\p{Cc};\\"']{1,250}$/u, error).check(
    z.refine((value) => !/\/(?:\.{0,2}\/|\.{0,2}$)/.test(value), { error }),
  );
};

const SOCKET_FIX =
  'write the socket’s absolute path on the host, as in `/run/haproxy/admin.sock`, or `tcp://127.0.0.1:9999`';
const socket = z
  .string({ error: SOCKET_FIX })
  .check(
    z.refine((value) => /^\/[^\s\p{Cc}]{1,100}$/u.test(value) || isTcpAddress(value), { error: SOCKET_FIX }),
  );

const backend = text(
  /^[A-Za-z0-9_.:-]{1,255}$/,
  'write the name of the backend, which has letters, digits, `-`, `_`, `.` and `:`',
);

const haproxy = section({
  socket: socket.check(
    about({
      is: 'HAProxy’s admin socket: a path on the host, or `tcp://address:port` as the host sees it',
      examples: ['/run/haproxy/admin.sock', 'tcp://127.0.0.1:9999'],
    }),
  ),
  map: inside('map file', '/maps/active.map').check(
    about({
      is: 'The map file, a path inside the container, in a mounted directory that outlives it',
      examples: ['/maps/active.map'],
    }),
  ),
  shares: inside('map file', '/maps/shares.map').check(
    about({
      is: 'The map for a gradual `shift`, a path inside the container; `docs/docker.md` has the lines for `haproxy.cfg`',
      absent: '`shares.map` in the directory of `map`',
    }),
  ),
  container: container.check(about({ is: 'Container that HAProxy runs in', examples: ['edge'] })),
  key: text(
    /^[A-Za-z0-9][A-Za-z0-9_.:/*-]{0,254}$/,
    'write a key of the map: letters, digits, `-`, `_`, `.`, `:`, `/` and `*`, no blanks',
  ).check(
    about({
      is: 'The map’s key whose value is the live backend; missing, it is added',
      absent: '`<app>-<environment>`',
    }),
  ),
  backends: perColor(backend, 'backend').check(
    about({
      is: 'Names of the two backends',
      words: 'text for `blue` and for `green`',
      absent: '`<app>-<environment>-<color>`',
    }),
  ),
});

const ADMIN_FIX =
  'write the address of Caddy’s admin endpoint as the host sees it, as in `http://127.0.0.1:2019`';
const caddy = section({
  flags: inside('directory', '/flags').check(
    about({ is: 'Directory of the flag files, a path inside the container', examples: ['/flags'] }),
  ),
  flag: text(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/,
    'write the beginning of a file name: letters, digits, `-`, `_` and `.`, at most 100',
  ).check(
    about({
      is: 'Flag files are `<flag>.blue` and `<flag>.green`; the newest wins',
      absent: '`<app>-<environment>`',
    }),
  ),
  container: container.check(about({ is: 'Container that Caddy runs in', examples: ['edge'] })),
  admin: z.optional(
    z.string({ error: ADMIN_FIX }).check(
      z.refine((value) => isTcpAddress(value.replace(/^http:/, 'tcp:')) && value.startsWith('http:'), {
        error: ADMIN_FIX,
      }),
      about({
        is: 'Caddy’s admin endpoint as the host sees it, to count requests in flight',
        absent: 'not counted: `retire.drain` is waited out',
        examples: ['http://127.0.0.1:2019'],
      }),
    ),
  ),
});

const networkAlias = section({
  name: alias.check(
    about({ is: 'The network alias that your proxy resolves; it goes from one color to the other' }),
  ),
  'dns-ttl': z.prefault(duration().check(about({ is: 'How long your proxy keeps what it resolved' })), '2s'),
});

const KINDS = ['haproxy', 'caddy', 'alias'] as const;

export const proxy = section(
  {
    haproxy: z.optional(haproxy.check(about({ is: 'HAProxy, switched by a map' }))),
    caddy: z.optional(caddy.check(about({ is: 'Caddy, switched by flag files' }))),
    alias: z.optional(
      networkAlias.check(about({ is: 'Any proxy that resolves a network alias: the alias moves' })),
    ),
  },
  `write a map with one of ${enumerate(KINDS)}`,
).check(
  z.check(({ value, issues }) => {
    const given = KINDS.filter((kind) => value[kind] !== undefined);
    if (given.length === 1) return;
    const has = given.length === 0 ? 'none of them' : enumerate(given);
    issues.push({
      code: 'custom',
      input: value,
      params: { says: `has ${has}: write exactly one of ${enumerate(KINDS)}` },
    });
  }, always),
);
