import { ApiProperty } from '@nestjs/swagger';
import { PoolField } from '../inputs/pool-field';
import { CallSidField, OptionalMerchantIdField, ShortTextField } from '../inputs/identifier-fields';

export class AllocateRequest {
  @CallSidField()
  call_sid!: string;

  @OptionalMerchantIdField()
  merchant_id?: string | null;

  @ShortTextField('Who carries the call; recorded with it.', 'twilio')
  provider?: string | null;

  @ShortTextField('Passed on in the WebSocket URL where its template asks for it.', 'inbound')
  flow?: string | null;

  @ShortTextField('Passed on in the WebSocket URL where its template asks for it.', 'order-confirmation')
  template?: string | null;
}

export class AllocateResponse {
  @ApiProperty({ example: true, description: 'Always true.' })
  success!: boolean;

  @ApiProperty({ example: 'voice-agent-2', description: 'The pod that takes the call.' })
  pod_name!: string;

  @ApiProperty({
    example: 'wss://agents.example.com/ws/pod/voice-agent-2/CA123abc',
    description: 'Where the audio of the call goes.',
  })
  ws_url!: string;

  @ApiProperty({
    example: 'pool:standard',
    description: 'The pool that the pod was taken from: `pool:<tier>` or `merchant:<pool>`.',
  })
  source_pool!: string;

  @PoolField('The same pool by its name')
  pool!: string;

  @ApiProperty({ example: false, description: 'Whether the call had this pod before the request.' })
  was_existing!: boolean;

  @ApiProperty({
    type: 'integer',
    example: 1767225600,
    description: 'When the call got its pod, Unix time in seconds.',
  })
  allocated_at!: number;
}
