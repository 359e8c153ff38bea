import { allocation } from './plans/allocation';
import { leader } from './plans/leader';
import { overview } from './plans/overview';
import { pools } from './plans/pools';
import { redis } from './plans/redis';
import { runtime } from './plans/runtime';
import type { DashboardPlan } from './panels';

export const PLANS: readonly DashboardPlan[] = [overview, pools, allocation, leader, redis, runtime];
