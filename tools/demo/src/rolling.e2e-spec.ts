import { execFileSync } from 'node:child_process';
import { waitFor } from '@smart-router/testbed';
import { NO_TROUBLE, RunningDemo } from './testing/running-demo';

/** Fifty on a machine that does nothing else: `ROLLING_CALLS_PER_SECOND=50`. */
const CALLS_PER_SECOND = process.env['ROLLING_CALLS_PER_SECOND'] ?? '15';
const LOADED = ['--agents', '8', '--calls-per-second', CALLS_PER_SECOND, '--call-seconds', '0.6'];

/** What operators run by hand, with the address of the demo's Redis. */
const healthCheck = (host: string): string => `
  echo "=== Pool State ==="
  for tier in gold standard basic overflow; do
    echo "--- $tier ---"
    echo "Assigned:" $(redis-cli -h ${host} SMEMBERS voice:pool:$tier:assigned)
    if [ "$tier" = "basic" ]; then
      echo "Available (ZSET):" $(redis-cli -h ${host} ZRANGE voice:pool:$tier:available 0 -1 WITHSCORES)
    else
      echo "Available (SET):" $(redis-cli -h ${host} SMEMBERS voice:pool:$tier:available)
    fi
  done
  echo ""
  echo "=== Pod Status ==="
  for i in 0 1 2 3 4; do
    STATUS=$(redis-cli -h ${host} HGET voice:pod:voice-agent-$i status)
    TIER=$(redis-cli -h ${host} GET voice:pod:tier:voice-agent-$i)
    CALL=$(redis-cli -h ${host} HGET voice:pod:voice-agent-$i allocated_call_sid)
    DRAIN=$(redis-cli -h ${host} EXISTS voice:pod:draining:voice-agent-$i)
    LEASE=$(redis-cli -h ${host} GET voice:lease:voice-agent-$i)
    echo "voice-agent-$i: tier=$TIER status=$STATUS call=$CALL draining=$DRAIN lease=$LEASE"
  done
  echo ""
  echo "=== Active Calls ==="
  redis-cli -h ${host} KEYS "voice:call:*"
  echo ""
  echo "=== Active Leases ==="
  redis-cli -h ${host} KEYS "voice:lease:*"
`;

describe(`npm run demo with ${CALLS_PER_SECOND} calls a second`, () => {
  let demo: RunningDemo;

  beforeAll(async () => {
    demo = await RunningDemo.start(LOADED);
    demo.noteFolder();
  });

  afterAll(() => demo?.dispose());

  it('fails no allocation and cuts no call when everything is rolled', async () => {
    demo.press('r');
    await demo.line(/everything was replaced/, 280_000);

    expect((await demo.figures()).troubles).toBe(NO_TROUBLE);
  });

  it('shows pools, pods and calls when the keys of Redis are read by hand', () => {
    const output = execFileSync('sh', ['-c', healthCheck(demo.redisHost)], { encoding: 'utf8' });

    expect(output).toMatch(/--- gold ---\nAssigned:( voice-agent-\d)+\n/);
    expect(output).toMatch(/Available \(ZSET\):( voice-agent-\d \d+)+\n/);
    expect(output.match(/voice-agent-[0-4]: tier=\w+ status=\w+ call=\S* draining=[01] lease=\S*/g)).toHaveLength(5);
    expect(output).toMatch(/voice:call:\S+/);
    expect(output).not.toMatch(/ERR|WRONGTYPE/);
  });

  it('cuts no live call when Redis is restarted, and places calls again', async () => {
    demo.press('s');
    await demo.line(/stopping Redis/);
    demo.press('s');
    await demo.line(/Redis is back/);
    const areCallsPlaced = async (): Promise<boolean> => {
      const before = await demo.figures();
      const after = await demo.figures();
      return after.placed > before.placed && after.troubles === before.troubles;
    };
    await waitFor(areCallsPlaced, { timeoutMs: 120_000, description: 'calls to be placed as before' });

    expect((await demo.figures()).troubles).toMatch(/cut 0 {2}wrong pod 0$/);
  });

  it('leaves nothing when it is interrupted', async () => {
    expect(await demo.signal('SIGINT')).toBe(0);

    await demo.hasLeftNothing();
  });
});
