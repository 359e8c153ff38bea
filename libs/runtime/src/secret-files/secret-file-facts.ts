/** What operators see of the files of secrets. */
export interface SecretFileFacts {
  /** Why the content of a file is not in force, by variable; `null` where it is. Holds no secret. */
  readonly problems: Readonly<Record<string, string | null>>;
  /** `SECRET_FILE_REJECTED` while any content is not in force. */
  readonly warnings?: readonly string[];
}

export function secretFileFacts(problems: SecretFileFacts['problems']): SecretFileFacts {
  const isRejected = Object.values(problems).some((problem) => problem !== null);
  return { problems, ...(isRejected && { warnings: ['SECRET_FILE_REJECTED'] }) };
}
