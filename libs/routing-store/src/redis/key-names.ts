/** Keys that are named outside the scripts. The scripts spell theirs in `scripts/includes/keys.lua`. */
export class KeyNames {
  readonly pools: string;
  readonly pods: string;
  readonly leaseEnds: string;
  readonly era: string;
  readonly instance: string;
  readonly leader: string;
  readonly nextEpoch: string;
  readonly lease: string;
  readonly merchantConfig: string;
  readonly tierConfig: string;
  readonly tierConfigVersion: string;
  readonly tierConfigHistory: string;
  readonly changes: string;
  /** Never written: commands on it prove that the server takes writes. */
  readonly probe: string;

  /** @param prefix what every key starts with; on a cluster it holds a hash tag, as in `{voice}:` */
  constructor(readonly prefix: string) {
    this.pools = `${prefix}pools`;
    this.pods = `${prefix}pods`;
    this.leaseEnds = `${prefix}calls:expiry`;
    this.era = `${prefix}era`;
    this.instance = `${prefix}instance`;
    this.leader = `${prefix}leader`;
    this.nextEpoch = `${prefix}leader:epoch:next`;
    this.lease = `${prefix}leader:lease`;
    this.merchantConfig = `${prefix}merchant:config`;
    this.tierConfig = `${prefix}tier:config`;
    this.tierConfigVersion = `${prefix}tier:config:version`;
    this.tierConfigHistory = `${prefix}tier:config:history`;
    this.changes = `${prefix}changes`;
    this.probe = `${prefix}probe`;
  }

  call(callSid: string): string {
    return `${this.prefix}call:${callSid}`;
  }

  pod(podName: string): string {
    return `${this.prefix}pod:${podName}`;
  }

  /** The publish/subscribe channel of a hint. */
  channel(hint: string): string {
    return `${this.prefix}hint:${hint}`;
  }
}
