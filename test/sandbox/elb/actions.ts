/**
 * The actions of listeners and rules: what AWS refuses, the form in which it stores them, and the form in which it
 * shows them. A list is always replaced whole, so each list is checked whole.
 */
import type {
  Action,
  AuthenticateOidcActionConfig,
  FixedResponseActionConfig,
  RedirectActionConfig,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { invalidAction, validationError } from './errors.ts';
import { normalForward } from './forward-action.ts';
import type { Store } from './store.ts';

export interface ActionContext {
  readonly store: Store;
  readonly loadBalancerArn: string;
  readonly protocol: string;
  /** The list that is being replaced; undefined when listener or rule is being created. */
  readonly replaced?: readonly Action[];
}

const terminal = new Set(['forward', 'redirect', 'fixed-response']);
const authenticating = new Set(['authenticate-oidc', 'authenticate-cognito', 'jwt-validation']);
const highestOrder = 50_000;

/** Checks a list of actions, and gives it the form in which it is kept. */
export function normalActions(actions: readonly Action[] | undefined, context: ActionContext): Action[] {
  if (!actions?.length) throw validationError('At least one action must be specified');
  const ordered = inOrder(actions);
  for (const { Type } of ordered) {
    if (context.protocol === 'TCP' && Type !== 'forward')
      throw validationError(`Action type '${Type}' is not supported for TCP listeners`);
    if (!terminal.has(Type!) && !authenticating.has(Type!))
      throw validationError(`Action type '${Type}' must be a known one`);
  }
  if (ordered.filter((action) => terminal.has(action.Type!)).length !== 1) {
    throw validationError('Exactly one action of type forward, redirect or fixed-response must be specified');
  }
  if (!terminal.has(ordered.at(-1)!.Type!)) {
    throw validationError(
      'The action of type forward, redirect or fixed-response must be the last one to be performed',
    );
  }
  return ordered.map((action) => normalAction(action, context));
}

/** Actions as Describe shows them: never a client secret, nor whether one is to be kept. */
export function shownActions(actions: readonly Action[]): Action[] {
  return structuredClone([...actions]).map((action) => {
    if (action.AuthenticateOidcConfig) {
      delete action.AuthenticateOidcConfig.ClientSecret;
      delete action.AuthenticateOidcConfig.UseExistingClientSecret;
    }
    return action;
  });
}

function inOrder(actions: readonly Action[]): Action[] {
  const orders = actions.map((action) => action.Order);
  for (const order of orders) {
    if (order !== undefined && (!Number.isInteger(order) || order < 1 || order > highestOrder)) {
      throw validationError(`The order '${order}' of an action must be between 1 and ${highestOrder}`);
    }
  }
  if (actions.length > 1 && (orders.includes(undefined) || new Set(orders).size < orders.length)) {
    throw validationError('Each action of a list with several must have an order of its own');
  }
  return structuredClone([...actions]).sort((one, other) => (one.Order ?? 0) - (other.Order ?? 0));
}

function normalAction(action: Action, context: ActionContext): Action {
  if (authenticating.has(action.Type!) && context.protocol !== 'HTTPS') {
    throw invalidAction(`Actions of type '${action.Type}' are supported only on HTTPS listeners`);
  }
  const order = action.Order === undefined ? {} : { Order: action.Order };
  switch (action.Type) {
    case 'forward':
      return normalForward(action, context.loadBalancerArn, context.store);
    case 'fixed-response':
      return {
        Type: action.Type,
        ...order,
        FixedResponseConfig: normalFixedResponse(action.FixedResponseConfig),
      };
    case 'redirect':
      return { Type: action.Type, ...order, RedirectConfig: normalRedirect(action.RedirectConfig) };
    case 'authenticate-oidc':
      return {
        Type: action.Type,
        ...order,
        AuthenticateOidcConfig: normalOidc(action.AuthenticateOidcConfig, context.replaced),
      };
    default:
      return action;
  }
}

function normalFixedResponse(config: FixedResponseActionConfig | undefined): FixedResponseActionConfig {
  if (!config || !/^[245]\d\d$/.test(config.StatusCode ?? '')) {
    throw validationError('A fixed response must have a status code of 2XX, 4XX or 5XX');
  }
  if ((config.MessageBody?.length ?? 0) > 1024)
    throw validationError('The message body must have at most 1024 characters');
  return config;
}

/** AWS answers with every part filled in; the placeholders keep what the request had. */
function normalRedirect(config: RedirectActionConfig | undefined): RedirectActionConfig {
  if (!config || !/^HTTP_30[12]$/.test(config.StatusCode ?? '')) {
    throw validationError('A redirect must have the status code HTTP_301 or HTTP_302');
  }
  const {
    Protocol = '#{protocol}',
    Port = '#{port}',
    Host = '#{host}',
    Path = '/#{path}',
    Query = '#{query}',
  } = config;
  if (Protocol === '#{protocol}' && Port === '#{port}' && Host === '#{host}' && Path === '/#{path}') {
    throw invalidAction('The redirect configuration is not valid because it creates a loop');
  }
  return { Protocol, Port, Host, Path, Query, StatusCode: config.StatusCode };
}

/** The secret can be kept when modifying, and must be given when creating; AWS refuses both at once, and neither. */
function normalOidc(
  config: AuthenticateOidcActionConfig | undefined,
  replaced: readonly Action[] | undefined,
): AuthenticateOidcActionConfig {
  for (const name of [
    'Issuer',
    'AuthorizationEndpoint',
    'TokenEndpoint',
    'UserInfoEndpoint',
    'ClientId',
  ] as const) {
    if (!config?.[name]) throw validationError(`${name} must be specified for an authenticate-oidc action`);
  }
  const { UseExistingClientSecret = false, ...rest } = config!;
  if (rest.ClientSecret && UseExistingClientSecret) {
    throw invalidAction('You cannot both specify a client secret and set UseExistingClientSecret to true');
  }
  const kept = replaced?.find((action) => action.Type === 'authenticate-oidc')?.AuthenticateOidcConfig
    ?.ClientSecret;
  const secret = rest.ClientSecret ?? (UseExistingClientSecret ? kept : undefined);
  if (!secret) {
    throw invalidAction(
      'You must either specify a client secret or set UseExistingClientSecret to true on a rule that has one',
    );
  }
  return {
    SessionCookieName: 'AWSELBAuthSessionCookie',
    Scope: 'openid',
    SessionTimeout: 604_800,
    OnUnauthenticatedRequest: 'authenticate',
    ...rest,
    ClientSecret: secret,
  };
}
