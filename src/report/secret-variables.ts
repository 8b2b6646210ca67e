import { secretsOf } from '../inputs.ts';

/** Of GitHub's, the clouds' and most tools' own: `DB_PASSWORD`, `NPM_TOKEN`, `STRIPE_API_KEY`, `AWS_SECRET_ACCESS_KEY`. */
const SECRET = /(?:^|_)(?:SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|PAT)(?:_|$)|_KEY$/i;
/** What such a name says where or which the secret is, not what. */
const ABOUT = /_(?:FILE|PATH|URL|URI|ID|ARN|NAME|VERSION)$/i;
/** Shorter ones are words and numbers, which reports are full of. */
const SHORTEST = 8;

/**
 * The values of the job's variables that are secrets by their names. A command or a container that fails may have them in
 * its last words; the runner takes them out of the log and the summary, and nobody out of what goes elsewhere.
 */
export const secretVariables = (env: NodeJS.ProcessEnv): readonly string[] =>
  Object.entries(env).flatMap(([name, value = '']) =>
    SECRET.test(name) && !ABOUT.test(name)
      ? // Of a key or a certificate each line is told by itself.
        [...new Set([value, ...value.split('\n')])]
          .map((part) => part.trim())
          .filter(
            (part) => part.length >= SHORTEST && !part.startsWith('-----B') && !part.startsWith('-----E'),
          )
      : [],
  );

/** All that must not be told, whatever it stands in. */
export const allSecrets = (
  request: Parameters<typeof secretsOf>[0],
  env: NodeJS.ProcessEnv,
): readonly string[] => [...secretsOf(request), ...secretVariables(env)];
