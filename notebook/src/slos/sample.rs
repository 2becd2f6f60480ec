//! An SLO for tests.

use super::{
    Slo, health::Patience, indicator::Indicator, levels::Levels, measurements::Source, method::Method, share::Share,
    target::Target, window::Window,
};
use crate::text::{Prose, Slug, Title};

/// S-Q1: 99.99 % of incoming events are stored, over 28 days; a day is "now".
pub fn ingest() -> Slo {
    let target = Target::read("99.99 %").unwrap();
    Slo {
        name: Title::new("Events are stored").unwrap(),
        service: Slug::new("ingest").unwrap(),
        environment: Slug::new("production").unwrap(),
        promise: Some(Prose::new("What you send us is kept.").unwrap()),
        indicator: Indicator { measure: Title::new("Stored events").unwrap(), good: None, definition: None },
        target,
        window: Window::rolling(28).unwrap(),
        method: Method::Occurrences,
        levels: Levels::new(target, Share::percent(99), 86_400_000).unwrap(),
        patience: Patience::default(),
        source: Source::Manual,
        begins: None,
    }
}
