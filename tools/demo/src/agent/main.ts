import { Agent } from './agent';

// One voice agent: agent/main.js <pod name> <address> <URL of the API>

const [podName = '', host = '', apiUrl = ''] = process.argv.slice(2);
const agent = new Agent({ podName, apiUrl });
await agent.listen(host);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
