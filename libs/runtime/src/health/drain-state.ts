import { Injectable } from '@nestjs/common';

/** Whether this process is on its way out: readiness says so, and answers ask clients to close their connections. */
@Injectable()
export class DrainState {
  private draining = false;

  get isDraining(): boolean {
    return this.draining;
  }

  begin(): void {
    this.draining = true;
  }
}
