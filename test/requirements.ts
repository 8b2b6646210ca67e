/**
 * What some tests need and a machine may lack. Such a test is skipped, loudly: its reason says how to get what is
 * missing, and `npm test` repeats it in its last lines (reporter.ts). With REQUIRE_ALL=1, as in CI, it fails instead.
 */

/** How to get each of them. */
const HOW_TO_GET = {
  moto: 'python3 -m venv .tmp/moto && .tmp/moto/bin/pip install -r test/moto/requirements.txt',
  zizmor: 'python3 -m venv .tmp/zizmor && .tmp/zizmor/bin/pip install zizmor==1.32.0',
  act: 'GOBIN=$PWD/.tmp/act go install github.com/nektos/act@v0.2.89',
  hcl: 'GOBIN=$PWD/.tmp/hcl go install github.com/hashicorp/hcl/v2/cmd/hclfmt@v2.25.0; the same with github.com/tmccombs/hcl2json@v0.6.9',
  aws: 'python3 -m venv .tmp/aws && .tmp/aws/bin/pip install awscli==1.45.11',
  docker: 'sudo test/docker/lab/install.sh, and run the tests as root',
  sshd: 'apt-get install openssh-server openssh-client',
} as const;

export type RequirementName = keyof typeof HOW_TO_GET;

export interface Requirement<T> {
  /** For the options of `test()`: why it is skipped; false when it can run. */
  readonly skip: string | false;
  /** What was found. @throws Error when it is missing */
  get(): T;
}

/**
 * @param probe finds what is required; undefined, or an error, when it is not there
 * @throws Error when it is missing and REQUIRE_ALL is set
 */
export function requirement<T>(name: RequirementName, probe: () => T | undefined): Requirement<T> {
  const found = attempt(probe);
  const missing = `${name} is missing: ${HOW_TO_GET[name]}`;
  if (found === undefined && process.env['REQUIRE_ALL'] === '1') throw new Error(missing);
  return {
    skip: found === undefined && missing,
    get() {
      if (found === undefined) throw new Error(missing);
      return found;
    },
  };
}

function attempt<T>(probe: () => T | undefined): T | undefined {
  try {
    return probe();
  } catch {
    return undefined;
  }
}
