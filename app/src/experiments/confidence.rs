//! What an experiment's runs prove: counts, dates and coverage, never one score.

use leptos::prelude::*;
use notebook::id::{ExperimentId, RunId};
use notebook::retrials::claims::{Claim, Confidence};

use super::runs_view::linked;
use crate::parts::facts::{Fact, Facts};
use crate::parts::why::Why;
use crate::paths;
use crate::times::Times;
use crate::words::sentence;

/// Runs that are not counted, said one by one.
const UNCOUNTED_MAX: usize = 10;

#[component]
pub fn ConfidenceCard(id: ExperimentId, claim: Claim, times: Times) -> impl IntoView {
    let Claim { confidence, fresh_until, .. } = claim;
    let (counts, opened) = (counts(&confidence), opened(id, &confidence));
    let words = sentence(&confidence.words());
    let last_pass = confidence.last_pass.map(|pass| {
        let (href, id, at) = (paths::run(pass.run), pass.run.to_string(), times.when(pass.ended));
        view! { <Fact term="Last pass">{at} " (" <a class="id" href=href>{id}</a> ")"</Fact> }
    });
    let since = confidence.since.map(|since| {
        let at = times.when(since);
        view! { <Fact term="Counted since">{at}</Fact> }
    });
    let until = fresh_until.map(|until| {
        let day = times.day(until);
        view! { <Fact term="Fresh until">{day}</Fact> }
    });
    let coverage = confidence.coverage.map(|coverage| {
        let words = format!("{} of {} hit by a pass", coverage.hit, coverage.eligible);
        view! { <Fact term="Targets">{words}</Fact> }
    });
    view! {
        <section class="card">
            <h2>"Confidence"</h2>
            <p class="big">{counts}</p>
            <p>{words}</p>
            <Facts>
                <Fact term="Level">{confidence.level.label()}</Fact>
                {last_pass}
                {since}
                {until}
                {coverage}
            </Facts>
            {opened}
        </section>
    }
    .into_any()
}

/// The runs behind the numbers, newest first; those that have no link of their own are in the list of all.
fn opened(id: ExperimentId, confidence: &Confidence) -> Option<AnyView> {
    let newest = |ids: &[RunId]| linked(&ids.iter().rev().copied().collect::<Vec<_>>());
    let line = |words: String, runs: AnyView| view! { <li>{words} " " {runs}</li> }.into_any();
    let mut lines = Vec::new();
    if !confidence.passed.is_empty() {
        lines.push(line(format!("{} passed:", confidence.passes), newest(&confidence.passed)));
    }
    if !confidence.failed.is_empty() {
        lines.push(line(format!("{} contradict the claim:", confidence.failures), newest(&confidence.failed)));
    }
    let uncounted = confidence.uncounted.iter().rev();
    lines.extend(
        uncounted.take(UNCOUNTED_MAX).map(|one| line(format!("not counted, {}:", one.why), linked(&[one.run]))),
    );
    let more = confidence.uncounted.len().saturating_sub(UNCOUNTED_MAX);
    if more > 0 {
        lines.push(view! { <li>{format!("{more} more are not counted")}</li> }.into_any());
    }
    if confidence.before > 0 {
        let words = format!("{} began before the newest fix or change and no longer count", confidence.before);
        lines.push(view! { <li>{words}</li> }.into_any());
    }
    let (all, words) = (paths::runs_of(id, None), format!("All runs of {id}"));
    (!lines.is_empty()).then(|| {
        view! { <Why question="Which runs are these?">{lines}<li><a href=all>{words}</a></li></Why> }.into_any()
    })
}

fn counts(confidence: &Confidence) -> String {
    match confidence.runs() {
        0 => "No run counts".to_owned(),
        runs => format!("{} of {runs}", confidence.passes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::answer::Answer;
    use notebook::retrials::claims::{ClaimStanding, Coverage, Level, Uncounted};

    fn html(passes: u32, failures: u32) -> String {
        let confidence = Confidence {
            passes,
            failures,
            passed: (1..=i64::from(passes)).map(RunId::of).collect(),
            failed: Vec::new(),
            uncounted: vec![Uncounted { run: RunId::of(99), why: "is invalid".into() }],
            before: 3,
            since: None,
            last_pass: None,
            level: Level::Tried,
            coverage: Some(Coverage { hit: 1, eligible: 5 }),
        };
        let answer = Answer::new(ClaimStanding::Current, "", "");
        let claim = Claim { answer, confidence, fresh_until: None };
        let times = Times { zone: "UTC".into(), now: 0 };
        Owner::new().with(|| view! { <ConfidenceCard id=ExperimentId::of(1) claim=claim times=times/> }.to_html())
    }

    #[test]
    fn counts_stand_beside_the_bound_and_its_condition() {
        let html = html(10, 0);
        assert!(html.contains("10 of 10 passed") && html.contains("26 %"), "{html}");
        assert!(html.contains("if runs are independent and alike"), "{html}");
        assert!(html.contains("1 of 5 hit by a pass"), "{html}");
    }

    #[test]
    fn the_numbers_open_into_their_runs() {
        let html = html(25, 0);
        assert!(html.contains("href=\"/runs/RUN-25\"") && html.contains("and 5 older"), "{html}");
        assert!(html.contains("not counted, is invalid:") && html.contains("href=\"/runs/RUN-99\""), "{html}");
        assert!(html.contains("3 began before the newest fix or change and no longer count"), "{html}");
        assert!(html.contains("href=\"/runs?experiment=EXP-1\""), "{html}");
    }

    #[test]
    fn without_runs_there_is_no_number() {
        let html = html(0, 0);
        assert!(html.contains("No run counts") && html.contains("No evidence."), "{html}");
        assert!(!html.contains('%'), "{html}");
    }
}
