//! What a document says of one SLO, beside what is here already.

use std::collections::BTreeSet;

use super::own::PREFIX;
use crate::{
    refusal::FieldTrouble,
    slos::{Slo, drafts::Draft},
    time::Zone,
};

/// What a document may leave open, and is then taken as usual.
pub(super) const WINDOW: &str = "window";
pub(super) const METHOD: &str = "method";

/// What a document says of one SLO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub draft: Draft,
    /// It came from here, so what it leaves out is meant to be empty.
    pub is_ours: bool,
    /// The id it had when it went out; empty for others.
    pub id: String,
    /// Fields of the draft that an annotation of ours says.
    pub(super) annotated: BTreeSet<String>,
    /// What it names nowhere, [`WINDOW`] or [`METHOD`].
    pub(super) left_open: Vec<&'static str>,
    /// Where the draft's fields stand in the document.
    pub(super) paths: Vec<(&'static str, String)>,
}

impl Said {
    /// What the SLO that is there already would say: what a document of another leaves open stays as
    /// people wrote it here.
    pub fn over(&self, present: &Slo) -> Draft {
        let said = self.draft.clone();
        if self.is_ours {
            return said;
        }
        let kept = Draft::of(present, 1);
        let or = |name: &str, said: String, kept: String| if self.annotated.contains(name) { said } else { kept };
        let unless_open = |what, said: String, kept: String| if self.left_open.contains(&what) { kept } else { said };
        let promise = if kept.promise.is_empty() { said.promise.clone() } else { kept.promise };
        Draft {
            promise: or("promise", said.promise, promise),
            good_enough: or("good_enough", said.good_enough, kept.good_enough),
            too_broken: or("too_broken", said.too_broken, kept.too_broken),
            level_window: or("level_window", said.level_window, kept.level_window),
            age_max: or("age_max", said.age_max, kept.age_max),
            gap_max: or("gap_max", said.gap_max, kept.gap_max),
            source: or("source", said.source, kept.source),
            begins: or("begins", said.begins, kept.begins),
            window: unless_open(WINDOW, said.window, kept.window),
            days: unless_open(WINDOW, said.days, kept.days),
            zone: unless_open(WINDOW, said.zone, kept.zone),
            method: unless_open(METHOD, said.method, kept.method),
            slice: unless_open(METHOD, said.slice, kept.slice),
            slice_good: unless_open(METHOD, said.slice_good, kept.slice_good),
            ..said
        }
    }

    /// The checked text of a draft made of this; each trouble with its place in the document.
    pub fn check(&self, draft: &Draft) -> Result<Slo, Vec<FieldTrouble>> {
        draft.check(&Zone::utc()).map_err(|refusal| {
            let placed = refusal.troubles().iter().map(|trouble| {
                let path = self.paths.iter().find(|(field, _)| *field == trouble.field).map(|(_, path)| path.clone());
                let path = path.unwrap_or_else(|| format!("metadata.annotations.{PREFIX}{}", trouble.field));
                FieldTrouble::new(path, trouble.says.clone())
            });
            placed.collect()
        })
    }
}
