//! What a fix is worth for one finding: the word, why, and what is waited for.

use leptos::prelude::*;
use notebook::fixes::Standing;
use notebook::fixes::standing::{Judged, StaleReason};
use notebook::id::{FindingId, FixId, RunId};

use crate::parts::because::Reasons;
use crate::parts::prose::Line;
use crate::parts::why::Why;
use crate::parts::words::Word;
use crate::paths;
use crate::times::Times;

/// "Stale (age)": the reason belongs to the word.
pub fn word(judged: &Judged) -> Word {
    let word = Word::from(judged.answer.is);
    match judged.stale_reason {
        Some(reason) => word.saying(format!("Stale ({})", reason.word())),
        None => word,
    }
}

/// "Why is FIX-2 verified for FND-1?"
pub fn question(fix: FixId, finding: FindingId, judged: &Judged) -> String {
    let is = match judged.answer.is {
        Standing::FailedVerification => "in failed verification".to_owned(),
        standing => standing.label().to_lowercase(),
    };
    format!("Why is {fix} {is} for {finding}?")
}

/// The badge, what verified it, until when, what is missing, and the reasons.
pub fn panel(judged: &Judged, question: String, open: bool, times: &Times) -> AnyView {
    let (because, own_times) = (judged.answer.because.clone(), times.clone());
    let waits = judged.waits.clone().map(|waits| view! { <p><Line text=waits/></p> });
    view! {
        <p>{word(judged).badge()}</p>
        {evidence(judged, times)}
        {waits}
        <Why question=question open=open><Reasons because=because times=own_times/></Why>
    }
    .into_any()
}

fn evidence(judged: &Judged, times: &Times) -> Option<AnyView> {
    let run = |run: RunId| view! { <a class="id" href=paths::run(run)>{run.to_string()}</a> };
    if let Some(against) = judged.contradicted_by {
        return Some(view! { <p>"Contradicted by " {run(against)} "."</p> }.into_any());
    }
    let verified_by = judged.verified_by?;
    let until = judged.fresh_until.map(|until| view! { ", fresh until " {times.when(until)} });
    let verb = match judged.stale_reason {
        Some(StaleReason::Age | StaleReason::Change | StaleReason::Plan) => "Was verified by ",
        None => "Verified by ",
    };
    Some(view! { <p>{verb} {run(verified_by)} {until} "."</p> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::answer::Answer;
    use notebook::id::Id;

    fn judged(is: Standing, stale_reason: Option<StaleReason>) -> Judged {
        let answer = Answer::new(is, "FIX-1", "Because.");
        Judged { answer, verified_by: None, contradicted_by: None, stale_reason, fresh_until: None, waits: None }
    }

    #[test]
    fn a_stale_fix_says_what_made_it_stale() {
        assert_eq!(word(&judged(Standing::Stale, Some(StaleReason::Change))).word, "Stale (change)");
        assert_eq!(word(&judged(Standing::Verified, None)).word, "Verified");
    }

    #[test]
    fn the_question_names_fix_and_finding() {
        let asked = |is| question(Id::of(2), Id::of(1), &judged(is, None));
        assert_eq!(asked(Standing::Verified), "Why is FIX-2 verified for FND-1?");
        assert_eq!(asked(Standing::FailedVerification), "Why is FIX-2 in failed verification for FND-1?");
    }

    #[test]
    fn reasons_are_open_only_where_asked() {
        let html = |open: bool| {
            Owner::new().with(|| {
                let times = Times { zone: "UTC".into(), now: 0 };
                panel(&judged(Standing::Deployed, None), "Why?".into(), open, &times).to_html()
            })
        };
        assert!(html(true).contains(" open"), "{}", html(true));
        assert!(!html(false).contains(" open"), "{}", html(false));
        assert!(html(false).contains("Because."));
    }
}
