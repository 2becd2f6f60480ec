//! What happens to an SLO, as lines of the trail. Measurements have rows of their own; their line
//! says how many came at once.

use serde::{Deserialize, Serialize};

use super::{
    Slo,
    honeycomb::{HoneycombSource, alert::BurnAlert, budget::Budget},
    measurements::Source,
    source::PrometheusSource,
};
use crate::{text::Note, time::Moment};

/// One line of an SLO's trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum SloEvent {
    Written {
        revision: i64,
        text: Box<Slo>,
    },
    /// `withdrawn` measurements of slices stopped counting with it.
    Edited {
        revision: i64,
        text: Box<Slo>,
        #[serde(default)]
        withdrawn: u64,
    },
    Approved {
        revision: i64,
        #[serde(default)]
        withdrawn: u64,
    },
    Retired {
        reason: Note,
    },
    /// Measurements from the number `first` to the number `last`, that came together.
    Measured {
        source: Source,
        first: i64,
        last: i64,
        corrected: usize,
        from: Moment,
        to: Moment,
    },
    /// The same, where some took the place of earlier ones. People say why; programs may.
    Corrected {
        source: Source,
        first: i64,
        last: i64,
        corrected: usize,
        from: Moment,
        to: Moment,
        #[serde(default)]
        reason: Option<Note>,
    },
    GapSigned {
        number: i64,
        from: Moment,
        to: Moment,
        events: u64,
        reason: Note,
    },
    Withdrawn {
        number: i64,
        from: Moment,
        to: Moment,
        reason: Note,
    },
    SourceWritten {
        source: Box<PrometheusSource>,
    },
    SourceRemoved {
        reason: Note,
    },
    HoneycombWritten {
        source: Box<HoneycombSource>,
    },
    HoneycombRemoved {
        reason: Note,
    },
    /// Honeycomb told another budget than before, kept under this number.
    HoneycombBudget {
        number: i64,
        budget: Box<Budget>,
    },
    HoneycombAlert {
        number: i64,
        alert: Box<BurnAlert>,
    },
}

impl SloEvent {
    pub const fn act(&self) -> &'static str {
        match self {
            Self::Written { .. } => "written",
            Self::Edited { .. } => "edited",
            Self::Approved { .. } => "approved",
            Self::Retired { .. } => "retired",
            Self::Measured { .. } => "measured",
            Self::Corrected { .. } => "corrected",
            Self::GapSigned { .. } => "gap_signed",
            Self::Withdrawn { .. } => "withdrawn",
            Self::SourceWritten { .. } => "source_written",
            Self::SourceRemoved { .. } => "source_removed",
            Self::HoneycombWritten { .. } => "honeycomb_written",
            Self::HoneycombRemoved { .. } => "honeycomb_removed",
            Self::HoneycombBudget { .. } => "honeycomb_budget",
            Self::HoneycombAlert { .. } => "honeycomb_alert",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slos::sample::ingest;

    #[test]
    fn a_text_comes_back_out_of_its_line_exactly() {
        let written = SloEvent::Written { revision: 1, text: Box::new(ingest()) };
        let line = serde_json::to_string(&written).unwrap();
        assert!(line.contains("\"what\":\"written\"") && line.contains("\"0.9999\""), "{line}");
        assert_eq!(serde_json::from_str::<SloEvent>(&line).unwrap(), written);
        let before = serde_json::from_str::<SloEvent>(r#"{"what":"approved","revision":2}"#).unwrap();
        assert_eq!(before, SloEvent::Approved { revision: 2, withdrawn: 0 }, "as it was written before");
    }
}
