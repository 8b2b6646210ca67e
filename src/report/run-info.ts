import type { Environment } from '../config/environment.ts';
import type { Request } from '../inputs.ts';
import type { Operation } from '../release/policy.ts';
import type { RunContext } from './context.ts';

/** What the reports say of a run beside what its events tell. Holds no secret. */
export interface RunInfo {
  readonly operation: Operation;
  readonly app: string;
  readonly environment: string;
  /** What users open. */
  readonly url?: string;
  readonly reason: string;
  readonly force: boolean;
  readonly imageTag: string;
  /** Where it is deployed, for people. */
  readonly target: string;
  readonly context: RunContext;
}

export interface RunInfoSources {
  readonly request: Pick<Request, 'operation' | 'reason' | 'force' | 'imageTag'>;
  readonly environment: Pick<Environment, 'app' | 'name' | 'url'>;
  readonly context: RunContext;
  readonly targetDescription: string;
}

/** Picks it, field by field: what is not named here is in no report. */
export const runInfo = ({ request, environment, context, targetDescription }: RunInfoSources): RunInfo => ({
  operation: request.operation,
  app: environment.app,
  environment: environment.name,
  url: environment.url,
  reason: request.reason,
  force: request.force,
  imageTag: request.imageTag,
  target: targetDescription,
  context,
});
