import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { RequestRecord } from '../sandbox/wire/server.ts';
import type { ActionRun } from './runner.ts';

/** Calls that AWS took which may change something. AddTags renews the lease, as often as the run is long. */
export const changing = (requests: readonly RequestRecord[]): readonly RequestRecord[] =>
  requests.filter(
    ({ operation, status }) =>
      status === 200 && !/^(Describe|List|Get|BatchGet|Assume|AddTags$)/.test(operation),
  );

export const planOf = (run: ActionRun): { readonly calls: readonly string[] } & Record<string, unknown> =>
  run.report.plan;

/** `ecs:UpdateService shop-green: …` as what it comes to: the operation, on what, and what it sets. */
export function asPlanned(call: string): string {
  const [, what = '', text = ''] = /^(\S+ .+?): (.*)$/.exec(call) ?? [call, call];
  const count = /desiredCount (\d+)/.exec(text)?.[1];
  const weights = /^blue (\d+), green (\d+)/.exec(text);
  const one = /^(blue|green) \d+$/.exec(text);
  const scaling = /^min \d+, max \d+, suspended \S+$/.exec(text);
  return [
    what.replace(/^(\S+) the preview rule at priority \d+$/, '$1 preview'),
    ...(count === undefined ? [] : [`x ${count}`]),
    ...(/forceNewDeployment/.test(text) ? ['anew'] : []),
    ...(weights === null ? [] : [`${weights[1]}/${weights[2]}`]),
    ...(one === null ? [] : [`${one[1]} only`]),
    ...(scaling === null ? [] : [`suspended ${text.split(' ').at(-1)}`]),
  ].join(' ');
}

/** The same of a call that was made. */
export function asMade(
  { service, operation, input }: RequestRecord,
  { groups, listeners }: { groups: { blue: string; green: string }; listeners: readonly string[] },
): string {
  const name = `${service}:${operation}`;
  const last = (text: unknown) => String(text).split('/').at(-1);
  switch (operation) {
    case 'RegisterTaskDefinition':
      return `${name} ${input['family']}`;
    case 'UpdateService':
      return [
        `${name} ${input['service']}`,
        ...(input['desiredCount'] === undefined ? [] : [`x ${input['desiredCount']}`]),
        ...(input['forceNewDeployment'] === true ? ['anew'] : []),
      ].join(' ');
    case 'RegisterScalableTarget': {
      const state = (input['SuspendedState'] ?? {}) as Record<string, boolean>;
      const processes = [
        ...(state['DynamicScalingInSuspended'] ? ['in'] : []),
        ...(state['DynamicScalingOutSuspended'] ? ['out'] : []),
        ...(state['ScheduledScalingSuspended'] ? ['scheduled'] : []),
      ];
      return `${name} ${last(input['ResourceId'])} suspended ${processes.join('+') || 'none'}`;
    }
    case 'TagResource':
    case 'UntagResource':
      return `${name} ${last(input['resourceArn'])}`;
    case 'ContinueServiceDeployment':
      return `${name} ${String(input['serviceDeploymentArn']).split('/').at(-2)}`;
    case 'CreateRule':
    case 'DeleteRule':
      return `${name} preview`;
    case 'ModifyListener':
    case 'ModifyRule': {
      const arn = String(input['ListenerArn'] ?? input['RuleArn']);
      if (!listeners.includes(arn)) return `${name} preview`;
      const actions = (input['DefaultActions'] ?? input['Actions']) as Action[];
      const forward = actions.find(({ Type }) => Type === 'forward');
      const weightOf = (group: string) =>
        forward?.ForwardConfig?.TargetGroups?.find(({ TargetGroupArn }) => TargetGroupArn === group)?.Weight;
      const [blue, green] = [weightOf(groups.blue), weightOf(groups.green)];
      const weights =
        blue === undefined ? 'green only' : green === undefined ? 'blue only' : `${blue}/${green}`;
      return `${name} ${arn.slice(arn.indexOf('listener'))} ${weights}`;
    }
    default:
      return name;
  }
}
