// Words that say nothing to an engineer who searches for them, with the word to use. docs/glossary.md has those that are left.
// Each pattern is matched without regard to case in prose, comments, titles and texts of log lines, and in names of the code.

/** In docs and in code. */
export const WORDS = [
  { pattern: /\b(?:tell|tells|telling|told)\b/, better: 'report, notify, inform, say' },
  { pattern: /\b(?:goes|go|going|went) on\b(?! (?:to )?\d)/, better: 'continue' },
  { pattern: /\b(?:mend|mends|mended|mending)\b/, better: 'repair' },
  { pattern: /\bdear(?:er)?\b/, better: 'expensive' },
  { pattern: /\b(?:for|after|within) so long\b|\bso long after\b/, better: 'for that time, at most' },
  { pattern: /\bleading no more\b|\bleads no more\b/, better: 'stopped leading' },
  { pattern: /\b(?:doubt|doubts|doubted)\b/, better: 'suspect, unverified' },
  { pattern: /\bghosts?\b/, better: 'orphan' },
  { pattern: /\bstrangers?\b/, better: 'foreign' },
  { pattern: /\bspills?\b/, better: 'overflow' },
  { pattern: /(?<!['`])\bre-?home[ds]?\b/, better: 'reassign' },
  { pattern: /\bjudgements?\b/, better: 'policy, verdict' },
  { pattern: /\b(?:set|sets|setting) aside\b|\bputs? aside\b/, better: 'quarantine' },
  { pattern: /\bin office\b|\bseek office\b/, better: 'leader term' },
  { pattern: /\bdut(?:y|ies)\b/, better: 'task' },
  { pattern: /\bturns? of the event loop\b/, better: 'tick' },
  { pattern: /\btak(?:e|es|en|ing) apart\b/, better: 'dispose, stop' },
  { pattern: /\bturn(?:s|ed|ing)? away\b/, better: 'reject' },
  { pattern: /\bjudge[sd]?\b/, better: 'check, checker' },
  { pattern: /\bcrews?\b/, better: 'group' },
  { pattern: /\bseats?\b/, better: 'assignment' },
  { pattern: /\bsecond look\b/, better: 're-read' },
];

/** In names of the code: TermInOffice, turnAway, tellAll. */
export const NAMES = [
  { pattern: /^(?:tell|tells|told)(?=[A-Z])|[a-z](?:Tells?|Told)(?=[A-Z]|$)/, better: 'report, notify' },
  { pattern: /^mend(?=[A-Z])|[a-z]Mend(?:s|ed)?(?=[A-Z]|$)/, better: 'repair, normalize' },
  { pattern: /^(?:goes|go)On(?=[A-Z]|$)|GoesOn/, better: 'continue' },
  { pattern: /InOffice|[sS]eekOffice/, better: 'LeaderTerm, tryAcquire' },
  { pattern: /^(?:LeaseElector|LeaseRecords|SoleLeader)$/, better: 'LeaderElector, ResourceLock, StaticLeadership' },
  { pattern: /^(?:LeaderDuty|LeaderWork|PodSupply)$/, better: 'LeaderTask, LeaderController' },
  { pattern: /^(?:Seats|FormerPools|FleetMemory)$/, better: 'PoolAssignments, PoolAffinity, ReconcilerState' },
  {
    pattern: /^(?:ghost|stranger)s?(?=[A-Z])|[a-z](?:Ghost|Stranger)s?(?=[A-Z]|$)/,
    better: 'orphans, foreign members',
  },
  { pattern: /^(?:spill|rehome)(?=[A-Z]|$)/, better: 'overflowPool, reassign' },
  { pattern: /^passFor$|^passOver/, better: 'reconcilePods, resync' },
  { pattern: /observeEra|[tT]ellForgotten|[oO]nForgotten/, better: 'checkGeneration, notifyDataLoss' },
  {
    pattern: /^(?:GrantMemory|RememberingLedger|GrantReassertion)$/,
    better: 'GrantJournal, JournalingCallStore, GrantReplay',
  },
  { pattern: /^StoreMark$/, better: 'InstanceId' },
  { pattern: /[dD]oubt|Judgement/, better: 'markUnverified, ExpiryPolicy' },
  // The value `set_aside` of a metric's label stays: operators have it.
  { pattern: /^setAside/, better: 'quarantine' },
  { pattern: /^(?:takeApart|tellAll|NOBODY)$/, better: 'dispose, combineObservers, NOOP_OBSERVER' },
  { pattern: /^turn(?:ed)?Away|^isServedAnyway$/, better: 'reject, isExempt' },
  {
    pattern: /^(?:takeBodiesRaw|followRequests|markAnswers)$/,
    better: 'useRawBodies, trackRequests, addResponseHeaders',
  },
  { pattern: /^(?:PodDeparture|CallCleanups|ProcessEnd)$/, better: 'DrainWaiter, EndCallRetryQueue, ProcessLifecycle' },
  { pattern: /^LinesPerTurn$/, better: 'BatchingStream' },
  {
    pattern: /^(?:Played|Crew|TroubledStart|TROUBLED)/,
    better: 'Fake, ElectionGroup, StartupScenario, BACK_OFF_REASONS',
  },
];
