import { parse } from 'yaml';
import { ALERTS, filesIn, read, RULES_TESTS } from '../repository';

/** An alert as its file has it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly AlertRule[] }[];
}

/** What promtool is asked about one alert. */
export interface RuleTest {
  readonly name: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly promql_expr_test: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
  }[];
}

export function readAlerts(): AlertRule[] {
  return filesIn(ALERTS, '.yaml').flatMap((path) =>
    (parse(read(path)) as RuleFile).groups.flatMap(({ rules }) => rules),
  );
}

export function readRuleTests(): RuleTest[] {
  return filesIn(RULES_TESTS, '.yaml').flatMap((path) => (parse(read(path)) as { tests: RuleTest[] }).tests);
}
