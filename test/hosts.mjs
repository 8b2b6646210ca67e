// Names for the sandbox's load balancers: what DNS does for real ones. Loaded into the action with
// NODE_OPTIONS=--import; SANDBOX_HOSTS is `name=address,address;name=...`.
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

const hosts = new Map(
  (process.env.SANDBOX_HOSTS ?? '')
    .split(';')
    .filter((entry) => entry.includes('='))
    .map((entry) => {
      const [name, addresses] = entry.split('=');
      return [name, addresses.split(',').map((address) => ({ address, family: 4 }))];
    }),
);

const { lookup } = dns;
dns.lookup = (name, options, callback) => {
  const known = hosts.get(name);
  if (known === undefined) return lookup(name, options, callback);
  const [settings, done] = typeof options === 'function' ? [{}, options] : [options, callback];
  if (settings.all) process.nextTick(done, null, known);
  else process.nextTick(done, null, known[0].address, known[0].family);
};

const promised = dns.promises.lookup;
dns.promises.lookup = async (name, options = {}) => {
  const known = hosts.get(name);
  if (known === undefined) return promised(name, options);
  return options.all ? known : known[0];
};
syncBuiltinESMExports();
