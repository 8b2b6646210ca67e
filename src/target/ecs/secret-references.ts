import { containersOf, type TaskDefinition } from './task-definitions.ts';

/** Something that ECS reads before it starts a task: a secret of Secrets Manager, or a parameter of the Parameter Store. */
export interface SecretReference {
  readonly store: 'secret' | 'parameter';
  /** Absent: the region of the service. */
  readonly region?: string;
  /** What the store calls it; a parameter that only an ARN names may have either of two names. */
  readonly names: readonly [string, ...string[]];
  /** What it is for: `DATABASE_URL of container app`. */
  readonly use: string;
}

/** The secrets that a task definition refers to, as far as their store can be asked for them. Pure. */
export function secretReferences(definition: TaskDefinition): readonly SecretReference[] {
  const account = definition.arn.split(':')[4] ?? '';
  return containersOf(definition).flatMap((container) => {
    const { name, secrets, logConfiguration, repositoryCredentials } = container as Sources;
    const of = (what: string) => `${what} of container ${name}`;
    const pulled = repositoryCredentials?.credentialsParameter;
    return [
      ...[...(secrets ?? []), ...(logConfiguration?.secretOptions ?? [])].map((one) => ({
        found: byArn(one.valueFrom, account) ?? parameterByName(one.valueFrom),
        use: of(one.name ?? ''),
      })),
      ...(pulled === undefined
        ? []
        : [
            {
              found: byArn(pulled, account) ?? secretByName(pulled),
              use: of('repositoryCredentials'),
            },
          ]),
    ].flatMap(({ found, use }) => (found === undefined ? [] : [{ ...found, use }]));
  });
}

/** Where a container definition names secrets. */
interface Sources {
  readonly name?: string;
  readonly secrets?: readonly Source[];
  readonly logConfiguration?: { readonly secretOptions?: readonly Source[] };
  readonly repositoryCredentials?: { readonly credentialsParameter?: string };
}
interface Source {
  readonly name?: string;
  readonly valueFrom?: string;
}

type Found = Omit<SecretReference, 'use'>;

// ECS takes ARNs of other regions as they are. After the name, Secrets Manager's may go on with a JSON key, a stage and
// a version (`…:secret:shop-AbCdEf:password::`), which its own API takes for no ARN.
const SECRET = /^arn:[\w-]+:secretsmanager:([\w-]+):\d{12}:secret:[^:]+/;
const PARAMETER = /^arn:[\w-]+:ssm:([\w-]+):(\d{12}):parameter\/([^:]+)/;

function byArn(valueFrom = '', account: string): Found | undefined {
  const [id, region] = SECRET.exec(valueFrom) ?? [];
  if (id !== undefined && region !== undefined) return { store: 'secret', region, names: [id] };
  const [, at, owner, name] = PARAMETER.exec(valueFrom) ?? [];
  // Parameters of another account are not in the list of this one's.
  if (at === undefined || name === undefined || owner !== account || isAmazons(`/${name}`)) return undefined;
  // `parameter/key` is the ARN of `key` and of `/key`; with a slash in it, a name always begins with one.
  return {
    store: 'parameter',
    region: at,
    names: name.includes('/') ? [`/${name}`] : [name, `/${name}`],
  };
}

/** Without an ARN it is a parameter of the service's region; a version or label may follow its name. */
function parameterByName(valueFrom = ''): Found | undefined {
  const [name = ''] = valueFrom.split(':');
  if (name === '' || name === 'arn' || isAmazons(name)) return undefined;
  return { store: 'parameter', names: [name] };
}

const secretByName = (name: string): Found | undefined =>
  name === '' || name.startsWith('arn:') ? undefined : { store: 'secret', names: [name] };

/** Public parameters, and references to Secrets Manager (`/aws/reference/secretsmanager/…`), stand in no account's list. */
const isAmazons = (name: string): boolean => name.startsWith('/aws/');
