export { type PublicError, publicError, publicErrorOf, retryAfter } from './error-codes';
