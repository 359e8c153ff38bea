import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { absolute, DASHBOARDS } from '../repository';
import { dashboardText } from './panels';
import { PLANS } from './plans';

// Run by `npm run docs`, never with the tests.
it.each(PLANS)('writes $name.json', (plan) => {
  writeFileSync(join(absolute(DASHBOARDS), `${plan.name}.json`), dashboardText(plan));
});
