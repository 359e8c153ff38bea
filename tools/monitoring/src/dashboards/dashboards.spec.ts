import { DASHBOARDS, filesIn, read } from '../repository';
import { namesIn } from '../rules/promql';
import { dashboardText } from './panels';
import { PLANS } from './plans';

/** Every replica reads these from the store alike. */
const OF_THE_STORE = /\b(?:sum|avg) (?:by \([^)]*\) )?\(smart_router_(?:pool_|active_calls|oldest_|config_version)/;

it('has a file for each dashboard, and no other', () => {
  expect(filesIn(DASHBOARDS, '.json')).toEqual(PLANS.map(({ name }) => `${DASHBOARDS}/${name}.json`).sort());
});

describe.each(PLANS)('$name', (plan) => {
  const panels = plan.rows.flatMap((row) => row.panels);
  const expressions = panels.flatMap(({ queries }) => queries.map(([expr]) => expr));

  it('is as `npm run docs` writes it', () => {
    expect(read(`${DASHBOARDS}/${plan.name}.json`)).toBe(dashboardText(plan));
  });

  it('chooses every metric by namespace', () => {
    const selectors = expressions.flatMap((expr) => namesIn(expr).selectors);
    expect(selectors.length).toBeGreaterThan(8);
    expect(selectors.filter(({ labels }) => !labels.includes('namespace'))).toEqual([]);
  });

  it('never adds up what every replica reads from the store', () => {
    expect(expressions.filter((expr) => OF_THE_STORE.test(expr))).toEqual([]);
  });

  it('says of each panel what is to be seen, and names it once', () => {
    expect(panels.filter(({ says }) => !/^[A-Z0-9].{5,}\.$/.test(says)).map(({ title }) => title)).toEqual([]);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  it('names series by labels that the expression has', () => {
    const unknown = panels.flatMap(({ queries }) =>
      queries.flatMap(([expr, legend]) => {
        const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
        const kept = /\bby \(/.test(expr.replaceAll(/\bon \([^)]*\)/g, '')) ? namesIn(expr).grouping : shown;
        return shown.filter((label) => !kept.includes(label));
      }),
    );
    expect(unknown).toEqual([]);
  });
});
