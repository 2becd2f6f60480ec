//! One command under one run, from its start to what is told of its end.

use std::{io, os::unix::process::ExitStatusExt as _, process::ExitStatus, time::Duration};

use tokio::{
    sync::mpsc::Receiver,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use super::{
    Exec, Ready,
    command::Running,
    course::{Do, Event, Stage, Why, next},
    guard::Guard,
    journal::{Found, Journal},
    report::Report,
    sending::Outbox,
    signals::Own,
    spool::Message,
    told::{Clock, End, Teller, ending},
    voice::say,
    watch::{Seen, watch},
};
use crate::{
    cli::Stopped,
    config::{EXPERIMENT_VARIABLE, RUN_VARIABLE},
};

/// How often it is looked whether anybody is left of a group that is stopped.
const GONE_EVERY_MS: u64 = 50;
/// What SIGKILL does not end in this time waits for a device.
const KILLED_MS_MAX: u64 = 5_000;
/// How long a notebook that is away is waited for once the command has ended.
const SETTLE_MS_MAX: u64 = 10_000;

pub(super) struct Session<'a> {
    pub(super) exec: &'a Exec,
    pub(super) ready: &'a Ready,
    pub(super) teller: Teller,
    pub(super) clock: Clock,
    pub(super) outbox: Outbox,
    /// Below `/api/v1/`, and the run's page.
    pub(super) page: String,
    /// The plan may say what exit codes mean.
    pub(super) codes_mean: bool,
}

/// Why a journal that was asked for is missing.
fn no_journal(found: Option<&Found>) -> String {
    match found {
        Some(Found::Nothing(why)) => format!("\n\nNo journal was read: {why}"),
        Some(Found::Written(_)) | None => String::new(),
    }
}

/// How the command's course went.
struct Course {
    end: End,
    stopped: Option<Why>,
    was_killed: bool,
}

