//! The run's separate answers side by side: validity, verdict, telemetry, and one for each open fix.

use leptos::prelude::*;
use notebook::retrials::acts::OpenFix;
use notebook::runs::trail::RunEvent;
use notebook::runs::validity::Validity;

use crate::parts::answers::{AnswerTo, Answers};
use crate::parts::words::{Word, verdict};
use crate::paths;
use crate::runs::loaded::Loaded;
use crate::runs::why::why;
use crate::words::with_reason;

pub fn panel(run: &Loaded) -> AnyView {
    let (validity, verdict, telemetry) = (validity(run), verdict_cell(run), telemetry(run));
    let fixes = run.open.iter().map(|open| fix(run, open)).collect_view();
    view! { <Answers>{validity}{verdict}{telemetry}{fixes}</Answers> }.into_any()
}

fn validity(run: &Loaded) -> Option<AnyView> {
    let answer = run.shown.validity.as_ref()?;
    let badge = with_reason(answer.is).badge();
    let question = format!("Why is {} {}?", run.id(), answer.is.label().to_lowercase());
    let why = why(question, &answer.because, &run.times);
    let note = run.facts().ruling.as_ref().map(|_| ruled(run));
    Some(view! { <AnswerTo question="Validity" note=note>{badge}{why}</AnswerTo> }.into_any())
}

/// Who ruled last.
fn ruled(run: &Loaded) -> String {
    let last = run.trail.iter().rev().find(|told| matches!(told.event, RunEvent::ValidityRuled { .. }));
    last.map_or_else(|| "ruled".to_owned(), |told| format!("ruled by {}", told.who()))
}

fn verdict_cell(run: &Loaded) -> AnyView {
    let shown = &run.shown;
    if matches!(shown.validity.as_ref().map(|answer| answer.is), Some(Validity::Invalid(_))) {
        let words = "An invalid run has no verdict.";
        return view! { <AnswerTo question="Verdict"><span class="muted">{words}</span></AnswerTo> }.into_any();
    }
    let why = shown.proposed.as_ref().and_then(|answer| {
        why(format!("Why do the values say {}?", answer.is.label().to_lowercase()), &answer.because, &run.times)
    });
    let badge = match shown.verdict {
        Some(verdict) => Word::from(verdict).badge(),
        None => verdict::DUE.badge(),
    };
    let note = verdict_note(run);
    view! { <AnswerTo question="Verdict" note=note>{badge}{why}</AnswerTo> }.into_any()
}

/// Who signed what, and who overruled it; before that, what the values propose.
fn verdict_note(run: &Loaded) -> Option<String> {
    let Some(signed) = run.facts().signed else {
        return run.shown.proposed.as_ref().map(|answer| format!("proposed: {}", answer.is.label().to_lowercase()));
    };
    let by = by(run, |event| matches!(event, RunEvent::Signed { .. }));
    if run.facts().overruled.is_none() {
        Some(format!("signed{by}"))
    } else {
        let over = self::by(run, |event| matches!(event, RunEvent::Overruled { .. }));
        Some(format!("signed {}{by}, overruled{over}", signed.label().to_lowercase()))
    }
}

/// " by Ben" for the last line that fits.
pub fn by(run: &Loaded, fits: impl Fn(&RunEvent) -> bool) -> String {
    run.trail.iter().rev().find(|told| fits(&told.event)).map(|told| format!(" by {}", told.who())).unwrap_or_default()
}

fn telemetry(run: &Loaded) -> AnyView {
    let answer = &run.shown.telemetry;
    let badge = Word::from(answer.is).badge();
    let why = why(format!("Why does telemetry say {}?", answer.is.label().to_lowercase()), &answer.because, &run.times);
    view! { <AnswerTo question="Telemetry">{badge}{why}</AnswerTo> }.into_any()
}

fn fix(run: &Loaded, open: &OpenFix) -> AnyView {
    let question = format!("{} in this run", open.fix.id);
    let badge = match &open.answer {
        Some(answer) => Word::from(answer.exercised).badge(),
        None => verdict::DUE.saying("Not answered").badge(),
    };
    let lacks = run.facts().lacks.contains(&open.fix.id);
    let lacking = if lacks { ", on a version recorded as lacking it" } else { "" };
    let reason = open.answer.as_ref().map(|answer| answer.reason.clone()).filter(|reason| !reason.is_empty());
    let note = reason.map_or_else(
        || format!("for {}{lacking}", open.finding.id),
        |reason| format!("for {}{lacking}: {reason}", open.finding.id),
    );
    let (href, words) = (paths::fix(open.fix.id), open.fix.title.to_string());
    view! { <AnswerTo question=question note=note>{badge}" "<a href=href>{words}</a></AnswerTo> }.into_any()
}
