/** Something that is measured once per round. */
export type Contestant<Result> = (round: number) => Promise<Result>;

/**
 * Measures all contestants in every round, one after the other and each round in the opposite order, so that neither
 * a slow minute of the machine nor the place in the order favours one of them.
 * @returns per contestant its results, in the order of the rounds
 */
export async function inRounds<Name extends string, Result>(
  rounds: number,
  contestants: Readonly<Record<Name, Contestant<Result>>>,
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(contestants) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as Result[]])) as Record<Name, Result[]>;
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? names : names.toReversed();
    for (const name of order) results[name].push(await contestants[name](round));
  }
  return results;
}
