import { formatOperation, parseOperation } from './history-lines';
import { granted, unanswered } from './testing/operations';

it.each([granted('CA1', 'voice-agent-0', [1, 2]), unanswered('release', 'CA1', 3)])(
  'reads back what it wrote',
  (operation) => {
    const line = formatOperation(operation);

    expect(line).not.toContain('\n');
    expect(parseOperation(line)).toEqual(operation);
  },
);
