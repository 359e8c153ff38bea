// Loaded into an app by NODE_OPTIONS, so that a fault of the process itself can be asked for: on SIGUSR2 it does what
// the variable FAULT says.
import dns from 'node:dns';
import { isIP } from 'node:net';

const BUSY_TURN_MS = 900;

function keepBusy() {
  const end = performance.now() + BUSY_TURN_MS;
  while (performance.now() < end);
  setImmediate(keepBusy);
}

function eatMemory() {
  const eaten = [];
  for (;;) eaten.push(new Array(100_000).fill(eaten.length));
}

function silenceDns() {
  const { lookup } = dns;
  dns.lookup = (host, ...rest) => {
    // A look-up that waits keeps the process alive, as a real one does. Addresses need none.
    if (isIP(host) === 0) setInterval(() => undefined, 60_000);
    else lookup(host, ...rest);
  };
}

const FAULTS = {
  exception: () => {
    throw new Error('nobody catches this');
  },
  rejection: () => void Promise.reject(new Error('nobody awaits this')),
  memory: eatMemory,
  busy: keepBusy,
  'silent-dns': silenceDns,
};

const fault = process.env.FAULT ?? '';
if (fault === 'silent-dns-from-start') silenceDns();
else process.on('SIGUSR2', FAULTS[fault]);
