/** No request makes more round trips than this, so each of them may take that part of the request's deadline. */
const ROUND_TRIPS_PER_REQUEST = 3;

/** How long a command to the store may take. Its caller is answered then, whatever becomes of the command. */
export function commandTimeoutMs(requestDeadlineMs: number): number {
  return Math.floor(requestDeadlineMs / ROUND_TRIPS_PER_REQUEST);
}
