/** A command that Docker refused: its own words, without `Error response from daemon:`. */
export class DockerError extends Error {
  override readonly name = 'DockerError';
  /** All that it wrote to stderr. */
  readonly output: string;

  constructor(message: string, output = message) {
    super(message);
    this.output = output;
  }
}

/** Docker has no such container, image or network (any more). */
export const isMissing = (error: unknown): boolean =>
  error instanceof DockerError &&
  /no such (?:container|image|network|volume|object)|not found/i.test(error.message);
