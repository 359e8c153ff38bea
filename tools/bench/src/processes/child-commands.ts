/** The child's side: carries out one command after the other, and ends with its parent. */
export type ChildAnswer<Result> =
  { readonly kind: 'done'; readonly result: Result } | { readonly kind: 'failed'; readonly reason: string };

export function serveParent<Command, Result>(carryOut: (command: Command) => Promise<Result>): void {
  const reply = (answer: ChildAnswer<Result>): void => void process.send?.(answer);
  process.on('message', (command: Command) => {
    carryOut(command).then(
      (result) => reply({ kind: 'done', result }),
      (error: unknown) =>
        reply({ kind: 'failed', reason: error instanceof Error ? String(error.stack) : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
