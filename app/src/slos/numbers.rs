//! Where the budget stands, in numbers and words, each with its reasons.

use leptos::prelude::*;
use notebook::answer::Because;
use notebook::slos::Slo;
use notebook::slos::acts::Shown;
use notebook::slos::reasons::{lasts, pace, sums};
use notebook::slos::words::percent_down;

use crate::parts::because::Reasons;
use crate::parts::facts::{Fact, Facts};
use crate::parts::why::Why;
use crate::parts::words::Word;
use crate::times::Times;

pub fn section(shown: &Shown, times: &Times) -> AnyView {
    let slo = shown.kept.in_force();
    view! {
        <section id="budget">
            <h2>"Error budget"</h2>
            <div class="cards tight">
                {left(slo, shown, times)}
                {level(shown, times)}
                {speed(slo, shown, times)}
            </div>
        </section>
    }
    .into_any()
}

fn left(slo: &Slo, shown: &Shown, times: &Times) -> AnyView {
    let standing = &shown.standing;
    let health = Word::from(standing.health.is);
    let is_word = health.word.to_lowercase();
    let big = standing.budget.map_or_else(|| "unknown".to_owned(), |budget| percent_down(budget.remaining()));
    let sums = sums(slo, standing);
    let facts = sums.as_ref().map(|sums| {
        let sums = sums.is.clone();
        view! {
            <Facts>
                <Fact term="Allowed">{sums.allowed}</Fact>
                <Fact term="Spent">{sums.spent}</Fact>
                <Fact term="Left">{sums.left}</Fact>
            </Facts>
        }
    });
    let mut because = standing.health.because.clone();
    because.extend(sums.into_iter().flat_map(|sums| sums.because));
    view! {
        <article class="card">
            <h3>"Left of the budget"</h3>
            <p class="big num">{big}</p>
            <p>{health.badge()}</p>
            {facts}
            {why(format!("Why is the budget {is_word}?"), because, times)}
        </article>
    }
    .into_any()
}

fn level(shown: &Shown, times: &Times) -> AnyView {
    let level = &shown.standing.level;
    let word = Word::from(level.is);
    let question = format!("Why is it {} now?", word.word.to_lowercase());
    view! {
        <article class="card">
            <h3>"Level now"</h3>
            <p>{word.badge()}</p>
            {why(question, level.because.clone(), times)}
        </article>
    }
    .into_any()
}

fn speed(slo: &Slo, shown: &Shown, times: &Times) -> AnyView {
    let (pace, lasts) = (pace(slo, &shown.standing), lasts(&shown.standing));
    let because = pace.because.into_iter().chain(lasts.because).collect();
    view! {
        <article class="card">
            <h3>"Pace"</h3>
            <Facts>
                <Fact term="Burn rate">{pace.is}</Fact>
                <Fact term="Lasts">{lasts.is}</Fact>
            </Facts>
            {why("Why this pace?".into(), because, times)}
        </article>
    }
    .into_any()
}

fn why(question: String, because: Vec<Because>, times: &Times) -> AnyView {
    let times = times.clone();
    view! { <Why question=question><Reasons because=because times=times/></Why> }.into_any()
}
