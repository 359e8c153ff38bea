// Words that say nothing to an engineer who searches for them, with the word to use. docs/glossary.md has those that are left.
// Each pattern is matched without regard to case in prose, comments, titles and texts of log lines, and in names of the code.

/** In docs and in code. */
export const WORDS = [
  [/\b(?:tell|tells|telling|told)\b/, 'report, notify, inform, say'],
  [/\b(?:goes|go|going|went) on\b(?! (?:to )?\d)/, 'continue'],
  [/\b(?:mend|mends|mended|mending)\b/, 'repair'],
  [/\bdear(?:er)?\b/, 'expensive'],
  [/\bfor so long\b|\bafter so long\b/, 'for that time, at most'],
  [/\bleading no more\b|\bleads no more\b/, 'stopped leading'],
  [/\b(?:doubt|doubts|doubted)\b/, 'suspect, unverified'],
  [/\bghosts?\b/, 'orphan'],
  [/\bstrangers?\b/, 'foreign'],
  [/\bspills?\b/, 'overflow'],
  [/\bre-?homed?\b|\brehomes\b/, 'reassign'],
  [/\bjudgements?\b/, 'policy, verdict'],
  [/\b(?:set|sets|setting) aside\b|\bputs? aside\b/, 'quarantine'],
  [/\bin office\b|\bseek office\b/, 'leader term'],
  [/\bdut(?:y|ies)\b/, 'task'],
  [/\bturns? of the event loop\b/, 'tick'],
  [/\btak(?:e|es|en|ing) apart\b/, 'dispose, stop'],
  [/\bturn(?:s|ed|ing)? away\b/, 'reject'],
  [/\bsecond look\b/, 're-read'],
];

/** In names of the code as well: TermInOffice, turnAway, tellAll. */
export const NAMES = [
  [/^(?:tell|tells|told)(?=[A-Z]|$)|[a-z](?:Tell|Told)(?=[A-Z]|$)/, 'report, notify'],
  [/[Mm]end(?:ed|s)?(?=[A-Z]|$)(?<!(?:recom|com|a|A)mend\w*)/, 'repair, normalize'],
  [/^(?:goes|go)On(?=[A-Z]|$)|GoesOn/, 'continue'],
  [/\w*(?:InOffice|seekOffice)\w*/, 'LeaderTerm, tryAcquire'],
  [
    /^(?:LeaseElector|LeaseRecords|SoleLeader|LeaderDuty|LeaderWork|PodSupply|Seats|FormerPools|FleetMemory)$/,
    'see 21',
  ],
  [/^\w*(?:Ghost|Stranger)s?(?=[A-Z]|$)|^(?:ghost|stranger)s?(?=[A-Z]|$)/, 'orphans, foreign members'],
  [/^(?:spill|rehome|retire)(?=[A-Z]|$)/, 'overflowPool, reassign, removePool'],
  [/^passFor$|^passOver/, 'reconcilePods, resync'],
  [/\b\w*(?:observeEra|tellForgotten|onForgotten)\w*/, 'checkGeneration, notifyDataLoss'],
  [
    /^(?:GrantMemory|RememberingLedger|GrantReassertion|StoreMark)$/,
    'GrantJournal, JournalingCallStore, GrantReplay, InstanceId',
  ],
  [/\w*[Dd]oubt\w*|\w*Judgement\w*/, 'markUnverified, ExpiryPolicy'],
  [/^(?:set_aside|setAside|takeApart|tellAll|NOBODY)$/, 'quarantine, dispose, combineObservers, NOOP_OBSERVER'],
  [/^turn(?:ed)?Away/, 'reject'],
  [
    /^(?:takeBodiesRaw|followRequests|markAnswers|isServedAnyway)$/,
    'useRawBodies, trackRequests, addResponseHeaders, isExempt',
  ],
  [
    /^(?:PodDeparture|CallCleanups|ProcessEnd|LinesPerTurn)$/,
    'DrainWaiter, EndCallRetryQueue, ProcessLifecycle, BatchingStream',
  ],
  [/^(?:Played|Crew|TroubledStart|TROUBLED)/, 'Fake, ElectionGroup, StartupScenario, BACK_OFF_REASONS'],
];
