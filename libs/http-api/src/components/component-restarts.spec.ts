import { Test } from '@nestjs/testing';
import type { Logger } from '@smart-router/logging';
import { RecordingLogger } from '@smart-router/logging/testing';
import { OPERATOR } from '@smart-router/routing-store/testing';
import { ManualClock } from '@smart-router/scheduling/testing';
import { activateSettings, loadSettings } from '@smart-router/settings';
import { StartupManager, StartupModule } from '@smart-router/startup/nest';
import { ComponentRestarts } from './component-restarts';

/** A process with `http`, which everything that has to do with a connection depends on, and one that hangs on demand. */
async function createProcess(hangs: () => boolean) {
  activateSettings(loadSettings({ LOG_LEVEL: 'fatal' }, 'smart-router'));
  const module = await Test.createTestingModule({ imports: [StartupModule] }).compile();
  const manager = module.get(StartupManager, { strict: false });
  const trace: string[] = [];
  const init = (name: string) => () => void trace.push(name);
  manager.register({ name: 'slow', priority: 'LOW', init: () => (hangs() ? new Promise(() => undefined) : undefined) });
  manager.register({ name: 'store', priority: 'CRITICAL', init: init('store') });
  manager.register({ name: 'http', priority: 'CRITICAL', dependencies: ['store'], init: init('http') });
  return { manager, module, trace };
}

describe('ComponentRestarts', () => {
  const clock = new ManualClock();
  const records: unknown[] = [];
  const restartsOf = (manager: StartupManager) =>
    new ComponentRestarts({
      ...{ manager, clock, instance: 'router-a', logger: new RecordingLogger() as unknown as Logger },
      changes: { record: async (_, content) => void records.push(content) },
    });

  it('refuses while the start is not over', async () => {
    const { manager, module } = await createProcess(() => true);
    await manager.start();
    await expect(restartsOf(manager).restart('store', OPERATOR)).rejects.toMatchObject({
      code: 'COMPONENTS_BUSY',
      message: 'components busy: the start of this process is not over',
    });
    await module.close();
  });

  it('answers at once when the connection of the answer is restarted, too, and restarts it then', async () => {
    const { manager, module, trace } = await createProcess(() => false);
    await manager.start();
    await manager.settled();
    const answer = await restartsOf(manager).restart('store', OPERATOR);
    expect(answer).toMatchObject({ completed: false, restarted: ['store', 'http'], report: { status: 'SUCCESS' } });
    await manager.reinitialize('config');
    expect(trace).toEqual(['store', 'http', 'store', 'http']);
    expect(records).toHaveLength(1);
    await module.close();
  });

  it('answers after 10 s when a restart takes longer', async () => {
    let hangs = false;
    const { manager, module } = await createProcess(() => hangs);
    await manager.start();
    await manager.settled();
    hangs = true;
    const answer = restartsOf(manager).restart('slow', OPERATOR);
    await clock.advance(10_000);
    expect(await answer).toMatchObject({ completed: false, restarted: ['slow'], report: { status: 'RUNNING' } });
    await module.close();
  });
});
