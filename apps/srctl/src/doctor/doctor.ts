import { type Command, Option } from 'commander';
import { CommandFailure, EXIT } from '../exit-codes';
import { example } from '../help';
import { painted } from '../output/cells';
import type { View } from '../output/output';
import { withSession } from '../session';
import { type CheckName, CHECKS, type Verdict } from './checks';
import { gatherEvidence } from './evidence';

interface DoctorOptions {
  readonly podHost?: string;
  readonly ignore?: readonly CheckName[];
}

const NAMES = Object.keys(CHECKS) as CheckName[];

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'Look for what is wrong or unsafe. Each finding has its cause and what to type next; exit code 5 where there is one.',
    )
    .option('--pod-host <host>', 'look up the host name of a pod; {pod_name} stands for its name')
    .addOption(new Option('--ignore <checks...>', 'checks whose findings do not count').choices(NAMES))
    .addHelpText(
      'after',
      example(
        'srctl doctor',
        "srctl doctor --ignore webhooks --pod-host '{pod_name}.voice-agent.default.svc.cluster.local'",
      ),
    )
    .action(
      withSession(async ({ api, out, target }, { ignore = [], podHost }: DoctorOptions) => {
        const hasKey = target.key !== undefined;
        const evidence = await gatherEvidence(api, { hasKey, ...(podHost !== undefined && { podHost }) });
        const verdicts = NAMES.map((name) => ({ name, ...CHECKS[name](evidence), isIgnored: ignore.includes(name) }));
        await out.print(doctorView(verdicts));
        const count = verdicts.flatMap(({ findings, isIgnored }) => (isIgnored ? [] : findings)).length;
        if (count > 0) throw new CommandFailure(EXIT.findings, `${count} ${count === 1 ? 'finding' : 'findings'}`);
      }),
    );
}

interface NamedVerdict extends Verdict {
  readonly name: CheckName;
  readonly isIgnored: boolean;
}

function doctorView(verdicts: readonly NamedVerdict[]): View {
  const rows = verdicts.flatMap(({ findings, isIgnored, name, seen }) => {
    const mark = isIgnored ? painted('ignored', 'dim') : painted('finding', 'red');
    if (findings.length === 0) return [[name, painted('ok', 'green'), seen]];
    return findings.map(({ cause }) => [name, mark, cause]);
  });
  const open = verdicts.filter(({ isIgnored }) => !isIgnored).flatMap(({ findings }) => findings);
  const next = open.map(({ cause, next: command }) => `- ${cause}\n  ${command}`);
  return {
    data: verdicts.map(({ findings, isIgnored, name, seen }) => ({ check: name, ignored: isIgnored, seen, findings })),
    table: [{ columns: ['CHECK', 'RESULT', 'WHAT'], rows }, ...(next.length > 0 ? ['', 'Next:', ...next] : [])],
    names: verdicts.filter(({ findings }) => findings.length > 0).map(({ name }) => name),
  };
}
