export type { ComponentDefinition } from './component-definition';
export { failureCode, type StartupReport, startupTable } from './startup-report';
