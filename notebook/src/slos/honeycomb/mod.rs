//! What Honeycomb says of an SLO. It is kept beside the SLO as another tool's observation, with its source
//! and its age; nothing here counts it.

pub mod age;
pub mod alert;
pub mod budget;
pub mod polls;

use serde::{Deserialize, Serialize};

use self::{alert::BurnAlert, budget::Budget, polls::Polls};
use super::source::{address, said};
use crate::{
    experiments::plan::vocabulary,
    refusal::{Checking, Refusal},
    text::{Link, Slug, Title},
    time::Moment,
};

/// Where most teams of Honeycomb are; others are in Europe.
const USUAL_ADDRESS: &str = "https://api.honeycomb.io";

/// An SLO at Honeycomb. The credential is only named here, as it is for every source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoneycombSource {
    pub address: Link,
    /// Its slug, or `__all__`.
    pub dataset: Title,
    /// The id Honeycomb gave it.
    pub slo: Title,
    pub credential: Slug,
    pub on: bool,
}

/// An SLO at Honeycomb with its version, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    pub source: HoneycombSource,
    /// From when on it is asked.
    pub since: Moment,
    pub version: i64,
    pub polls: Polls,
}

vocabulary! {
    /// What an observation is about.
    #[cfg_attr(feature = "store", schemars(rename = "HoneycombKind"))]
    Kind {
        Budget = "budget", "error budget";
        BurnAlert = "burn_alert", "burn alert";
    }
}

/// What Honeycomb said. The numbers are its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Said {
    Budget(Budget),
    BurnAlert(BurnAlert),
}

impl Said {
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Budget(_) => Kind::Budget,
            Self::BurnAlert(_) => Kind::BurnAlert,
        }
    }

    /// In one line.
    pub fn words(&self) -> String {
        match self {
            Self::Budget(budget) => budget.words(),
            Self::BurnAlert(alert) => alert.words(),
        }
    }
}

/// One thing that Honeycomb said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    pub number: i64,
    pub said: Said,
    /// When it was said first.
    pub observed_at: Moment,
    /// When it was said last: the same answer again is no new observation.
    pub seen_at: Moment,
}

/// An SLO at Honeycomb as typed or sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "HoneycombDraft", extend("required" = ["dataset", "slo", "credential"])))]
#[serde(default, deny_unknown_fields)]
pub struct HoneycombDraft {
    /// Where Honeycomb's API is; empty means `https://api.honeycomb.io`.
    pub address: String,
    /// The slug of the SLO's dataset, or `__all__`.
    pub dataset: String,
    /// The id of the SLO at Honeycomb.
    pub slo: String,
    /// The name of a credential that the operator keeps beside the server.
    pub credential: String,
    /// Whether it is asked.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Tick>"))]
    pub on: String,
    /// The version an edit began from; empty where nothing is named yet.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

/// Why Honeycomb is asked no more.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "HoneycombRemoveDraft", extend("required" = ["reason"])))]
#[serde(default, deny_unknown_fields)]
pub struct RemoveHoneycombDraft {
    pub reason: String,
}

impl HoneycombDraft {
    pub fn check(&self) -> Result<HoneycombSource, Refusal> {
        let mut checking = Checking::default();
        let typed = if self.address.trim().is_empty() { USUAL_ADDRESS } else { self.address.as_str() };
        let address = said(&mut checking, "address", address(typed));
        let dataset = said(&mut checking, "dataset", name(&self.dataset));
        let slo = said(&mut checking, "slo", name(&self.slo));
        let credential = checking.need("credential", Slug::new(&self.credential));
        let on = checking.tick("on", &self.on);
        let whole = (|| {
            Some(HoneycombSource { address: address?, dataset: dataset?, slo: slo?, credential: credential?, on })
        })();
        checking.end(whole)
    }

    /// What an edit form begins with; `check` takes it back.
    pub fn of(source: &HoneycombSource, version: i64) -> Self {
        let HoneycombSource { address, dataset, slo, credential, on } = source;
        Self {
            address: address.to_string(),
            dataset: dataset.to_string(),
            slo: slo.to_string(),
            credential: credential.to_string(),
            on: if *on { "true".into() } else { String::new() },
            version: version.to_string(),
        }
    }
}

/// A part of an address. What would lead elsewhere is no name.
fn name(text: &str) -> Result<Title, String> {
    let name = Title::new(text).map_err(|trouble| trouble.to_string())?;
    let fits = name.as_str().chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if fits && name.as_str().chars().any(|c| c != '.') {
        return Ok(name);
    }
    Err("takes the name that stands in Honeycomb's own addresses: letters, digits, dots, - and _".into())
}

#[cfg(test)]
pub mod sample {
    use super::*;

    pub fn draft() -> HoneycombDraft {
        HoneycombDraft {
            dataset: "shop".into(),
            slo: "2LBq9LckbcA".into(),
            credential: "honeycomb".into(),
            on: "on".into(),
            ..HoneycombDraft::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{sample::draft, *};

    #[test]
    fn what_is_named_goes_into_its_form_and_comes_back_the_same() {
        let source = draft().check().unwrap();
        assert_eq!((source.address.as_str(), source.on), (USUAL_ADDRESS, true));
        assert_eq!(HoneycombDraft::of(&source, 3).check().unwrap(), source);
        let sent = serde_json::to_string(&source).unwrap();
        assert_eq!(serde_json::from_str::<HoneycombSource>(&sent).unwrap(), source);
    }

    #[test]
    fn each_field_says_what_it_takes() {
        type Breaks = fn(&mut HoneycombDraft);
        let cases: [(&str, Breaks); 9] = [
            ("address", |draft| draft.address = "mailto:ana@example.org".into()),
            ("address", |draft| draft.address = "https://ana:secret@example.org".into()),
            ("address", |draft| draft.address = "https://example.org/?token=secret".into()),
            ("dataset", |draft| draft.dataset = String::new()),
            ("dataset", |draft| draft.dataset = "shop/../auth".into()),
            ("dataset", |draft| draft.dataset = "..".into()),
            ("slo", |draft| draft.slo = "a?detailed=false".into()),
            ("credential", |draft| draft.credential = String::new()),
            ("credential", |draft| draft.credential = "../etc/passwd".into()),
        ];
        for (field, broken) in cases {
            let mut draft = draft();
            broken(&mut draft);
            let refusal = draft.check().unwrap_err();
            assert_eq!(refusal.troubles()[0].field, field, "{draft:?}");
        }
        let all = HoneycombDraft { dataset: "__all__".into(), ..draft() };
        assert!(all.check().is_ok());
    }
}
