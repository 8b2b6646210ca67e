/** Where a request goes: the first rule whose conditions all hold, and what its last action says. */
import type {
  Action,
  ForwardActionConfig,
  RedirectActionConfig,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { matches, type RequestFacts } from './conditions.ts';
import type { Configuration } from './propagation.ts';

export interface ForwardDecision {
  readonly kind: 'forward';
  readonly targetGroupArn: string;
  readonly stickForSeconds?: number;
}

export type Decision =
  | ForwardDecision
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly body: string;
    }
  /** Every weight is 0: nobody is there to answer. */
  | { readonly kind: 'nowhere' };

/** What is not in the configuration. `stuckTo` is the group that the client's stickiness cookie names. */
export interface Chance {
  readonly random: () => number;
  readonly stuckTo: string | undefined;
}

/** Decides on a request. Actions that authenticate are passed over: nobody logs in to a sandbox. */
export function route(configuration: Configuration, request: RequestFacts, chance: Chance): Decision {
  const rule = configuration.rules.find(({ conditions }) =>
    conditions.every((condition) => matches(condition, request)),
  )!;
  const action = rule.actions.at(-1)!;
  switch (action.Type) {
    case 'fixed-response':
      return fixedResponse(action);
    case 'redirect':
      return redirect(action.RedirectConfig!, configuration, request);
    default:
      return forward(action.ForwardConfig!, chance);
  }
}

/**
 * Chance decides by weight alone: AWS does not fail over to another group when the chosen one has no healthy target.
 * A client that is stuck to a group stays there until its cookie ends. Whether weight 0 overrides the cookie is not
 * documented, nor whether each answer renews it; here it does not, and each does: the harder case for whoever takes a
 * color away.
 */
function forward(
  { TargetGroups = [], TargetGroupStickinessConfig }: ForwardActionConfig,
  chance: Chance,
): Decision {
  const sticky = TargetGroupStickinessConfig?.Enabled && TargetGroups.length > 1;
  const stickForSeconds = sticky ? TargetGroupStickinessConfig!.DurationSeconds : undefined;
  if (sticky && TargetGroups.some((group) => group.TargetGroupArn === chance.stuckTo)) {
    return { kind: 'forward', targetGroupArn: chance.stuckTo!, stickForSeconds };
  }
  let rest = chance.random() * TargetGroups.reduce((sum, group) => sum + group.Weight!, 0);
  const chosen = TargetGroups.find((group) => {
    rest -= group.Weight!;
    return rest < 0;
  });
  if (!chosen) return { kind: 'nowhere' };
  return { kind: 'forward', targetGroupArn: chosen.TargetGroupArn!, stickForSeconds };
}

function fixedResponse({ FixedResponseConfig }: Action): Decision {
  const { StatusCode, ContentType = 'text/plain', MessageBody = '' } = FixedResponseConfig!;
  return {
    kind: 'answer',
    status: Number(StatusCode),
    headers: { 'content-type': ContentType },
    body: MessageBody,
  };
}

function redirect(
  config: RedirectActionConfig,
  { protocol, port }: Configuration,
  request: RequestFacts,
): Decision {
  const parts: Record<string, string> = {
    protocol: protocol.toLowerCase(),
    host: request.host.replace(/:\d+$/, ''),
    port: String(port),
    path: request.path.slice(1),
    query: request.query.toString(),
  };
  const fill = (template: string) =>
    template.replace(/#\{(protocol|host|port|path|query)\}/g, (_, name) => parts[name]!);
  const query = fill(config.Query!);
  const location = `${fill(config.Protocol!).toLowerCase()}://${fill(config.Host!)}:${fill(config.Port!)}${fill(config.Path!)}${query ? `?${query}` : ''}`;
  return {
    kind: 'answer',
    status: Number(config.StatusCode!.slice('HTTP_'.length)),
    headers: { location },
    body: '',
  };
}
