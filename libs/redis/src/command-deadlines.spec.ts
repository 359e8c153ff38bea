import { jest } from '@jest/globals';
import { CommandDeadlines } from './command-deadlines';

class FakeCommand {
  isSettled = false;
  readonly errors: string[] = [];

  reject(error: Error): void {
    this.isSettled = true;
    this.errors.push(error.message);
  }
}

let deadlines: CommandDeadlines;

beforeEach(() => {
  jest.useFakeTimers();
  deadlines = new CommandDeadlines(800);
});

afterEach(() => {
  jest.useRealTimers();
});

function sent(): FakeCommand {
  const command = new FakeCommand();
  deadlines.add(command);
  return command;
}

it('rejects a command that is not answered in time, once', () => {
  const command = sent();
  jest.advanceTimersByTime(799);
  expect(command.errors).toEqual([]);
  jest.advanceTimersByTime(5_000);

  expect(command.errors).toEqual(['no answer from Redis in time']);
});

it('leaves a command alone that was answered', () => {
  const command = sent();
  command.isSettled = true;
  jest.advanceTimersByTime(5_000);

  expect(command.errors).toEqual([]);
});

it('gives each command its own time when they are sent one after the other', () => {
  const first = sent();
  jest.advanceTimersByTime(500);
  const second = sent();
  jest.advanceTimersByTime(300);
  expect([first, second].map(({ errors }) => errors.length)).toEqual([1, 0]);
  jest.advanceTimersByTime(499);
  expect(second.errors).toEqual([]);
  jest.advanceTimersByTime(1);

  expect(second.errors).toEqual(['no answer from Redis in time']);
});

it('rejects an open command when those before it and after it were answered', () => {
  const [before, open, after] = [sent(), sent(), sent()] as const;
  before.isSettled = true;
  after.isSettled = true;
  jest.advanceTimersByTime(800);

  expect([before, open, after].map(({ errors }) => errors.length)).toEqual([0, 1, 0]);
});

it('continues with commands that are sent after all others were answered or rejected', () => {
  for (let round = 0; round < 3; round++) {
    const [answered, open] = [sent(), sent()] as const;
    answered.isSettled = true;
    jest.advanceTimersByTime(800);
    expect([answered.errors.length, open.errors.length]).toEqual([0, 1]);
    jest.advanceTimersByTime(10_000);
  }
});

it('waits for nothing when all commands were answered', () => {
  sent().isSettled = true;
  jest.advanceTimersByTime(800);

  expect(jest.getTimerCount()).toBe(0);
});
