import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Problem } from '../target.ts';
import { type Aws, errorName, read } from './aws.ts';
import { type Findings, unchecked } from './findings.ts';
import { ParameterStore } from './parameter-store.ts';
import { problem } from './preflight.ts';
import type { SecretReference } from './secret-references.ts';

/** All that it may cost to ask, in ms: a runner may have no way to these services at all. */
const DEADLINE_MS = 10_000;

/**
 * Whether the secrets are there that a task can't start without. Asks for what is known of them, never for their
 * values: whoever may plan need not be able to read them. GetParameters would show values, so parameters are listed.
 */
export class SecretStore {
  readonly #aws: Pick<Aws, 'open' | 'region' | 'ecs'>;
  readonly #clients = new Map<string, SecretsManagerClient>();
  readonly #parameters: ParameterStore;

  constructor(aws: Pick<Aws, 'open' | 'region' | 'ecs'>) {
    this.#aws = aws;
    this.#parameters = new ParameterStore(aws);
  }

  /** @param release the task definition that refers to them */
  async look(references: readonly SecretReference[], release: string): Promise<Findings> {
    const abortSignal = AbortSignal.timeout(DEADLINE_MS);
    const problems: Problem[] = [];
    const notes = new Set<string>();
    for (const [region, all] of Map.groupBy(references, (one) => one.region ?? this.#aws.region)) {
      const told = { region, release };
      for (const [id, uses] of usesOf(all.filter(({ store }) => store === 'secret')))
        try {
          const state = await this.#secret(region, id, abortSignal);
          if (state !== 'there') problems.push(missing(`Secret ${id}`, state, { ...told, uses }));
        } catch (error) {
          notes.add(unchecked('whether the secrets of Secrets Manager exist', error));
        }
      const parameters = all.filter(({ store }) => store === 'parameter');
      try {
        const names = parameters.flatMap((one) => one.names);
        const there = await this.#parameters.existing(region, names, abortSignal);
        const absent = parameters.filter((one) => !one.names.some((name) => there.has(name)));
        for (const [name, uses] of usesOf(absent))
          problems.push(missing(`Parameter ${name}`, 'absent', { ...told, uses }));
      } catch (error) {
        notes.add(unchecked('whether the parameters of the Parameter Store exist', error));
      }
    }
    return { problems, notes: [...notes] };
  }

  close(): void {
    for (const client of this.#clients.values()) client.destroy();
  }

  async #secret(region: string, SecretId: string, abortSignal: AbortSignal): Promise<State> {
    const { DescribeSecretCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    const client =
      this.#clients.get(region) ?? this.#aws.open(SecretsManagerClient, { region, maxAttempts: 2 });
    this.#clients.set(region, client);
    return read('secretsmanager:DescribeSecret', async () => {
      try {
        const { DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId }), { abortSignal });
        return DeletedDate === undefined ? 'there' : 'deleted';
      } catch (error) {
        if (errorName(error) === 'ResourceNotFound') return 'absent';
        throw error;
      }
    });
  }
}

type State = 'there' | 'absent' | 'deleted';

function missing(
  what: string,
  state: Exclude<State, 'there'>,
  { region, release, uses }: { region: string; release: string; uses: readonly string[] },
): Problem {
  const wrong = state === 'absent' ? `does not exist in ${region}` : 'is scheduled for deletion';
  return problem(
    `${what} ${wrong}: task definition ${release} takes ${uses.join(', ')} from it, and no task starts without.`,
    state === 'absent'
      ? 'Create it, or correct the reference: a release is made from the task definition of the live service.'
      : 'Restore it (RestoreSecret), or refer to another one in the task definition of the live service.',
  );
}

/** What each of them is for, by its name. */
const usesOf = (references: readonly SecretReference[]): readonly (readonly [string, readonly string[]])[] =>
  [...Map.groupBy(references, ({ names: [name] }) => name)].map(([name, all]) => [
    name,
    [...new Set(all.map(({ use }) => use))],
  ]);
