import type { Service, Task } from '@aws-sdk/client-ecs';
import type { TargetState } from './target-health.ts';

/** How many looks in a row must find a target at fault: one answer may be about a moment. */
const LOOKS = 2;
/** How many looks in a row must find that ECS has no room: a task elsewhere may just be making some. */
const PLACEMENT_LOOKS = 20;
/** How long a load balancer may take to begin to use a target group that was attached just now, in ms. */
const ATTACHING_MS = 60_000;

/** Of one task, from look to look. */
interface Course {
  firstSeen: number;
  /** Looks in a row, and since when, that found it as it is. */
  kind: TargetState['kind'];
  looks: number;
  since: number;
  /** Its newest state that was not healthy. */
  trouble: TargetState | undefined;
}

/**
 * What one look can't tell: how long a task has been as it is. Measured by this machine's clock from look to look, as
 * AWS's clock may be another.
 */
export class Tally {
  readonly #courses = new Map<string, Course>();
  #tasks = 0;
  #looksWithoutRoom = 0;

  /** Takes note of what a look found. */
  note(running: readonly Task[], states: ReadonlyMap<string, TargetState>): void {
    const now = Date.now();
    for (const { taskArn = '', lastStatus } of running) {
      const state = states.get(taskArn);
      if (state === undefined || lastStatus !== 'RUNNING') continue;
      const former = this.#courses.get(taskArn);
      const same = former?.kind === state.kind;
      this.#courses.set(taskArn, {
        firstSeen: former?.firstSeen ?? now,
        kind: state.kind,
        looks: same ? former.looks + 1 : 1,
        since: same ? former.since : now,
        trouble: state.kind === 'sick' || state.kind === 'unreachable' ? state : former?.trouble,
      });
    }
  }

  /** Takes note of how many tasks there are, and whether ECS says that it can't place more of those that are wanted. */
  noteRoom(tasks: number, lacksRoom: boolean): void {
    this.#looksWithoutRoom = lacksRoom && tasks <= this.#tasks ? this.#looksWithoutRoom + 1 : 0;
    this.#tasks = tasks;
  }

  /** Whether waiting for room has been in vain for long enough. */
  get hasNoRoom(): boolean {
    return this.#looksWithoutRoom >= PLACEMENT_LOOKS;
  }

  /** Whether so many looks in a row found the task healthy. */
  healthyFor({ taskArn = '' }: Task, looks: number): boolean {
    const course = this.#courses.get(taskArn);
    return course?.kind === 'healthy' && course.looks >= looks;
  }

  /**
   * Running tasks whose health checks fail after the grace period: ECS is about to stop them, and the next ones, which
   * are the same, after them. Within it a slow start looks just like a failure.
   */
  sick(running: readonly Task[], { healthCheckGracePeriodSeconds = 0 }: Service): Task[] {
    return this.#lasting(running, 'sick', (course) =>
      course.looks >= LOOKS ? Date.now() - course.firstSeen >= healthCheckGracePeriodSeconds * 1_000 : false,
    );
  }

  /** Running tasks that the load balancer does not use, although their target group is attached. */
  unreachable(running: readonly Task[]): Task[] {
    return this.#lasting(
      running,
      'unreachable',
      ({ looks, since, trouble }) =>
        looks >= LOOKS &&
        (/Availability Zone/i.test(trouble?.text ?? '') || Date.now() - since >= ATTACHING_MS),
    );
  }

  /** What the load balancer last held against a task, also after it stopped. */
  trouble({ taskArn = '' }: Task): TargetState | undefined {
    return this.#courses.get(taskArn)?.trouble;
  }

  #lasting(running: readonly Task[], kind: TargetState['kind'], isLasting: (course: Course) => boolean) {
    return running.filter(({ taskArn = '' }) => {
      const course = this.#courses.get(taskArn);
      return course !== undefined && course.kind === kind && isLasting(course);
    });
  }
}
