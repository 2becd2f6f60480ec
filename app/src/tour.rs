//! The tour through the sample: five notes, each on the ordinary page of what it speaks of. They are
//! parts of their pages, so they need no script, hide nothing, and can be linked to.

use leptos::prelude::*;
use notebook::samples;

use crate::ask::query;
use crate::look::Look;
use crate::parts::icon::{Icon, IconName};
use crate::paths;

/// Where a note stands and what it explains, in two sentences.
struct Stop {
    page: fn() -> String,
    title: &'static str,
    says: &'static str,
}

const STOPS: [Stop; paths::TOUR_NOTES] = [
    Stop {
        page: || paths::run(samples::FIRST_RUN),
        title: "Four questions, four answers",
        says: "Whether a run happened, whether it counts, what became of its hypothesis and whether telemetry told the truth are never one status. This one counts and is refuted: it found two weaknesses, which is what it was for.",
    },
    Stop {
        page: || paths::finding(samples::FINDING),
        title: "From a weakness to its proof",
        says: "A run showed it and a fix was deployed, but the first rerun met another fault and proved nothing. Only the run after that one verifies the fix; follow the arrows.",
    },
    Stop {
        page: || paths::run(samples::RERUN),
        title: "A rerun may say nothing about a fix",
        says: "Closing a run asks for each open fix whether the run tried it: held, failed, or not exercised. Here a broken push had come in between, so the honest answer was the last one, and the fix went on waiting.",
    },
    Stop {
        page: || paths::fix(samples::FIX),
        title: "Nobody can set \u{201c}verified\u{201d}",
        says: "The word follows from what was recorded, and the events it rests on stand beside it. Rule that run invalid, and the fix waits for a rerun again; record a relevant change, and it is stale.",
    },
    Stop {
        page: || paths::decision(samples::DECISION),
        title: "What you now dare to do",
        says: "A decision keeps the evidence it was taken on: ten restarts of ten. When that evidence grows old or breaks, the decision says so by itself.",
    },
];

/// The note of the address's `tour=`, on the page it belongs to and on no other.
#[component]
pub fn TourNote() -> impl IntoView {
    here()
}

fn here() -> Option<AnyView> {
    let number: usize = query("tour").parse().ok()?;
    let stop = STOPS.get(number.checked_sub(1)?)?;
    let path = Look::here().path;
    let here = path.split(['?', '#']).next().unwrap_or_default() == (stop.page)();
    here.then(|| note(number, stop))
}

fn note(number: usize, stop: &'static Stop) -> AnyView {
    let before = (number > 1).then(|| view! { <a href=address(number - 1)>"Previous note"</a> });
    let next = match STOPS.get(number) {
        Some(next) => view! { <a class="button" href=address(number + 1)>"Next: " {next.title}</a> }.into_any(),
        None => view! { <a class="button" href=paths::today()>"Back to Today"</a> }.into_any(),
    };
    let end = (number < STOPS.len()).then(|| view! { <a href=(stop.page)()>"End the tour"</a> });
    let place = format!("Tour, note {number} of {}", STOPS.len());
    let label = place.clone();
    view! {
        <aside class="card tour" id=paths::TOUR_ANCHOR aria-label=label tabindex="-1" data-print="none">
            <p class="row muted"><Icon of=IconName::BookOpen/>{place}</p>
            <h2>{stop.title}</h2>
            <p>{stop.says}</p>
            <div class="row">{before}{next}{end}</div>
        </aside>
    }
    .into_any()
}

/// A note on its page; the fragment brings it into view.
fn address(number: usize) -> String {
    STOPS.get(number - 1).map(|stop| paths::on_tour(&(stop.page)(), number)).unwrap_or_default()
}

/// Where the tour begins.
pub fn begins() -> String {
    address(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_note_leads_to_the_next_one() {
        let html = Owner::new().with(|| note(3, &STOPS[2]).to_html());
        assert!(html.contains("/fixes/DEMO-FIX-2?tour=4#tour"), "{html}");
        assert!(html.contains("/findings/DEMO-FND-2?tour=2#tour"), "{html}");
        assert!(html.contains("note 3 of 5"), "{html}");
        let last = Owner::new().with(|| note(5, &STOPS[4]).to_html());
        assert!(last.contains("Back to Today") && !last.contains("End the tour"), "{last}");
        assert_eq!(begins(), "/runs/DEMO-RUN-1?tour=1#tour");
    }

    #[test]
    fn a_note_has_two_sentences() {
        for stop in &STOPS {
            assert_eq!(stop.says.matches(['.', '?', '!']).count(), 2, "{}", stop.title);
        }
    }
}
