import * as core from '@actions/core';
import { createChecks } from './check/checks.ts';
import type { Environment } from './config/environment.ts';
import { type Request, secretsOf } from './inputs.ts';
import { systemClock } from './release/clock.ts';
import type { Color } from './release/color.ts';
import type { EventBody, Listener } from './release/events.ts';
import type { Policy } from './release/policy.ts';
import type { AnySession } from './release/procedure.ts';
import type { RunContext } from './report/context.ts';
import { askGitHub } from './run-status.ts';
import { state } from './state.ts';
import type { DrivenTarget } from './target/driven.ts';
import type { Target } from './target/target.ts';
import { version } from './version.ts';

export interface SessionOptions {
  readonly request: Request;
  readonly environment: Environment;
  readonly context: RunContext;
  readonly target: Target | DrivenTarget;
  readonly listener: Listener;
  readonly signal: AbortSignal;
}

/** Puts together what a run works with, from what the user asked for and wrote. */
export function openSession(options: SessionOptions): AnySession {
  const { request, environment, context, target, listener, signal } = options;
  const emit = (event: EventBody) => listener({ at: systemClock.now(), ...event });
  return {
    job: {
      operation: request.operation,
      policy: policyOf(environment),
      image: imageOf(request, environment),
      imageTag: request.imageTag,
      force: request.force,
      owner: {
        id: `${context.repository}/${context.runId}/${context.runAttempt}`,
        runUrl: context.runUrl,
        actor: context.actor,
        reason: request.reason,
        operation: request.operation,
      },
    },
    target,
    checks: createChecks({
      environment,
      version,
      workspace: workspace(),
      env: process.env,
      propagation: target.propagationMs,
      log: {
        progress: (message) => emit({ type: 'progress', message }),
        output: (line) => emit({ type: 'output', line }),
      },
    }),
    clock: systemClock,
    runStatus: askGitHub({ token: request.githubToken, serverUrl: context.serverUrl }),
    emit,
    signal,
    onPending: (handle) => state.setPending(handle),
  };
}

/** The checked-out repository. */
export const workspace = (): string => process.env['GITHUB_WORKSPACE'] ?? process.cwd();

function policyOf({ health, shift, stabilize, watch, retire, lock, target }: Environment): Policy {
  const alarms = (color: Color) => stabilize.alarms.map((name) => name.replaceAll('{color}', color));
  return {
    count: target.kind === 'docker' ? target.docker.replicas : target.ecs['desired-count'],
    health,
    shift,
    stabilize: { ...stabilize, alarms: { blue: alarms('blue'), green: alarms('green') } },
    watch,
    retire,
    lock,
  };
}

/** The full reference that is asked for; empty where the operation needs none. */
function imageOf({ image, imageTag }: Request, { target }: Environment): string {
  if (image !== '' || imageTag === '') return image;
  const repository = target.kind === 'docker' ? target.docker.image : target.ecs.image;
  return `${repository}${imageTag.startsWith('sha256:') ? '@' : ':'}${imageTag}`;
}

/** Secrets are masked before anything is logged. */
export function maskSecrets(request: Request): void {
  for (const secret of secretsOf(request)) core.setSecret(secret);
}
