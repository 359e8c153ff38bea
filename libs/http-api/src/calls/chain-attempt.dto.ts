import { ApiProperty } from '@nestjs/swagger';
import { SKIP_REASONS } from '@smart-router/routing-store';

export class ChainAttempt {
  @ApiProperty({ example: 'standard', description: 'A tier, or `merchant:<pool>`.' })
  pool!: string;

  @ApiProperty({
    enum: ['granted', ...SKIP_REASONS],
    example: 'granted',
    description:
      'What the pool answered. `full`: its pods that may take calls have as many as they may. `not_ready`: of its pods ' +
      'those that do not drain are not ready. `draining`: all its pods drain. `unknown`: some drain, and whether the ' +
      'others are full or not ready was not looked at. `no_pods`: it has none. `unknown_pool`: the store has no such ' +
      'pool. `wrong_type`: something else stands under a key of the pool.',
  })
  outcome!: string;
}
