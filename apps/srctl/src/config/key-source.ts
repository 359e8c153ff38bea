import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { environment } from '../environment';
import { usageFailure } from '../exit-codes';
import type { KeySource } from './contexts-file';

/** How long a command may take that brings a key; a person may have to confirm something meanwhile. */
const COMMAND_TIMEOUT_MS = 60_000;

/** @returns the key @throws `CommandFailure` where the source has none */
export function readKey(source: KeySource): string {
  if ('env' in source) return present(environment[source.env], `the variable ${source.env} is not set`);
  if ('file' in source) return present(contentOf(source.file), `${source.file} is empty`);
  return present(outputOf(source.command), `"${source.command}" printed no key`);
}

function present(text: string | undefined, problem: string): string {
  const key = text?.trim();
  if (!key) throw usageFailure(`no API key: ${problem}`);
  return key;
}

function contentOf(file: string): string {
  try {
    return readFileSync(
      file.replace(/^~(?=\/)/, () => join(homedir())),
      'utf8',
    );
  } catch (error) {
    throw usageFailure(`no API key: ${(error as Error).message}`);
  }
}

function outputOf(command: string): string {
  try {
    const stdio: ['inherit', 'pipe', 'inherit'] = ['inherit', 'pipe', 'inherit'];
    return execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8', stdio, timeout: COMMAND_TIMEOUT_MS });
  } catch (error) {
    throw usageFailure(`no API key: "${command}" failed (${(error as Error).message.split('\n')[0]})`);
  }
}
