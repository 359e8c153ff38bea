interface Route {
  readonly method: string;
  readonly segments: readonly string[];
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  const wildcard = pattern.at(-1) === '*';
  if (wildcard ? path.length < pattern.length - 1 : path.length !== pattern.length) return false;
  return pattern.every((part, index) => part === '*' || part.startsWith(':') || part === path[index]);
}

/** Knows which methods a path has, so that the wrong one differs from an unknown path. */
export class AllowedMethods {
  private readonly routes: Route[] = [];

  /** @param pattern as routes are written: `/calls/:call_sid` */
  add(method: string, pattern: string): void {
    this.routes.push({ method, segments: segmentsOf(pattern) });
  }

  /** @returns the methods that some route has at the path of this URL, sorted; empty for an unknown path */
  of(url: string): readonly string[] {
    const path = segmentsOf(url.split('?', 1)[0] ?? '');
    const methods = this.routes.filter((route) => matches(route.segments, path)).map((route) => route.method);
    return [...new Set(methods)].sort();
  }
}
