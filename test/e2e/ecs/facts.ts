// What users of other deployers ask for and complain about (facts/ecs.md section 3), row by row: which test shows that
// it is otherwise here, or why it is none of this action's business. facts.test.ts checks that each of them exists.

/** A test by its file, below test/, and its title, or the beginning of it. */
export type Proof = readonly [file: string, title: string];

export interface Row {
  /** In a few words. */
  readonly wish: string;
  readonly proofs?: readonly Proof[];
  /** Out of scope, and why. */
  readonly not?: string;
}

const ecs = (name: string, title: string): Proof => [`e2e/ecs/${name}.test.ts`, title];
const cause = (name: string): Proof => ['e2e/ecs/failure-causes.ts', name];

/** By its number. */
export const ROWS: Readonly<Record<number, Row>> = {
  1: {
    wish: '"not stable" alone says nothing: tell the cause',
    proofs: [
      cause('image not found'),
      cause('health check: wrong status'),
      ecs('failures', 'what users see'),
    ],
  },
  2: {
    wish: 'a time-out fails the job, and the deployment goes on',
    proofs: [
      cause('no capacity, and no patience either'),
      ecs('native-refused', 'health.timeout: what does not'),
    ],
  },
  3: {
    wish: 'stopped tasks are told from the first minute',
    proofs: [cause('missing secret'), cause('image not found')],
  },
  4: {
    wish: 'waits of over an hour',
    proofs: [ecs('credentials', 'a run that outlives its credentials several times over')],
  },
  5: {
    wish: 'a rollback by the circuit breaker is no success',
    proofs: [
      ecs('refused', "ECS's own circuit breaker is told as what it is"),
      cause('circuit breaker rolled back between two looks'),
      ecs('native-refused', 'ECS’s own circuit breaker is never taken for success'),
    ],
  },
  6: {
    wish: 'neither is another run’s deployment, nor a service scaled to zero',
    proofs: [cause('superseded by another pipeline'), cause('scaled to zero')],
  },
  7: {
    wish: 'events while waiting, each once',
    proofs: [ecs('failures', 'events of its own time are told as they come')],
  },
  8: {
    wish: 'no minutes of waiting after ECS is done',
    proofs: [ecs('facts', 'row 8:'), ecs('budget', 'a deployment uses a bounded number of calls')],
  },
  9: {
    wish: '"Rate exceeded" fails nothing',
    proofs: [
      ecs('faults', 'throttled for a while, everywhere'),
      ecs('crowd', 'twenty deployments at once'),
      ecs('deploy', 'the same content is registered once'),
    ],
  },
  10: {
    wish: 'a cancelled run leaves a defined state',
    proofs: [
      ecs('crash', ': traffic is back at once, the post step cleans up'),
      ecs('crash', 'killed by the runner in the main step'),
      ecs('crash', 'cancelled while AWS does not answer a read'),
    ],
  },
  11: {
    wish: 'a deployment under way is found, and waited for or told',
    proofs: [
      ecs('lock', 'a second run says who is at work'),
      ecs('native-refused', 'a deployment of somebody else under way'),
      ecs('kept', 'deployment controller '),
    ],
  },
  12: {
    wish: 'test before users come, in another job',
    proofs: [
      ecs('staged', 'stage, look at the preview, promote in another run'),
      ecs('refused', 'smoke test by command'),
    ],
  },
  13: {
    wish: 'autoscaling and the count do not fight',
    proofs: [
      ecs('autoscaling', 'deploy, deploy back, rollback: bounds and flags go along'),
      ecs('autoscaling', 'the live color grows during the health wait'),
    ],
  },
  14: {
    wish: 'the service’s deploymentConfiguration is the user’s own',
    proofs: [ecs('kept', 'capacity providers, ECS Exec, service connect')],
  },
  15: {
    wish: 'roll back to the very revision, without registering it anew',
    proofs: [ecs('rollback', 'rollback, cold'), ecs('rollback', 'rollback to a named release')],
  },
  16: {
    wish: 'one release for several services',
    proofs: [ecs('workers', 'deploy, deploy, rollback: the workers move along')],
  },
  17: { wish: 'several containers, one step', proofs: [ecs('kept', 'several containers get the tag')] },
  18: {
    wish: 'no task-definition file, only a tag',
    proofs: [ecs('deploy', 'deploy: the new release is live')],
  },
  19: {
    wish: 'fields that AWS added yesterday survive',
    proofs: [ecs('deploy', 'what the SDK does not know of a task definition survives')],
  },
  20: {
    wish: 'so does restartPolicy',
    proofs: [ecs('deploy', 'what the SDK does not know of a task definition survives')],
  },
  21: {
    wish: 'empty strings are the user’s',
    proofs: [
      ecs('deploy', 'what the SDK does not know of a task definition survives, and so do tags and empty'),
    ],
  },
  22: {
    wish: 'so are tags',
    proofs: [ecs('deploy', 'what the SDK does not know of a task definition survives, and so do tags')],
  },
  23: {
    wish: 'exit code, reason and last lines instead of [null]',
    proofs: [cause('application exit 1, at its start'), cause('out of memory')],
  },
  24: {
    wish: 'a bad file is told with its line',
    proofs: [ecs('bad-input', 'bad YAML, with its line'), ecs('bad-input', 'unknown key, with the nearest')],
  },
  25: {
    wish: 'scheduled tasks get the new revision',
    not: 'EventBridge’s targets are no part of a release here',
  },
  26: {
    wish: 'no warnings about what is as it should be',
    proofs: [ecs('deploy', 'deploy: the new release is live')],
  },
  27: { wish: 'a container that is not there: name those that are', proofs: [ecs('facts', 'row 27:')] },
  28: {
    wish: 'credentials are renewed',
    proofs: [
      ecs('credentials', 'a run that outlives its credentials several times over'),
      ecs('credentials', 'credentials of the environment that expire'),
    ],
  },
  29: {
    wish: 'crashes after RUNNING count',
    proofs: [
      cause('crash after RUNNING (139)'),
      ecs('taken-back', 'tasks that crash while users have them'),
      ecs('workers', 'a worker that crashes once users have the release'),
    ],
  },
  30: {
    wish: 'two failures are enough',
    proofs: [cause('crash after RUNNING (139)'), ecs('refused', 'crash loop')],
  },
  31: {
    wish: 'stopped tasks are recorded before ECS forgets them',
    proofs: [ecs('failures', 'what users see'), ecs('reports', 'Slack is told of a refused release')],
  },
  32: { wish: 'not "exit code: None"', proofs: [cause('application exit 1, at its start')] },
  33: {
    wish: 'never switch to a group without healthy targets, nor from weights that nobody looked at',
    proofs: [
      ecs('facts', 'row 33:'),
      ecs('listeners', 'listeners that disagree, and not by our doing, are refused'),
      ['mutation/mutants.test.ts', 'shift before the new color is healthy'],
    ],
  },
  34: {
    wish: 'autoscaling does not wake the parked color',
    proofs: [
      ecs('autoscaling', 'deploy, deploy back, rollback: bounds and flags go along, the parked color sleeps'),
    ],
  },
  35: {
    wish: 'the old side stays until the load balancer has really moved',
    proofs: [
      ecs('deploy', 'deploy: the new release is live, the old one parked, and no request failed'),
      ['mutation/mutants.test.ts', 'retire before the data plane has moved'],
    ],
  },
  36: {
    wish: 'several rules: one call each, back to back',
    proofs: [
      ecs('listeners', 'several listeners and rules move together'),
      ecs('listeners', 'one of several is refused: what has moved is given back'),
    ],
  },
  37: {
    wish: 'weights that somebody or something else has set are found',
    proofs: [
      ecs('listeners', 'listeners that disagree, and not by our doing, are refused'),
      ecs('listeners', 'the weights that users wrote'),
      ['unit/release/by-hand.test.ts', 'traffic moved back by hand while the release is watched'],
    ],
  },
  38: {
    wish: 'a slow start is no failure',
    proofs: [ecs('deploy', 'a release that takes its time to start')],
  },
  39: {
    wish: 'a time-out has a defined end',
    proofs: [
      cause('no capacity, and no patience either'),
      ecs('native-refused', 'health.timeout: what does not'),
    ],
  },
  40: {
    wish: 'digests, and registries that tell none',
    proofs: [
      ecs('digest', 'ECR tells the digest'),
      ecs('digest', 'tag and digest in the input image'),
      ecs('digest', 'ECR does not have it, or gives no answer'),
    ],
  },
};
