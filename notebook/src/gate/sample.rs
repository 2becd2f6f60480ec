//! A gate at which everything says go, for tests that each change one thing.

use super::{Around, Input, Inputs, PlanState, Quorum, Rehearsed, SloState, SteadyState};
use crate::{
    services::EnvironmentClass,
    slos::{
        budget::{Budget, Counts},
        fits::{Asked, Fitting, RESERVE},
        levels::Level,
        measurements::sample::{hour, hours},
        target::Target,
        window::Window,
    },
};

pub fn all_go() -> Inputs {
    Inputs {
        class: EnvironmentClass::Production,
        plan: Input::Known(PlanState { approved: true, missing: Vec::new() }),
        freezes: Vec::new(),
        quorum: Input::Known(Quorum::Met("3 people are here".into())),
        no_go: Vec::new(),
        outside_hours: Input::Known(Vec::new()),
        hours_about: Vec::new(),
        slos: vec![slo("SLO-1", 0, 900)],
        incidents: Input::Known(Around::default()),
        incidents_about: Vec::new(),
        conflicts: Around::default(),
        steady_state: Input::Known(SteadyState::Holding { age_ms: 60_000 }),
        revert: Input::Known(Rehearsed::Ago { ms: 86_400_000 }),
        at_once: Input::Known(1),
        regressions: Vec::new(),
    }
}

/// Of a thousand allowed bad events so many are spent; a hundred are reserve.
pub fn slo(name: &str, bad: u64, worst: u64) -> SloState {
    let (window, counts) = (Window::rolling(28).unwrap(), Counts { good: 1_000_000 - bad, bad });
    let budget = Budget::of(Target::read("99.9 %").unwrap(), counts).unwrap();
    let asked = Asked { window: &window, counted: hours(-27 * 24, 24), budget: &budget };
    let spent = [crate::slos::counting::Unit { start: hour(-1), end: hour(0), counts }];
    let fitting = Fitting::of(&asked, &spent, RESERVE, worst, hour(24));
    SloState { name: name.into(), budget: Input::Known(fitting), level: Level::GoodEnough }
}
