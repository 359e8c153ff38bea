const POLL_INTERVAL_MS = 20;

/**
 * Asks again and again until the condition holds or the time is over. What it throws counts as "not yet".
 * @returns whether it held in time
 */
export async function eventually(
  condition: () => Promise<boolean>,
  timeoutMs: number,
  onError: (error: unknown) => void = () => undefined,
): Promise<boolean> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const holds = await condition().catch((error: unknown) => {
      onError(error);
      return false;
    });
    if (holds || performance.now() >= endMs) return holds;
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
}
