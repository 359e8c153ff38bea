import type { Exchange } from './exchange';
import type { Fault } from './fault';
import { plannedError, refuse } from './refusal';

/** What of a fault happens before the request is done. @returns whether it takes the place of an answer */
export async function happensInstead(exchange: Exchange, fault: Fault): Promise<boolean> {
  switch (fault.kind) {
    case 'reset':
      exchange.request.socket.resetAndDestroy();
      return true;
    case 'hang':
      return true;
    case 'status':
      refuse(exchange, plannedError(fault));
      return true;
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      return exchange.response.destroyed;
    default:
      return false;
  }
}
