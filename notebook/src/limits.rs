//! Every limit in one place, its unit in its name and its reason beside it.

/// One line of a list, a page title, a notification subject.
pub const TITLE_CHARS_MAX: usize = 160;
/// A name in a URL.
pub const SLUG_CHARS_MAX: usize = 60;
/// A whole procedure or analysis; about forty printed pages.
pub const PROSE_CHARS_MAX: usize = 20_000;
/// A sentence or two beside a value.
pub const NOTE_CHARS_MAX: usize = 2_000;
/// Browsers and proxies cut longer addresses.
pub const LINK_CHARS_MAX: usize = 2_000;
/// The longest address the mail standards allow.
pub const EMAIL_CHARS_MAX: usize = 254;
/// Short passwords fall to guessing; composition rules do not help.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Hashing reads all of it: a bound on the work one request can ask for.
pub const PASSWORD_BYTES_MAX: usize = 1_024;
/// Steps, checks, signals, services or targets in one plan: more cannot be watched by people.
pub const PLAN_ITEMS_MAX: usize = 50;
/// Concrete things one run may hit or list as eligible.
pub const TARGETS_MAX: usize = 500;
/// How a tool does a plan: written by hand, and read with every list of plans.
pub const AUTOMATION_CHARS_MAX: usize = 100_000;
/// One imported document after decoding.
pub const IMPORT_BYTES_MAX: usize = 10 * 1024 * 1024;
/// One image: a screenshot of a large screen, or a photograph of a smaller one.
pub const EVIDENCE_BYTES_MAX: i64 = 5 * 1024 * 1024;
/// All images of one run: they travel with the notebook.
pub const EVIDENCE_RUN_BYTES_MAX: i64 = 100 * 1024 * 1024;
/// Links and images of one run: more than these, and nobody looks at any.
pub const EVIDENCE_MAX: i64 = 200;
/// SLOs of another tool in one text: a thousand of them, with room for their queries.
pub const SLO_TEXT_BYTES_MAX: usize = 1024 * 1024;
/// Documents being read at the same time; a full one takes some hundred MiB while it is read.
pub const IMPORTS_AT_ONCE: usize = 2;
/// Documents arriving at the same time, each held in memory until it is read.
pub const IMPORTS_ARRIVING_MAX: usize = 8;
/// What a form sends besides its document: names, boundaries, the other fields.
pub const IMPORT_FORM_BYTES_MAX: usize = IMPORT_BYTES_MAX + 64 * 1024;
/// An ordinary form or JSON body.
pub const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Rows on one list page.
pub const PAGE_ROWS: i64 = 50;
/// Rows of each kind where somebody is still typing: more are not read before the next letter.
pub const FEW_ROWS: i64 = 8;
/// Rows a program may ask for at once; each costs statements of its own.
pub const PAGE_ROWS_MAX: i64 = 200;
/// How long a setup link opens the door.
pub const SETUP_MINUTES: i64 = 30;
/// How long an invitation can be taken up.
pub const INVITE_DAYS: i64 = 7;
/// A login session nobody used ends after this.
pub const LOGIN_IDLE_HOURS: i64 = 12;
/// Seeing a login session again is worth a write after this.
pub const LOGIN_SEEN_MINUTES: i64 = 10;
/// A login session ends after this, used or not.
pub const LOGIN_DAYS_MAX: i64 = 7;
/// Wrong passwords for one account before waiting is asked for.
pub const LOGIN_TRIES_MAX: i64 = 5;
/// The stretch over which wrong passwords are counted.
pub const LOGIN_TRIES_MINUTES: i64 = 15;
/// A repeated form token or idempotency key is known for at least this long.
pub const ONCE_HOURS: i64 = 48;
/// An idempotency key in printable letters; a UUID has 36.
pub const ONCE_KEY_CHARS_MAX: usize = 200;
/// What an act was answered is kept up to this size; of a larger answer only what it made.
pub const ONCE_ANSWER_BYTES_MAX: usize = 8 * 1024;
/// A planned run not started this long after its time is missed.
pub const MISSED_AFTER_MINUTES: i64 = 60;
/// A cadence counts at most so many weeks or months: a year of weeks.
pub const CADENCE_PERIODS_MAX: u8 = 52;
/// A cadence promises a valid run in at most so many days: in a year.
pub const CADENCE_PROMISE_DAYS_MAX: u16 = 366;
/// A slot lies at most so many days from the date its cadence names: longer than any month.
pub const SLOT_MOVES_DAYS_MAX: i64 = 35;
/// A calendar holds at most so many runs at a time: more than anybody reads.
pub const CALENDAR_RUNS_MAX: i64 = 500;
/// So many days ahead are on the agenda of Today.
pub const AGENDA_DAYS: i64 = 7;
/// Today shows so many budgets; the list of SLOs holds the rest.
pub const TODAY_BUDGETS_MAX: usize = 6;
/// The longest stretch of time a calendar shows at once.
pub const CALENDAR_DAYS_MAX: i64 = 366;
/// Runs of one game day: more do not fit into a day.
pub const GAME_DAY_RUNS_MAX: usize = 20;
/// The timeline of a game day shows so many of the newest observations of its runs beside those that are pinned.
pub const GAME_DAY_NEWEST: usize = 20;
/// A person keeps at most so many addresses of calendars.
pub const SUBSCRIPTIONS_MAX: usize = 50;
/// How long what is over or cancelled stays in a calendar that others read: they drop nothing by themselves.
pub const SUBSCRIPTION_DAYS_BACK: i64 = 30;
/// Nothing in a calendar is shorter, so that it can be seen.
pub const EVENT_MINUTES_MIN: i64 = 30;
/// How far ahead the slots of a cadence are laid out.
pub const SLOTS_DAYS_AHEAD: i64 = 92;
/// A run planned for a moment this long ago is no plan; whoever types "now" types minutes.
pub const PLANNED_LATE_MINUTES: i64 = 5;
/// Freshness of a pass unless the experiment says otherwise.
pub const FRESHNESS_DAYS: i64 = 30;
/// How long a link to a new password opens the door.
pub const RESET_HOURS: i64 = 24;
/// The wait after one wrong password too many; it doubles with each further one.
pub const LOGIN_WAIT_S: i64 = 30;
/// No longer: locking out is what somebody else might want.
pub const LOGIN_WAIT_S_MAX: i64 = 300;
/// Passwords hashed at the same time; each takes 19 MiB and a core.
pub const HASHES_AT_ONCE: usize = 2;
/// Passwords waiting to be hashed, for each core; a longer queue would outlast its callers.
pub const HASHES_WAITING_PER_CORE: usize = 4;
/// Ten years: longer is the same as no end.
pub const TOKEN_DAYS_MAX: i64 = 3_650;
/// So many days before a token expires its owner is told: a week is enough to give a program another one.
pub const TOKEN_EXPIRES_SOON_DAYS: i64 = 7;
/// Tokens one person can keep: more cannot be told apart.
pub const TOKENS_MAX: usize = 100;
/// What a browser says of itself, as far as it is kept.
pub const AGENT_CHARS_MAX: usize = 200;
/// Ten years: a pass that old proves nothing about today.
pub const FRESHNESS_DAYS_MAX: u32 = 3_650;
/// More repetitions than people make for one fix.
pub const REQUIRED_PASSES_MAX: u32 = 100;
/// No experiment waits longer; a slip of the finger does.
pub const SPAN_DAYS_MAX: i64 = 366;
/// A machine that reports a change may have a clock a little ahead of ours.
pub const CLOCK_AHEAD_MINUTES_MAX: i64 = 5;
/// One line of an archive; the longest real ones, proposals with every check, stay below a tenth.
pub const CARRIED_LINE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// One attachment of an archive: documents grow a little when they are written out anew.
pub const CARRIED_DOCUMENT_BYTES_MAX: u64 = 4 * IMPORT_BYTES_MAX as u64;
/// The manifest of an archive names tables, not things: it is never long.
pub const CARRIED_MANIFEST_BYTES_MAX: u64 = 1024 * 1024;
/// Decimals of a share such as 0.9999: with nine, one bad event in a thousand million counts, and
/// more nines than that are measured by nobody.
pub const SHARE_DECIMALS_MAX: u32 = 9;
/// Measurements in one body: a day of minutes fits into two, and every trouble can still be told.
pub const MEASUREMENTS_MAX: usize = 1_000;
/// How far back "now" reaches unless the SLO says otherwise.
pub const LEVEL_WINDOW_MINUTES: i64 = 60;
/// A longer "now" is the window's own business.
pub const LEVEL_WINDOW_DAYS_MAX: i64 = 7;
/// Parts of a burndown: as many rows as a table beside it can be read with.
pub const BURNDOWN_PARTS_MAX: i64 = 31;
/// Windows of the past in the history of a promise: a year of months.
pub const COMPLIANCE_WINDOWS_MAX: usize = 12;
/// Measurements read for that history: hours of ten years, minutes of two months. Older windows are left out.
pub const COMPLIANCE_RECORDS_MAX: i64 = 100_000;
/// How far back the usual rate of bad events is looked at: every hour of a day is in there once.
pub const USUAL_HOURS: i64 = 24;
/// Runs of one quarter that a ledger holds; each costs a statement of its own.
pub const LEDGER_RUNS_MAX: i64 = 500;
/// Plans that are held against a budget before one is suggested; each costs some statements of its own.
pub const SUGGESTED_PLANS_MAX: usize = 20;
/// Events one measurement may count. All measurements of a year, one a minute, still add up exactly.
pub const MEASURED_EVENTS_MAX: u64 = 10_000_000_000_000;
/// One measurement says nothing about longer than the longest window.
pub const MEASURED_DAYS_MAX: i64 = 366;
/// Measurements sent together that lie further apart are looked up apart.
pub const MEASURED_APART_HOURS: i64 = 24;
/// Fewer measurements of an hour are read as quickly one by one.
pub const HOUR_RECORDS_MIN: usize = 3;
/// Whole hours of measurements are put together once they are over for so long.
pub const HOURS_SETTLE: i64 = 2;
/// Hours of one SLO that are put together in one transaction.
pub const HOURS_AT_ONCE: i64 = 96;
/// SLOs looked up at once for hours to put together.
pub const HOURS_DUE_MAX: i64 = 50;
/// Stretches between such hours that are read by themselves; with more, all is read row by row.
pub const HOURS_APART_MAX: usize = 64;
/// The longest rolling window: a promise over more than a year is noticed too late.
pub const WINDOW_DAYS_MAX: u32 = 366;
/// Shorter slices would be more than can be added up for every page.
pub const SLICE_MINUTES_MIN: i64 = 1;
/// A longer slice hides an outage of hours.
pub const SLICE_MINUTES_MAX: i64 = 24 * 60;
/// Measurements older than this say nothing about now, unless the SLO says otherwise.
pub const MEASUREMENT_AGE_HOURS: i64 = 24;
/// A stretch without measurements as long as this leaves the budget unknown, unless the SLO says otherwise.
pub const MEASUREMENT_GAP_HOURS: i64 = 24;
/// The part of a budget kept for what nobody planned, in per cent, unless the policy says otherwise.
pub const RESERVE_PERCENT: u32 = 10;
/// A steady state seen longer ago than this may be gone.
pub const STEADY_STATE_MINUTES: i64 = 15;
/// A revert nobody did for longer than this may not work any more.
pub const REHEARSAL_DAYS: i64 = 90;
/// More events a second are counted by nobody in one place.
pub const TRAFFIC_A_SECOND_MAX: u64 = 1_000_000_000;
/// How far ahead free working time is looked for; a team that works on no day of it never will.
pub const WORKING_TIME_DAYS_AHEAD: i64 = 366;
/// More targets at once than any plan names.
pub const POLICY_TARGETS_MAX: u32 = 1_000_000;
/// Ten years: a limit that long is none.
pub const POLICY_DAYS_MAX: u32 = 3_650;
/// Holidays one team keeps: ten years of a country that has many.
pub const HOLIDAYS_MAX: usize = 400;
/// Different people marked present in production, and elsewhere.
pub const QUORUM_PRODUCTION: usize = 3;
pub const QUORUM_ELSEWHERE: usize = 2;
/// Longer ago than this, a look for incidents says nothing of now: one begins between two cups of coffee.
pub const LOOK_MINUTES: i64 = 60;
/// At a start, whoever was marked present longer ago is not taken for present.
pub const PRESENT_HOURS: i64 = 12;
/// Length of a pulled measurement unless the source says otherwise.
pub const PULL_STEP_S: i64 = 60;
/// A Prometheus hardly scrapes more often.
pub const PULL_STEP_S_MIN: i64 = 5;
/// Steps in a window: each is a row, and more of them no page adds up in time.
pub const PULL_WINDOW_STEPS_MAX: i64 = 50_000;
/// A longer one says too late that something broke.
pub const PULL_STEP_MINUTES_MAX: i64 = 60;
/// Steps asked for at once: an outage is caught up in such pieces.
pub const PULL_STEPS_MAX: i64 = 60;
/// Steps before a piece that are asked for with it: a step counts if the one before it was scraped.
pub const PULL_STEPS_BACK: i64 = 1;
/// How far back the earlier sample of a counter is looked for that has none there. An instance nobody
/// could scrape for longer is a new one.
pub const PULL_EARLIER_HOURS: i64 = 6;
/// No scrape is waited for longer than this.
pub const PULL_DELAY_S_MAX: i64 = 60;
/// Time after a piece that is asked for with it: a Prometheus that scrapes less often has no present.
pub const PULL_AHEAD_S_MAX: i64 = 300;
/// Counters of one selector: as many as are counted without holding anybody up.
pub const PULL_SERIES_MAX: usize = 5_000;
/// Samples that come later than this are not asked for again.
pub const PULL_GRACE_MINUTES: i64 = 15;
/// A Prometheus keeps fifteen days unless told otherwise; what is older stays unknown.
pub const PULL_BACK_DAYS: i64 = 14;
/// The longest wait between two tries of a source that fails.
pub const PULL_WAIT_MINUTES_MAX: i64 = 15;
/// Longer than all that is asked of a source at once may take; then another node may ask.
pub const PULL_CLAIM_S: i64 = 180;
/// Sources looked up at once.
pub const PULLS_DUE_MAX: i64 = 50;
/// What a source says of its trouble, as far as it is kept.
pub const PULL_FAILURE_CHARS_MAX: usize = 500;
/// Queries of one plan: all of them are asked at the same time, and people look at each.
pub const PROBES_MAX: usize = 20;
/// How often a plan's queries are asked unless it says otherwise.
pub const PROBE_EVERY_S: i64 = 15;
/// A Prometheus hardly scrapes more often.
pub const PROBE_EVERY_S_MIN: i64 = 1;
/// A longer wait says too late that something broke.
pub const PROBE_EVERY_S_MAX: i64 = 300;
/// For how long a condition may have to be so before it counts.
pub const PROBE_FOR_MINUTES_MAX: i64 = 60;
/// A sample older than this is none; Prometheus itself would repeat it for five minutes.
pub const PROBE_LOOKBACK_S: i64 = 120;
/// Longer than all queries of a turn may take together; then another node may ask.
pub const PROBE_CLAIM_S: i64 = 30;
/// Runs looked up at once.
pub const PROBES_DUE_MAX: i64 = 50;
/// How long before its time a planned run is measured: the gate takes no older steady state.
pub const PROBE_AHEAD_MINUTES: i64 = 15;
/// A run that goes on for longer was forgotten; nobody measures it any more.
pub const PROBE_HOURS_MAX: i64 = 24;
/// Readings of one run that are looked at, the newest ones: an hour of twenty queries every five seconds.
pub const PROBE_READINGS_MAX: i64 = 15_000;
/// Links of one service: with more, nobody finds the runbook.
pub const LINKS_MAX: usize = 20;
/// An owner nobody confirmed for half a year may have gone.
pub const OWNERSHIP_DAYS: i64 = 180;
/// Services in one drawing: with more, lines cannot be followed any longer.
pub const DRAWN_SERVICES_MAX: usize = 60;
/// Failed resources kept of one Chef run: the first one usually broke the others.
pub const CHEF_RESOURCES_MAX: usize = 20;
/// Nodes of Chef that are listed as waiting for a mapping.
pub const CHEF_NODES_MAX: i64 = 500;
/// Waiting runs of Chef that are read at once when something is mapped.
pub const CHEF_CATCH_UP_PAGE: i64 = 500;
/// How often that is done: other writers wait meanwhile.
pub const CHEF_CATCH_UP_PAGES_MAX: usize = 40;
/// Chef runs that one mapping can turn into changes; the same mapping again takes the next.
pub const CHEF_CATCH_UP_MAX: usize = 10_000;
/// What one entity of a catalogue may depend on.
pub const CATALOGUE_NEEDS_MAX: usize = 200;
/// Entities in one catalogue file.
pub const CATALOGUE_ENTITIES_MAX: usize = 1_000;
/// A catalogue file: so many entities, with room for their words. Whatever it says, it is read within a second.
pub const CATALOGUE_TEXT_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Honeycomb asks for a budget no more often than this.
pub const HONEYCOMB_POLL_S: i64 = 300;
/// Three times nobody answered: what Honeycomb said of a budget no longer tells of now.
pub const HONEYCOMB_STALE_MINUTES: i64 = 15;
/// A burn alert that nobody called off for this long may have ended unheard.
pub const HONEYCOMB_ALERT_STALE_HOURS: i64 = 24;
/// A longer wait than this that Honeycomb asks for is a mistake of its own.
pub const HONEYCOMB_WAIT_HOURS_MAX: i64 = 24;
/// A burn alert is a few lines.
pub const HONEYCOMB_ALERT_BYTES_MAX: usize = 64 * 1024;
/// What Honeycomb answers of one SLO is less than is read of any server.
pub const HONEYCOMB_ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// Labels that tell one alert from all others are few.
pub const ALERT_MATCHERS_MAX: usize = 20;
/// Alerts in one message: more than this, and nobody can say any more what a run had to do with it.
pub const ALERTS_A_DELIVERY_MAX: usize = 1_000;
/// Labels kept of one alert.
pub const ALERT_LABELS_MAX: usize = 64;
/// An alert that always fires is repeated every five minutes where nobody says otherwise; twice unheard is gone.
pub const ALERTS_HEARD_MINUTES: i64 = 10;
/// A message that a later one overtook comes within this.
pub const ALERTS_OVERTAKEN_MINUTES: i64 = 10;
/// So long after a run's end what is told late still answers its signals.
pub const ALERTS_LATE_HOURS: i64 = 24;
/// Alerts looked at for one run, the newest first.
pub const ALERTS_OF_RUN_MAX: i64 = 2_000;
/// Names of deliveries are UUIDs.
pub const HONEYCOMB_DELIVERY_CHARS_MAX: usize = 200;
/// Experiments of which a process remembers what was worked out.
pub const REMEMBERED_MAX: usize = 64;
/// Lines of the trail that are looked through for what concerns such an answer; with more it is worked out anew.
pub const REMEMBERED_LINES: i64 = 1_000;
/// So long at most, whatever is known of the moment at which it changes by itself.
pub const REMEMBERED_MINUTES: i64 = 1;
/// With so many runs it is remembered what each of them amounts to; fewer are read quickly.
pub const REMEMBERED_RUNS_FROM: usize = 10;
/// Runs of an experiment that its page lists; the list of runs has all.
pub const RUNS_SHOWN_MAX: usize = 25;
/// Changes between two runs that stand beside them, the newest; pipelines record hundreds a day.
pub const CHANGES_BETWEEN_MAX: usize = 20;
/// Columns of a comparison that still fit beside each other.
pub const COMPARED_RUNS_MAX: usize = 6;
/// Lines that are read at once for whoever watches a run; the same for one that catches up.
pub const WATCH_LINES: i64 = 200;
/// Lines a watcher may lie behind before its stream is closed; it comes back and reads them from the trail.
pub const WATCH_BEHIND_MAX: usize = 256;
/// Streams one server keeps open: each takes a connection and some kilobytes.
pub const WATCHERS_MAX: usize = 4_000;
/// Streams that are opened at once; whoever comes meanwhile waits for a few of them.
pub const WATCHERS_COMING_MAX: usize = 32;
/// Streams of one person at one server. A browser keeps six connections to a server; the rest is for programs.
pub const WATCHERS_OF_A_PERSON_MAX: usize = 50;
/// How often a stream says that it still goes on. Proxies close what is silent for a minute.
pub const WATCH_BEAT_S: u64 = 15;
/// How often it is asked whether those who watch may still look; five seconds are promised.
pub const WATCH_RIGHTS_S: u64 = 3;
/// How long it holds that somebody watches, unless it is said again.
pub const WATCHERS_SAID_S: i64 = 45;
/// How often it is said again.
pub const WATCHERS_SAY_S: u64 = 15;
/// A query that takes longer is cut off, so that nobody's question holds a connection that others wait for.
pub const SEARCH_SECONDS_MAX: u64 = 5;
/// Each kind of thing that is looked for while somebody types; who types on does not wait for the slowest.
pub const GO_SECONDS_MAX: u64 = 1;
/// Services of the coverage map on one page.
pub const COVERAGE_ROWS: usize = 50;
/// Runs of which that page says where they stand: for each service a few plans in a few environments.
pub const COVERAGE_RUNS_MAX: i64 = 1_000;
/// A query that somebody can still read.
pub const SEARCH_CHARS_MAX: usize = 2_000;
/// Words, phrases and values of one query; each is looked up.
pub const SEARCH_TERMS_MAX: usize = 50;
/// Brackets and negations inside of each other.
pub const SEARCH_LEVELS_MAX: usize = 10;
/// A longer token is looked for by its beginning; PostgreSQL keeps none above 2,046 bytes.
pub const SEARCH_TOKEN_CHARS_MAX: usize = 500;
/// So many of the newest matches are ranked and counted: ranking costs by the match, finding does not.
pub const SEARCH_RANKED_MAX: i64 = 2_000;
/// Things whose state is computed for one answer, where a query asks for states.
pub const SEARCH_JUDGED_MAX: usize = 400;
/// Saved views of one person; more are not found again.
pub const VIEWS_MAX: i64 = 100;
/// Pinned views that stand in the navigation of every page; the others are one press away.
pub const VIEWS_IN_RAIL_MAX: i64 = 5;
/// Characters of text shown of one thing that was found.
pub const SEARCH_SNIPPET_CHARS: usize = 200;
/// Things of the index that are looked up at once to be checked or written anew.
pub const SEARCH_BATCH: i64 = 2_000;
/// So long entries of the index are written anew in one transaction; others write between two.
pub const SEARCH_TURN_MS: u64 = 300;
/// Templates of one notebook: people read the whole list before they choose.
pub const TEMPLATES_MAX: i64 = 200;
/// Experiments named on a template's page; the others are in the list of experiments.
pub const TEMPLATE_USES_SHOWN_MAX: i64 = 50;
/// Findings that say the same of another one and are shown on its page.
pub const TIES_SHOWN_MAX: i64 = 20;
/// What was seen before, of findings and of experiments: more is read by nobody who is writing.
pub const SEEN_SHOWN_MAX: usize = 5;
/// Things with the same fault, and things in the same words, that are held against what is being written.
pub const SEEN_INDEXED_MAX: i64 = 20;
/// Things one person puts aside; who puts away more does not want to be shown any.
pub const ASIDE_MAX: i64 = 500;
/// Services of what is being written of which a page of experiments and one of findings are held against it.
pub const SEEN_SERVICES_MAX: usize = 10;
/// Experiments with the same fault whose findings are held against it, the newest first.
pub const SEEN_FAULTS_MAX: usize = 20;
/// Before this many days an accepted risk is said to expire: a sprint is longer, a week is enough to act.
pub const EXPIRES_SOON_DAYS: i64 = 7;
/// What a queue holds; nobody works off more, and the most pressing stands first.
pub const DUE_ROWS_MAX: usize = 200;
/// Experiments the clock looks at in one round; the others wait a minute.
pub const TELLINGS_AT_ONCE: i64 = 200;
/// Runs of automated experiments the clock looks at in one round, those that ended last first.
pub const UNATTENDED_AT_ONCE: i64 = 200;
/// A slot that was missed longer ago than this is no news: whoever comes back after a week looks at the calendar.
pub const SLOT_MISSED_NEWS_DAYS: i64 = 7;
/// A run that started longer ago than this and still reverts was forgotten: nobody is called to it.
pub const REVERT_NEWS_DAYS: i64 = 7;
/// So long after its end whoever leads a run is told that it still waits for its verdict.
pub const VERDICT_DUE_HOURS: i64 = 24;
/// A run that ended longer ago than this is no news: it stands in the queue of what is due.
pub const VERDICT_NEWS_DAYS: i64 = 7;
/// What each part of a digest names; the rest is counted.
pub const DIGEST_ROWS_MAX: usize = 10;
/// Lines of the trail that one digest reads, the newest first.
pub const DIGEST_LINES_MAX: i64 = 200;
/// Lines of the outbox that are passed on in one transaction; other writers wait meanwhile.
pub const OUTBOX_AT_ONCE: i64 = 50;
/// Targets looked up at once whose next delivery is due.
pub const DELIVERIES_DUE_MAX: i64 = 100;
/// Deliveries of one webhook that its page lists, the newest first.
pub const DELIVERIES_SHOWN_MAX: i64 = 50;
/// Longer than sending one message may take; then another node may send it.
pub const DELIVERY_CLAIM_S: i64 = 60;
/// What a target says of its trouble, as far as it is kept.
pub const DELIVERY_SAYS_CHARS_MAX: usize = 300;
/// A longer wait than this that a target asks for is a mistake of its own.
pub const DELIVERY_WAIT_HOURS_MAX: i64 = 24;
/// Webhooks of one notebook: with more, nobody knows any more who hears of what.
pub const WEBHOOKS_MAX: usize = 50;
/// Secrets of one webhook that sign at the same time, while a receiver takes up the newest.
pub const WEBHOOK_SECRETS_MAX: usize = 4;
/// What a notice says, as far as it is kept.
pub const NOTICE_CHARS_MAX: usize = 300;
/// What was so longer ago than this when it was written down is no news.
pub const NOTICE_LATE_HOURS: i64 = 24;
/// Messages that were taken, and inbox entries that are done, are kept for so long.
pub const DELIVERIES_KEPT_DAYS: i64 = 90;
/// Inbox entries that nobody marked done are kept for so long.
pub const NOTICES_KEPT_DAYS: i64 = 365;
/// E-mail that waits for longer than this is sent no more: nobody wants last week's news all at once. The waits after
/// failures add up to less.
pub const MAIL_WAITS_DAYS_MAX: i64 = 5;
/// A server that could send e-mail within so long is away for a while; others leave e-mail to it.
pub const MAIL_ANNOUNCED_HOURS: i64 = 24;
/// Tests and e-mails sent again to one person within an hour.
pub const MAIL_ASKED_FOR_MAX: usize = 5;
