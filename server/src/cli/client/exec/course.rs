//! What is done about a command while it runs: asked to stop twice, then ended. Pure, so that every order of
//! events is a line of a table.

use super::signals::Own;

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Runs,
    Asked,
    AskedAgain,
    Killed,
}

/// Why a command is stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Somebody aborted the run.
    Aborted,
    /// A freeze began; in its own words.
    Frozen(String),
    /// This program was told to.
    Signalled(Own),
}

impl Why {
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Aborted => "abort",
            Self::Frozen(_) => "freeze",
            Self::Signalled(_) => "signal",
        }
    }

    /// The run does not know of it yet, so it is aborted.
    pub const fn is_news(&self) -> bool {
        !matches!(self, Self::Aborted)
    }

    /// A sentence for the run and for whoever waits.
    pub fn says(&self) -> String {
        match self {
            Self::Aborted => "The run was aborted.".to_owned(),
            Self::Frozen(says) => says.clone(),
            Self::Signalled(own) => format!("retrial exec got {}.", own.name()),
        }
    }
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Stop(Why),
    /// The time that it had for stopping is over.
    GraceOver,
}

/// What is done then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Do {
    Nothing,
    Ask,
    Kill,
    /// Not even that ended it.
    GiveUp,
}

/// The notebook says again with each look that a run is aborted; a second signal is somebody in a hurry.
pub const fn next(stage: Stage, event: &Event) -> (Stage, Do) {
    match (stage, event) {
        (Stage::Runs, Event::Stop(_)) => (Stage::Asked, Do::Ask),
        (Stage::Asked, Event::GraceOver | Event::Stop(Why::Signalled(_))) => (Stage::AskedAgain, Do::Ask),
        (Stage::AskedAgain, Event::GraceOver | Event::Stop(Why::Signalled(_))) => (Stage::Killed, Do::Kill),
        (Stage::Killed, Event::GraceOver) => (Stage::Killed, Do::GiveUp),
        (Stage::Runs, Event::GraceOver)
        | (Stage::Killed, Event::Stop(_))
        | (Stage::Asked | Stage::AskedAgain, Event::Stop(Why::Aborted | Why::Frozen(_))) => (stage, Do::Nothing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stopped(why: Why) -> Event {
        Event::Stop(why)
    }

    #[test]
    fn each_stage_answers_each_event() {
        let signal = || stopped(Why::Signalled(Own::Int));
        let abort = || stopped(Why::Aborted);
        let freeze = || stopped(Why::Frozen("A freeze is on.".into()));
        for (stage, event, expected) in [
            (Stage::Runs, abort(), (Stage::Asked, Do::Ask)),
            (Stage::Runs, freeze(), (Stage::Asked, Do::Ask)),
            (Stage::Runs, signal(), (Stage::Asked, Do::Ask)),
            (Stage::Runs, Event::GraceOver, (Stage::Runs, Do::Nothing)),
            (Stage::Asked, abort(), (Stage::Asked, Do::Nothing)),
            (Stage::Asked, freeze(), (Stage::Asked, Do::Nothing)),
            (Stage::Asked, signal(), (Stage::AskedAgain, Do::Ask)),
            (Stage::Asked, Event::GraceOver, (Stage::AskedAgain, Do::Ask)),
            (Stage::AskedAgain, abort(), (Stage::AskedAgain, Do::Nothing)),
            (Stage::AskedAgain, freeze(), (Stage::AskedAgain, Do::Nothing)),
            (Stage::AskedAgain, signal(), (Stage::Killed, Do::Kill)),
            (Stage::AskedAgain, Event::GraceOver, (Stage::Killed, Do::Kill)),
            (Stage::Killed, abort(), (Stage::Killed, Do::Nothing)),
            (Stage::Killed, freeze(), (Stage::Killed, Do::Nothing)),
            (Stage::Killed, signal(), (Stage::Killed, Do::Nothing)),
            (Stage::Killed, Event::GraceOver, (Stage::Killed, Do::GiveUp)),
        ] {
            assert_eq!(next(stage, &event), expected, "{stage:?} {event:?}");
        }
    }

    #[test]
    fn only_what_the_run_does_not_know_is_told_to_it() {
        assert!(!Why::Aborted.is_news());
        assert!(Why::Frozen(String::new()).is_news() && Why::Signalled(Own::Hup).is_news());
    }
}
