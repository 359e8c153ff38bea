import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { CallSidField, ConfiguredMerchantIdField, PodNameField } from './identifier-fields';

export class CallPath {
  @CallSidField()
  call_sid!: string;
}

export class PodPath {
  @PodNameField()
  pod_name!: string;
}

export class VersionPath {
  @ApiProperty({ type: 'integer', minimum: 0, example: 2, description: 'A version of the tier config.' })
  @Matches(/^\d{1,15}$/, { message: 'must be a whole number, 0 or more' })
  version!: string;
}

export class MerchantPath {
  @ConfiguredMerchantIdField()
  merchant_id!: string;
}

export class MerchantVersionPath extends MerchantPath {
  @ApiProperty({ type: 'integer', minimum: 1, example: 2, description: 'A version of the config.' })
  @Matches(/^\d{1,15}$/, { message: 'must be a whole number, 0 or more' })
  version!: string;
}