impl Session<'_> {
    pub(super) async fn run(
        self,
        mut guard: Guard,
        mut signals: Receiver<Own>,
        report: &mut Report,
    ) -> Result<(), Stopped> {
        let journal = self.exec.journal.as_deref().map(Journal::expected);
        let (began, since) = (self.clock.now(), Instant::now());
        let told = [
            ("RETRIAL_URL", self.ready.url.as_str()),
            (EXPERIMENT_VARIABLE, self.teller.experiment.as_str()),
            (RUN_VARIABLE, self.teller.run.as_str()),
        ];
        let mut running = match Running::start(&self.exec.command, &told) {
            Ok(running) => running,
            Err(trouble) => return self.could_not_start(&trouble, report).await,
        };
        report.started = true;
        if let Err(trouble) = guard.watch(running.group()) {
            say(&format!(
                "The second process does not answer: {trouble}; should this one be killed, the command goes on"
            ));
        }
        self.tell(self.teller.observed(
            began,
            true,
            &format!("retrial exec started: {}", self.ready.secrets.words(&self.exec.command)),
        ));
        // A journal knows better when the fault began.
        if journal.is_none() {
            self.tell(self.teller.fault_began(began));
        }
        let course = self.follow(&mut running, &mut signals).await;
        let (ended, took) = (self.clock.now(), since.elapsed());
        guard.dismiss();
        let said = self.ready.secrets.told(&running.said().await);
        report.ended(course.end, course.stopped.as_ref(), course.was_killed);
        let found = journal.map(|journal| journal.read());
        report.journal = found.as_ref().map(|found| matches!(found, Found::Written(_)));
        if matches!(found, Some(Found::Nothing(_))) {
            self.tell(self.teller.fault_began(began));
        }
        // An abort has ended it.
        if course.stopped.is_none() && !matches!(found, Some(Found::Written(_))) {
            self.tell(self.teller.fault_ended(ended));
        }
        let mut text = ending(course.end, took, course.stopped.as_ref(), course.was_killed, &said);
        text.push_str(&no_journal(found.as_ref()));
        self.tell(self.teller.observed(ended, course.end == End::Code(0), &text));
        // Whoever stops a command makes it end otherwise.
        if let (true, None, End::Code(code)) = (self.codes_mean, &course.stopped, course.end) {
            self.tell(self.teller.exit_code(ended, code));
        }
        if let Some(Found::Written(journal)) = found {
            self.tell(self.teller.journal(journal));
        }
        let end = course.end;
        self.close(&end.words(), report).await;
        // Whoever reads what the command said does that at their own pace; a signal is enough of waiting.
        tokio::select! {
            () = running.passed_on() => {}
            Some(_) = signals.recv() => {}
        }
        match end.number() {
            0 => Ok(()),
            number => Err(Stopped::with(number, "")),
        }
    }

    /// Until the command has ended and, where it was stopped, everybody it started has too.
    async fn follow(&self, running: &mut Running, signals: &mut Receiver<Own>) -> Course {
        let (mut seen, watcher) = watch(self.ready.connection.clone(), self.page.clone());
        let mut looks = interval(Duration::from_millis(GONE_EVERY_MS));
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut stage, mut stopped, mut due) = (Stage::Runs, None, None);
        let (mut end, mut is_away) = (None, false);
        loop {
            let event = tokio::select! {
                biased;
                status = running.ended(), if end.is_none() => {
                    end = Some(ended(status));
                    if stage != Stage::Runs && !running.is_gone() {
                        running.ask();
                    }
                    None
                }
                Some(own) = signals.recv() => Some(Event::Stop(Why::Signalled(own))),
                () = until(due) => Some(Event::GraceOver),
                Some(seen) = seen.recv() => self.understood(seen, &mut is_away).map(Event::Stop),
                _ = looks.tick(), if end.is_some() => None,
            };
            if end.is_some() && (stage == Stage::Runs || running.is_gone()) {
                break;
            }
            let Some(event) = event else { continue };
            let (after, what) = next(stage, &event);
            match what {
                Do::Nothing => {}
                Do::Ask => running.ask(),
                Do::Kill => running.kill(),
                Do::GiveUp => break,
            }
            if after != stage {
                stage = after;
                due = Some(Instant::now() + self.time_for(stage));
            }
            if stopped.is_none()
                && let Event::Stop(why) = event
            {
                self.stopping(&why);
                stopped = Some(why);
            }
        }
        watcher.abort();
        Course { end: end.unwrap_or(End::Never), stopped, was_killed: stage == Stage::Killed }
    }

    fn time_for(&self, stage: Stage) -> Duration {
        match stage {
            Stage::Killed => Duration::from_millis(KILLED_MS_MAX),
            Stage::Runs | Stage::Asked | Stage::AskedAgain => self.exec.grace,
        }
    }

    /// Whoever waits reads it, and the run if it does not know.
    fn stopping(&self, why: &Why) {
        say(&format!("{} The command is told to stop.", why.says()));
        if why.is_news() {
            self.tell(self.teller.aborted(self.clock.now(), why));
        }
    }

    /// Why the command is to stop. A notebook that is away is said once, and stops nothing.
    fn understood(&self, seen: Seen, is_away: &mut bool) -> Option<Why> {
        match seen {
            Seen::Unknown(why) => {
                if !*is_away {
                    let folder = self.outbox.folder();
                    say(&format!("{why}; the command goes on, and what happens is kept in {}", folder.display()));
                }
                *is_away = true;
                None
            }
            known => {
                if std::mem::take(is_away) {
                    say(&format!("{} answers again.", self.ready.url));
                }
                match known {
                    Seen::Aborted => Some(Why::Aborted),
                    Seen::Frozen(says) => Some(Why::Frozen(says)),
                    Seen::GoesOn | Seen::Unknown(_) => None,
                }
            }
        }
    }

    /// The run is open, and nothing runs under it.
    async fn could_not_start(self, trouble: &io::Error, report: &mut Report) -> Result<(), Stopped> {
        let says = format!("The command could not be started: {trouble}");
        self.tell(self.teller.not_started(self.clock.now(), &says));
        self.close("not started", report).await;
        Err(Stopped::new(says))
    }

    /// Without a key for it, nothing can be told twice safely, so it is not told at all.
    fn tell(&self, message: Result<Message, Stopped>) {
        match message {
            Ok(message) => self.outbox.put(message),
            Err(no) => say(&format!("The run is not told of this: {no}")),
        }
    }

    async fn close(self, end: &str, report: &mut Report) {
        let (run, page) = (&self.teller.run, self.ready.connection.page(&self.page));
        let folder = self.outbox.folder();
        let sent = self.outbox.settle(Duration::from_millis(SETTLE_MS_MAX)).await;
        report.sent(&sent);
        for no in &sent.refused {
            say(no);
        }
        if sent.waiting > 0 {
            let why = sent.why.as_ref().map_or("the notebook is slow", |held| held.says.as_str());
            say(&format!(
                "{} messages wait in {} ({why}); retrial spool sends them, and the next retrial exec does",
                sent.waiting,
                folder.display()
            ));
        }
        say(&format!("{run} ended · {end} · answer the after-checks: {page}"));
    }
}

fn ended(status: io::Result<ExitStatus>) -> End {
    match status.map(|status| (status.code(), status.signal())) {
        Ok((Some(code), _)) => End::Code(code),
        Ok((None, Some(number))) => End::Signal(number),
        Ok((None, None)) | Err(_) => End::Never,
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}
