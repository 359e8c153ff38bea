import type { ObjectMeta } from './kubernetes-object';
import type { ResourceKind } from './resource-kind';
import { type FieldProblem, invalid } from './status-error';

const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const NAME_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
  `end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`;

const LABEL = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_KEY_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  `character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${LABEL}')`;
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
  `end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${LABEL})?')`;

const isLabelKey = new RegExp(`^(?:${SUBDOMAIN}/)?${LABEL}$`);
const isLabelValue = new RegExp(`^(?:${LABEL})?$`);
const isName = new RegExp(`^${SUBDOMAIN}$`);

/** @throws StatusError 422 */
export function checkNames(resource: ResourceKind, name: string, { labels = {} }: Partial<ObjectMeta>): void {
  const problem = (field: string, value: string, rule: string): FieldProblem => ({
    field,
    reason: 'FieldValueInvalid',
    message: `Invalid value: "${value}": ${rule}`,
  });
  const problems = [
    ...(isName.test(name) ? [] : [problem('metadata.name', name, NAME_RULE)]),
    ...Object.keys(labels)
      .filter((key) => !isLabelKey.test(key))
      .map((key) => problem('metadata.labels', key, LABEL_KEY_RULE)),
    ...Object.values(labels)
      .filter((value) => !isLabelValue.test(value))
      .map((value) => problem('metadata.labels', value, LABEL_VALUE_RULE)),
  ];
  if (problems.length > 0) throw invalid(resource, name, problems);
}
