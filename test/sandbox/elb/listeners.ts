/** CreateListener, DescribeListeners, ModifyListener, DeleteListener. */
import type {
  CreateListenerCommandInput,
  DescribeListenersCommandInput,
  Listener,
  ModifyListenerCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError, type Operations } from '../contract.ts';
import { normalActions, shownActions } from './actions.ts';
import { isNetwork, listenerArn, ruleArn } from './arns.ts';
import { validationError } from './errors.ts';
import { page } from './pages.ts';
import type { ListenerRecord, Protocol, Store } from './store.ts';
import { checkTags } from './tags.ts';

/** What the control plane asks of the data plane. */
export interface DataPlane {
  /** Opens the listener's sockets, on one port of every node. A listener without a port of its own gets that one. */
  open(listener: ListenerRecord): Promise<void>;
  /** Sends the listener's present configuration on its way to the nodes. */
  push(listener: ListenerRecord): void;
  shut(listenerArn: string): void;
}

const defaultPolicy = 'ELBSecurityPolicy-TLS13-1-2-2021-06';

/** The operations on listeners. */
export function listenerOperations(store: Store, dataPlane: DataPlane): Operations {
  return {
    async CreateListener(input: CreateListenerCommandInput) {
      checkPort(input.Port);
      return { Listeners: [await createListener(store, dataPlane, input)] };
    },

    DescribeListeners({ LoadBalancerArn, ListenerArns = [], ...paging }: DescribeListenersCommandInput) {
      if (!LoadBalancerArn && ListenerArns.length === 0) {
        throw validationError('You must specify either listener ARNs or a load balancer ARN');
      }
      if (LoadBalancerArn) store.loadBalancer(LoadBalancerArn);
      const wanted =
        ListenerArns.length > 0
          ? ListenerArns.map((arn) => store.listener(arn))
          : [...store.listeners.values()].filter((listener) => listener.loadBalancerArn === LoadBalancerArn);
      const { items, NextMarker } = page(wanted, paging);
      return { Listeners: items.map(shownListener), NextMarker };
    },

    ModifyListener(input: ModifyListenerCommandInput) {
      const listener = store.listener(input.ListenerArn!);
      const protocol =
        input.Protocol === undefined ? listener.protocol : checkProtocol(input.Protocol, listener.arn);
      const certificates = input.Certificates ?? listener.certificates;
      checkCertificates(protocol, certificates);
      const port = input.Port === undefined ? listener.port : checkPort(input.Port);
      if (port !== listener.port) checkFree(store, listener.loadBalancerArn, port);
      // Everything that is named is checked before anything is changed; the list of actions is replaced whole.
      const context = {
        store,
        loadBalancerArn: listener.loadBalancerArn,
        protocol,
        replaced: listener.defaultActions,
      };
      const defaultActions = input.DefaultActions
        ? normalActions(input.DefaultActions, context)
        : listener.defaultActions;
      Object.assign(listener, {
        protocol,
        certificates,
        port,
        defaultActions,
        sslPolicy: input.SslPolicy ?? listener.sslPolicy,
      });
      dataPlane.push(listener);
      return { Listeners: [shownListener(listener)] };
    },

    DeleteListener({ ListenerArn }: { ListenerArn?: string }) {
      const listener = store.listener(ListenerArn!);
      removeListener(store, dataPlane, listener);
      return {};
    },
  };
}

/**
 * Creates a listener and opens its sockets. Without a port (the API insists on one), it shows the port that it really
 * listens on, so that the load balancer's name and port can be dialed.
 */
export async function createListener(
  store: Store,
  dataPlane: DataPlane,
  input: CreateListenerCommandInput,
): Promise<Listener> {
  const { LoadBalancerArn: loadBalancerArn = '', Tags = [], Certificates = [] } = input;
  const arn = listenerArn(store.loadBalancer(loadBalancerArn).LoadBalancerArn!);
  const protocol = checkProtocol(input.Protocol, arn);
  checkTags(Tags);
  checkCertificates(protocol, Certificates);
  if (input.Port) checkFree(store, loadBalancerArn, input.Port);
  const listener: ListenerRecord = {
    arn,
    loadBalancerArn,
    defaultRuleArn: ruleArn(arn),
    port: input.Port ?? 0,
    protocol,
    certificates: Certificates,
    sslPolicy: protocol === 'HTTPS' ? (input.SslPolicy ?? defaultPolicy) : undefined,
    defaultActions: normalActions(input.DefaultActions, { store, loadBalancerArn, protocol }),
    rules: new Map(),
  };
  store.listeners.set(arn, listener);
  store.setTags(arn, Tags);
  await dataPlane.open(listener);
  return shownListener(listener);
}

/** Takes a listener away, with its rules and all their tags. */
export function removeListener(store: Store, dataPlane: DataPlane, listener: ListenerRecord): void {
  for (const arn of [listener.arn, listener.defaultRuleArn, ...listener.rules.keys()]) store.tags.delete(arn);
  store.listeners.delete(listener.arn);
  dataPlane.shut(listener.arn);
}

function shownListener(listener: ListenerRecord): Listener {
  const secure = listener.protocol === 'HTTPS';
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.loadBalancerArn,
    Port: listener.port,
    Protocol: listener.protocol,
    ...(secure
      ? {
          Certificates: [...listener.certificates],
          SslPolicy: listener.sslPolicy,
          MutualAuthentication: { Mode: 'off' },
        }
      : {}),
    DefaultActions: shownActions(listener.defaultActions),
  };
}

/** Of the protocols of network load balancers there is TCP only. */
function checkProtocol(protocol: string | undefined, arn: string): Protocol {
  const known: readonly Protocol[] = isNetwork(arn) ? ['TCP'] : ['HTTPS', 'HTTP'];
  const found = known.find((one) => one === protocol);
  if (found !== undefined) return found;
  throw validationError(`Listener protocol '${protocol}' must be one of '${known.join(', ')}'`);
}

function checkPort(port: number | undefined): number {
  if (Number.isInteger(port) && port! >= 1 && port! <= 65_535) return port!;
  throw validationError(`Listener port '${port}' must be between 1 and 65535`);
}

function checkCertificates(protocol: string, certificates: readonly unknown[] | undefined): void {
  if (protocol === 'HTTPS' && !certificates?.length) {
    throw new ApiError('CertificateNotFound', 'A certificate must be specified for HTTPS listeners');
  }
}

function checkFree(store: Store, loadBalancerArn: string, port: number): void {
  for (const other of store.listeners.values()) {
    if (other.loadBalancerArn === loadBalancerArn && other.port === port) {
      throw new ApiError(
        'DuplicateListener',
        'A listener already exists on this port for this load balancer',
      );
    }
  }
}
