/** Everything that this action refuses or gives up on is one class, so that every reporter can show it alike. */
export interface ErrorDetails {
  /** Stable, kebab-case: what outside tools may match on, e.g. `lock-held`. */
  readonly code: string;
  /** What the user should do next: one sentence. */
  readonly hint?: string;
  /** Evidence, one line each: the platform's own reasons, the last log lines. */
  readonly details?: readonly string[];
  readonly cause?: unknown;
}

export class DeployError extends Error {
  override readonly name = 'DeployError';
  readonly code: string;
  readonly hint: string | undefined;
  readonly details: readonly string[];

  constructor(message: string, { code, hint, details = [], cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.details = details;
  }
}

/** Any thrown value as a DeployError; what we did not foresee keeps its message and stays visible as the cause. */
export function toDeployError(error: unknown): DeployError {
  if (error instanceof DeployError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DeployError(message, { code: 'unexpected', cause: error });
}
