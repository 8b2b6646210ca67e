// Pauses of seconds, as between tries for a host that is gone, take a twentieth of their time. Loaded into the action
// with NODE_OPTIONS=--import.
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

const { setTimeout } = timers;
timers.setTimeout = (ms, ...rest) => setTimeout(ms >= 500 ? ms / 20 : ms, ...rest);
syncBuiltinESMExports();
