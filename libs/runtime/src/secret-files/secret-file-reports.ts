import type { EventLogger } from '@smart-router/logging';
import { counter, gauge } from '@smart-router/metrics';
import type { SecretFile, SecretFileObserver } from '@smart-router/settings';

/** Logs and counts what becomes of the files that secrets come from. The values are never logged. */
export function secretFileReports(files: readonly SecretFile[], logger: EventLogger): SecretFileObserver {
  const changes = counter({
    name: 'smart_router_secret_file_changes_total',
    help: 'Contents of a file of a secret that came into force after the start',
    labelNames: ['variable'],
  });
  const rejections = counter({
    name: 'smart_router_secret_file_rejections_total',
    help: 'Contents of a file of a secret that were not valid or not readable, so that the last value stayed',
    labelNames: ['variable'],
  });
  const rejected = gauge({
    name: 'smart_router_secret_file_rejected',
    help: '1 while the content of a file of a secret is not in force, otherwise 0',
    labelNames: ['variable'],
  });
  for (const { name: variable } of files) {
    changes.inc({ variable }, 0);
    rejections.inc({ variable }, 0);
    rejected.set({ variable }, 0);
  }
  return {
    changed: ({ name: variable, path }) => {
      changes.inc({ variable });
      rejected.set({ variable }, 0);
      logger.info({ variable, file: path }, 'secret file has changed, its value is in force');
    },
    rejected: ({ name: variable, path }, reason) => {
      rejections.inc({ variable });
      rejected.set({ variable }, 1);
      logger.warn({ variable, file: path, reason }, 'secret file cannot be used, the last value stays');
    },
    recovered: ({ name: variable, path }) => {
      rejected.set({ variable }, 0);
      logger.info({ variable, file: path }, 'secret file holds the value in force again');
    },
  };
}

/** What operators see of the files of secrets. */
interface SecretFileFacts {
  /** Why the content of a file is not in force, by variable; `null` where it is. Holds no secret. */
  readonly problems: Readonly<Record<string, string | null>>;
  /** `SECRET_FILE_REJECTED` while any content is not in force. */
  readonly warnings?: readonly string[];
}

export function secretFileFacts(problems: SecretFileFacts['problems']): SecretFileFacts {
  const isRejected = Object.values(problems).some((problem) => problem !== null);
  return { problems, ...(isRejected && { warnings: ['SECRET_FILE_REJECTED'] }) };
}
