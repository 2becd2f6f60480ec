//! What an experiment's runs prove: counts, dates and coverage, never one score.

use leptos::prelude::*;
use notebook::retrials::claims::{Claim, Confidence};

use crate::parts::facts::{Fact, Facts};
use crate::paths;
use crate::times::Times;
use crate::words::sentence;

#[component]
pub fn ConfidenceCard(claim: Claim, times: Times) -> impl IntoView {
    let Claim { confidence, fresh_until, .. } = claim;
    let counts = counts(&confidence);
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
        </section>
    }
    .into_any()
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
    use notebook::retrials::claims::{ClaimStanding, Coverage, Level};

    fn html(passes: u32, failures: u32) -> String {
        let confidence = Confidence {
            passes,
            failures,
            since: None,
            last_pass: None,
            level: Level::Tried,
            coverage: Some(Coverage { hit: 1, eligible: 5 }),
        };
        let answer = Answer::new(ClaimStanding::Current, "", "");
        let claim = Claim { answer, confidence, fresh_until: None };
        let times = Times { zone: "UTC".into(), now: 0 };
        Owner::new().with(|| view! { <ConfidenceCard claim=claim times=times/> }.to_html())
    }

    #[test]
    fn counts_stand_beside_the_bound_and_its_condition() {
        let html = html(10, 0);
        assert!(html.contains("10 of 10 passed") && html.contains("26 %"), "{html}");
        assert!(html.contains("if runs are independent and alike"), "{html}");
        assert!(html.contains("1 of 5 hit by a pass"), "{html}");
    }

    #[test]
    fn without_runs_there_is_no_number() {
        let html = html(0, 0);
        assert!(html.contains("No run counts") && html.contains("No evidence."), "{html}");
        assert!(!html.contains('%'), "{html}");
    }
}
