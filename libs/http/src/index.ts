export { annotate } from './access-log';
export { ApiError, invalidField, type ApiErrorOptions } from './errors/api-error';
export { errorAnswer, type ErrorAnswer, type ErrorBody } from './errors/error-answer';
export { ERROR_CODES, type ErrorCode } from './errors/error-codes';
export { createHttpAdapter, type HttpAdapterOptions } from './http-adapter';
export { installHttp, type HttpOptions } from './install-http';
export { parseJsonObject, type JsonObject } from './json-body';
export { BodyPipe, FieldsPipe } from './validation/body-pipe';
export { compileValidator, type Validator } from './validation/compile-validator';
