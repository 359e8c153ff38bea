/** What an expression of PromQL names. */
export interface ExpressionNames {
  /** Metrics with the labels that their selectors name. */
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  /** The labels that are kept or joined by. */
  readonly grouping: readonly string[];
}

const SELECTOR = /\b([a-z]\w*_\w+|up)\b(?!\s*\()(?:\{([^}]*)\})?/g;
const GROUPING = /\b(?:by|on|without|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const TEXT = /"(?:[^"\\]|\\.)*"/g;

/** For the expressions of this repository, whose metrics have an underscore in their names, or are `up`. */
export function namesIn(expression: string): ExpressionNames {
  const bare = expression.replaceAll(TEXT, '""');
  const grouping = [...bare.matchAll(GROUPING)].flatMap(([, list = '']) => wordsOf(list));
  const selectors = [...bare.replaceAll(GROUPING, ' ').matchAll(SELECTOR)].map(([, metric = '', matchers = '']) => ({
    metric,
    labels: wordsOf(matchers),
  }));
  return { selectors, grouping: [...new Set(grouping)] };
}

const wordsOf = (text: string): string[] => text.match(/[a-z]\w*/g) ?? [];
