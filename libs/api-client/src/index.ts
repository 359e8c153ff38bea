export { type ApiClient, answerOf, createApiClient } from './api-client';
export { RefusedError } from './api-errors';
