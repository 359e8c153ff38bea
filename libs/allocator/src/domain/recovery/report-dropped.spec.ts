import { RecordingLogger } from '@smart-router/logging/testing';
import type { JournalEntryKind } from './grant-journal';
import { reportDropped } from './report-dropped';

describe('reportDropped', () => {
  it('counts each entry, and logs once a minute', () => {
    const counted: JournalEntryKind[] = [];
    const logger = new RecordingLogger();
    const report = reportDropped({ entryDropped: (kind) => counted.push(kind) }, logger);
    report('grant', 0);
    report('end', 59_999);
    expect(logger.messages('warn')).toHaveLength(1);
    report('unknown-end', 60_000);
    expect(logger.messages('warn')).toHaveLength(2);
    expect(counted).toEqual(['grant', 'end', 'unknown-end']);
  });
});
