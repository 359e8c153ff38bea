import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

export const ALERTS = 'helm/smart-router/files/alerts';
export const DASHBOARDS = 'helm/smart-router/files/dashboards';
export const RULES_TESTS = 'tools/monitoring/rules-tests';

/** @param path from the root of the repository */
export const absolute = (path: string): string => join(ROOT, path);

export const read = (path: string): string => readFileSync(absolute(path), 'utf8');

/** Paths from the root of the repository, by name. */
export const filesIn = (folder: string, ending: string): string[] =>
  globSync(`${folder}/*${ending}`, { cwd: ROOT }).sort();
