import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

export interface SamplerChoice {
  /** `parent`: a request whose sender says whether its trace is sampled is treated alike. */
  readonly follows: 'parent' | 'nobody';
  /** The share of all other traces, from 0 to 1. */
  readonly ratio: number;
}

export function samplerOf({ follows, ratio }: SamplerChoice): Sampler {
  const root = rootSampler(ratio);
  return follows === 'parent' ? new ParentBasedSampler({ root }) : root;
}

function rootSampler(ratio: number): Sampler {
  if (ratio === 1) return new AlwaysOnSampler();
  return ratio === 0 ? new AlwaysOffSampler() : new TraceIdRatioBasedSampler(ratio);
}
