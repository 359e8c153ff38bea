export { type ApiClient, answerOf, createApiClient, type Schemas } from './api-client';
export { RefusedError, UnreachableError } from './api-errors';
