import { CallSidField, MerchantIdField, PodNameField } from './identifier-fields';

export class CallPath {
  @CallSidField()
  call_sid!: string;
}

export class PodPath {
  @PodNameField()
  pod_name!: string;
}

export class MerchantPath {
  @MerchantIdField()
  merchant_id!: string;
}
