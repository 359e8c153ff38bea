import { type DashboardPlan, metric, rate, series, stat, sumOfRate } from '../panels';

/** Of our processes alone: other programs on Node have metrics of the same names. */
const ofOurs = (expr: string): string =>
  `${expr} and on (namespace, job, instance) ${metric('smart_router_build_info')}`;

export const runtime: DashboardPlan = {
  name: 'runtime',
  title: 'Runtime',
  description: 'Processor, memory and the event loop of each process, and what it reports of itself.',
  rows: [
    {
      title: 'Builds',
      panels: [
        stat('Builds', 'One version everywhere, but during an upgrade.', 'short', [
          `count by (app, version, node_version) (${metric('smart_router_build_info')})`,
          '{{app}} {{version}}, Node {{node_version}}',
        ]),
        stat('Unexpected errors', 'Mistakes of the program, in an hour.', 'short', [
          `sum(increase(${metric('smart_router_panics_recovered_total')}[1h]))`,
          'errors',
        ]),
        stat('Secrets not in force', 'Files of secrets that cannot be used.', 'short', [
          `sum(${metric('smart_router_secret_file_rejected')}) or vector(0)`,
          'files',
        ]),
        stat('Components not started', 'Of all processes.', 'short', [
          `sum(${metric('smart_router_startup_component_state', 'state!~"SUCCESS|STOPPED"')})`,
          'components',
        ]),
      ],
    },
    {
      title: 'Processes',
      panels: [
        series('Processor', 'Processors that each process uses. It uses one at most for calls.', 'short', [
          ofOurs(rate('process_cpu_seconds_total')),
          '{{instance}}',
        ]),
        series('Event loop', 'One tick in a hundred comes later than this. Above 100 ms an alert fires.', 's', [
          ofOurs(metric('nodejs_eventloop_lag_p99_seconds')),
          '{{instance}}',
        ]),
        series('Memory', 'Resident.', 'bytes', [ofOurs(metric('process_resident_memory_bytes')), '{{instance}}']),
        series('Heap', 'Used by objects.', 'bytes', [ofOurs(metric('nodejs_heap_size_used_bytes')), '{{instance}}']),
        series('Garbage collection', 'Share of the time.', 'percentunit', [
          ofOurs(`sum by (namespace, job, instance) (${rate('nodejs_gc_duration_seconds_sum')})`),
          '{{instance}}',
        ]),
        series('Open files', 'Files and connections.', 'short', [ofOurs(metric('process_open_fds')), '{{instance}}']),
        series('Uptime', 'A drop is a restart.', 's', [
          `time() - ${metric('process_start_time_seconds')} and on (namespace, job, instance) ${metric('smart_router_build_info')}`,
          '{{instance}}',
        ]),
        series('Lost log lines', 'Nobody reads them, or the disk is full.', 'ops', [
          sumOfRate('instance', 'smart_router_log_lines_dropped_total'),
          '{{instance}}',
        ]),
      ],
    },
  ],
};
