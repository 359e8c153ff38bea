import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';

const ROOT = join(__dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const DOCKERFILE = read('Dockerfile');
const COMPOSE = read('compose.yaml');

interface Service {
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly image?: string;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly deploy?: { readonly replicas?: number };
}

const { services } = parse(COMPOSE, { merge: true }) as { services: Readonly<Record<string, Service>> };
const named = Object.entries(services);

describe('Dockerfile', () => {
  it('is one by the rules of Docker', () => {
    expect(validate(DOCKERFILE)).toEqual([]);
    expect(validate(DOCKERFILE.replace('EXPOSE 8080', 'EXPOSE eighty'))).toHaveLength(1);
  });

  it('begins no shell when the image runs or is built, as the runtime image has none', () => {
    const commands = DOCKERFILE.match(/^(?:RUN|CMD|ENTRYPOINT)\b.*$|CMD \[.*$/gm) ?? [];
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.filter((line) => !/\[".*"\]$/.test(line))).toEqual([]);
  });

  it('has each stage that runs run by the user of the image', () => {
    const stages = DOCKERFILE.split(/^FROM /m).slice(2);
    expect(stages).toHaveLength(2);
    expect(stages.map((text) => /^USER (.*)$/m.exec(text)?.[1])).toEqual(['65532:65532', '65532:65532']);
  });

  it('builds with the Node that the project brings', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: { node: string } };
    expect(DOCKERFILE).toContain(`node:${devDependencies.node}-bookworm-slim`);
  });
});

describe('compose.yaml', () => {
  const lint = (text: string): number | null => {
    const file = join(mkdtempSync(join(tmpdir(), 'compose-')), 'compose.yaml');
    writeFileSync(file, text);
    return spawnSync(process.execPath, [join(ROOT, 'node_modules/dclint/bin/dclint.cjs'), '--quiet', file]).status;
  };

  it('is one by the schema of Compose', () => {
    expect(lint(COMPOSE)).toBe(0);
    expect(lint(COMPOSE.replace('read_only: true', 'readonly: true'))).not.toBe(0);
  });

  it('has the whole product', () => {
    expect(named.map(([name, { deploy }]) => `${name} ${deploy?.replicas ?? 1}`).sort()).toEqual([
      ...['api 3', 'grafana 1', 'prometheus 1', 'redis 1'],
      ...[0, 1, 2, 3, 4].map((each) => `voice-agent-${each} 1`),
      ...['voice-router 1', 'worker 2'],
    ]);
  });

  it.each(named)('gives %s no privilege, and no root that it can write to', (_name, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect([service.privileged, service.cap_add]).toEqual([undefined, undefined]);
  });

  it('listens on this machine alone', () => {
    const ports = named.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toHaveLength(3);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('mounts only what is there, and for reading alone', () => {
    const mounts = named.flatMap(([, service]) => service.volumes ?? []).filter((mount) => mount.startsWith('.'));
    expect(mounts.length).toBeGreaterThan(4);
    expect(mounts.filter((mount) => !mount.endsWith(':ro'))).toEqual([]);
    // Of the chart's own folders one may be empty, which git does not keep: Docker makes it then.
    const files = mounts
      .map((mount) => mount.split(':')[0] ?? '')
      .map((path) => path.replace(/(chart|files)\/\w+$/, '$1'));
    expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('runs nginx and Redis as the chart does', () => {
    const values = parse(read('helm/smart-router/values.yaml')) as Record<
      'router' | 'redis',
      { readonly image: { readonly repository: string; readonly tag: string } }
    >;
    const chart = ({ image }: typeof values.redis): string => `${image.repository}:${image.tag}`;
    const own = [services['voice-router']?.image, services['redis']?.image];
    expect(own).toEqual([chart(values.router), chart(values.redis)]);
  });
});
