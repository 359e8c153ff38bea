import { ApiProperty } from '@nestjs/swagger';
import { ERROR_CODES } from '@smart-router/http';
import { REFUSAL_REASONS } from '@smart-router/routing-store';
import { ChainAttempt } from '../calls/chain-attempt.dto';

/** The body of every error of every route. */
export class ErrorResponse {
  @ApiProperty({ example: 'call not found', description: 'What is wrong, in words.' })
  error!: string;

  @ApiProperty({
    enum: Object.keys(ERROR_CODES),
    enumName: 'ErrorCode',
    example: 'CALL_NOT_FOUND',
    description: 'Stable.',
  })
  code!: string;

  @ApiProperty({ example: '1c9e3a1e-57ac-4c41-a2f4-d5d6c8f5b1aa', description: 'As in the header X-Request-ID.' })
  request_id!: string;

  @ApiProperty({
    required: false,
    enum: REFUSAL_REASONS,
    description: 'With `NO_PODS_AVAILABLE`: of the outcomes in `chain` the one that came nearest to a pod.',
  })
  reason?: string;

  @ApiProperty({
    required: false,
    type: [ChainAttempt],
    description: 'With `NO_PODS_AVAILABLE`: every pool that was tried, in order, and why it gave no pod.',
  })
  chain?: ChainAttempt[];
}
