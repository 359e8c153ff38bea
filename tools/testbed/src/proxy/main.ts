import { parseArgs } from 'node:util';
import { startControlServer } from './control-server';
import { TcpFaultProxy } from './tcp-fault-proxy';

// A fault proxy until Ctrl-C, for scripts and for trying things out by hand. The first line of its output names the
// ports: {"proxy_port":6400,"control_port":6401}

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    port: { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
  },
});

if (values.target === undefined) {
  process.stderr.write('usage: fault-proxy --target host:port [--port 6400] [--control-port 6401]\n');
  process.exit(2);
}
const proxy = await TcpFaultProxy.start({ target: values.target, port: Number(values.port) });
const control = await startControlServer(proxy, Number(values['control-port']));
process.stdout.write(`${JSON.stringify({ proxy_port: proxy.port, control_port: control.port })}\n`);
