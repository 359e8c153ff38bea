import { ApiError } from '@smart-router/http';

export function unknownVersion(version: number): ApiError {
  return new ApiError('VERSION_NOT_FOUND', { text: `version ${version} not found` });
}

export function versionConflict(currentVersion: number): ApiError {
  return new ApiError('VERSION_CONFLICT', { text: `version conflict: the current version is ${currentVersion}` });
}
