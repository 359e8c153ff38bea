export { type ComponentDefinition, STATUSES } from './component-definition';
export { UnknownComponentError } from './startup-errors';
export { failureCode, type ReportedComponent, type StartupReport, startupTable } from './startup-report';
