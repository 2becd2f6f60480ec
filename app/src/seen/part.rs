//! The list of what was seen before, and the card beside a form that holds it.

use std::collections::BTreeSet;

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::id::{ExperimentId, FindingId, RunId};
use notebook::retrials::seen::{Likeness, Writing};
use notebook::search::Found;
use notebook::search::in_time::in_time;
use notebook::search::seen_before::{Own, SeenBefore, SeenExperiment, SeenFinding, SeenObservation, seen_before};
use notebook::text::Slug;

use super::live::Looking;
use crate::form::{Form, FormState};
use crate::kept::{ASIDE, MENTION, MORE_ROWS};
use crate::parts::field::field_id;
use crate::parts::words::Word;
use crate::paths;
use crate::search::address;

/// Of each kind; the others are folded away.
const OPEN_MAX: usize = 3;

/// What it stands beside.
pub struct Beside<'a> {
    pub form: &'a FormState,
    /// The field into which ids are put.
    pub notes: &'static str,
    /// The experiment that is being written.
    pub own: Option<ExperimentId>,
    /// What a finding comes with: its run, and that run's services and fault, which the form does not ask.
    pub of_run: Option<OfRun>,
}

/// The form a button of the card belongs to, where it shows that form again, and the field into which ids are put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    form: String,
    again: String,
    notes: &'static str,
}

/// The run that a finding begins from.
#[derive(Debug, Clone)]
pub struct OfRun {
    pub run: RunId,
    pub services: BTreeSet<Slug>,
    pub fault: Option<Slug>,
}

/// What can be said by one press of a finding that was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Same {
    /// Nothing: what is being written is no finding, or of no run.
    Unasked,
    /// This run shows it again.
    ShownBy(RunId),
    /// This finding is the same.
    Finding(FindingId),
}

/// The card beside a form, for what stands in the form when the page is made.
pub async fn card(desk: &Desk, beside: Beside<'_>, writing: Writing) -> Result<AnyView> {
    let Beside { form, notes, own, of_run } = beside;
    let it = Own { experiment: own, run: of_run.as_ref().map(|of| of.run) };
    let seen = in_time(Box::pin(seen_before(desk, &writing, it))).await?;
    let (name, again) = (form.name.clone(), format!("{}#seen", form.action));
    let (of, unseen) = (name.clone(), name.clone());
    let asks = paths::seen(own, of_run.as_ref().map(|of| (of.run, &of.services, of.fault.as_ref())));
    let press = desk.person_id().map(|_| Press { form: name.clone(), again: again.clone(), notes });
    let found = found(seen, of_run.map_or(Same::Unasked, |of| Same::ShownBy(of.run)), press.as_ref());
    let put = in_the_form(form, notes);
    Ok(view! {
        <section class="card" id="seen" data-form=of data-notes=notes data-asks=asks>
            <h2>"Seen before?"</h2>
            <p class="unseen" id="seen-says" role="status"></p>
            // Enter in a field presses the form's first button, wherever it stands: not one that only looks.
            <button form=unseen class="unseen" tabindex="-1" aria-hidden="true">"Send"</button>
            {put}
            <div id="seen-found" tabindex="-1">{found}</div>
            <div class="row">
                <button form=name name=MORE_ROWS value="seen" formaction=again formnovalidate>"Look again"</button>
            </div>
            <Looking/>
        </section>
    }
    .into_any())
}

/// Which id the server has just put into the form, and where. With script the card says so by itself.
fn in_the_form(form: &FormState, notes: &str) -> Option<AnyView> {
    let asked = form.value(MORE_ROWS, "");
    let (_, id) = asked.strip_prefix(MENTION)?.split_once(':')?;
    let (href, words) = (format!("#{}", field_id(&form.name, notes)), format!("{id} is in the form now"));
    Some(view! { <p><a href=href>{words}</a></p> }.into_any())
}

/// What came in time. The form it stands beside does not wait for it.
pub fn found(seen: Option<SeenBefore>, same: Same, press: Option<&Press>) -> AnyView {
    match seen {
        Some(seen) => list(seen, same, press),
        // The mark is for script, which says these words to screen readers instead of a number.
        None => view! {
            <p class="muted" data-late="">"Looking takes too long now. The form can be sent without it."</p>
        }
        .into_any(),
    }
}

/// Findings first: they are what one would find again. A finding is not like itself.
fn list(mut seen: SeenBefore, same: Same, press: Option<&Press>) -> AnyView {
    seen.findings.retain(|finding| same != Same::Finding(finding.id));
    if seen.is_empty() {
        let sentence = "Nothing yet that is like it: on the same services, with the same fault, or in the same words.";
        return view! { <p class="muted">{sentence}</p> {back(seen.aside, press)} }.into_any();
    }
    let SeenBefore { findings, observations, experiments, aside } = seen;
    let findings: Vec<_> = findings.into_iter().map(|finding| of_finding(finding, same, press)).collect();
    let observations: Vec<_> = observations.into_iter().map(|one| of_observation(one, press)).collect();
    let experiments: Vec<_> = experiments.into_iter().map(|one| of_experiment(one, press)).collect();
    let list = view! {
        <p class="hint">"Whether it is the same, you say. An id that is written into the form is a link."</p>
        <ul class="plain">
            {folded(findings, "Findings")} {folded(observations, "Observations")} {folded(experiments, "Experiments")}
        </ul>
        {back(aside, press)}
    };
    match same {
        Same::Unasked | Same::ShownBy(_) => list.into_any(),
        Same::Finding(own) => {
            let form = FormState::of(paths::act(&paths::finding(own), "mark-duplicate"));
            view! { <Form state=form>{list}</Form> }.into_any()
        }
    }
}

/// A button of the form that keeps what is typed; on a page of its own script presses the card's for it.
fn aside_button(words: String, what: &str, press: Option<&Press>) -> AnyView {
    let value = format!("{ASIDE}{what}");
    match press.cloned() {
        Some(Press { form, again, .. }) => view! {
            <button form=form name=MORE_ROWS value=value formaction=again formnovalidate class="quiet">{words}</button>
        }
        .into_any(),
        None => view! { <button type="button" class="quiet" hidden=true data-aside=value>{words}</button> }.into_any(),
    }
}

/// The same for a button that puts an id into the form; where script is, it does so on the page.
fn mention_button(id: &str, press: Option<&Press>) -> AnyView {
    let (id, words) = (id.to_owned(), format!("Mention {id}"));
    match press.cloned() {
        Some(Press { form, again, notes }) => {
            let value = format!("{MENTION}{notes}:{id}");
            view! {
                <button form=form name=MORE_ROWS value=value formaction=again formnovalidate class="quiet"
                    data-mention=id>{words}</button>
            }
            .into_any()
        }
        None => view! { <button type="button" class="quiet" hidden=true data-mention=id>{words}</button> }.into_any(),
    }
}

fn back(aside: usize, press: Option<&Press>) -> Option<AnyView> {
    (aside > 0).then(|| {
        let words = format!("Show {aside} put aside");
        view! { <div class="row">{aside_button(words, "", press)}</div> }.into_any()
    })
}

/// The most alike are read, the others on demand.
fn folded(mut lines: Vec<AnyView>, what: &'static str) -> AnyView {
    let rest = lines.split_off(lines.len().min(OPEN_MAX));
    let count = rest.len();
    let rest = (count > 0).then(|| {
        view! { <li><details><summary>{what}": "{count}" more"</summary><ul class="plain">{rest}</ul></details></li> }
    });
    view! { {lines} {rest} }.into_any()
}

fn of_finding(finding: SeenFinding, same: Same, press: Option<&Press>) -> AnyView {
    let SeenFinding { id, title, status, alike } = finding;
    let again = match same {
        Same::Unasked => ().into_any(),
        Same::ShownBy(run) => {
            let form = FormState::of(paths::act(&paths::finding(id), "see-again"));
            let words = format!("{run} shows {id} again");
            view! {
                <Form state=form>
                    <input type="hidden" name="of" value=run.to_string()/>
                    <div class="row"><button>{words}</button></div>
                </Form>
            }
            .into_any()
        }
        Same::Finding(own) => {
            let words = format!("{own} is the same as {id}");
            view! { <div class="row"><button name="of" value=id.to_string()>{words}</button></div> }.into_any()
        }
    };
    let (href, badge) = (paths::finding(id), Word::from(status).badge().into_any());
    line((id.to_string(), title.to_string(), href), badge, &alike, again, press)
}

fn of_observation(observation: SeenObservation, press: Option<&Press>) -> AnyView {
    let SeenObservation { id, text, alike } = observation;
    let href = address(Found::Observation, &id).unwrap_or_default();
    line((id, text, href), ().into_any(), &alike, ().into_any(), press)
}

fn of_experiment(experiment: SeenExperiment, press: Option<&Press>) -> AnyView {
    let SeenExperiment { id, title, stage, alike } = experiment;
    let (href, badge) = (paths::experiment(id), Word::from(stage).badge().into_any());
    line((id.to_string(), title.to_string(), href), badge, &alike, ().into_any(), press)
}

fn line(
    (id, title, href): (String, String, String),
    badge: AnyView,
    alike: &Likeness,
    more: AnyView,
    press: Option<&Press>,
) -> AnyView {
    let because = because(alike);
    let mention = mention_button(&id, press);
    let aside = aside_button(format!("Put {id} aside"), &id, press);
    let seen = id.clone();
    view! {
        <li data-seen=seen>
            <a class="id" href=href>{id}</a> " " {title} " " {badge} <br/>
            <small class="muted">{because}</small>
            {more}
            <div class="row">{mention} {aside}</div>
        </li>
    }
    .into_any()
}

/// What is alike, in words.
fn because(alike: &Likeness) -> String {
    let services: Vec<&str> = alike.services.iter().map(Slug::as_str).collect();
    let words: Vec<&str> = alike.words.iter().map(String::as_str).collect();
    let parts = [
        (!services.is_empty()).then(|| format!("on {}", services.join(", "))),
        alike.fault.as_ref().map(|fault| format!("with {fault}")),
        (!words.is_empty()).then(|| format!("says {}", words.join(", "))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_of_each_kind_are_open_and_the_others_folded() {
        let html = |count: usize| {
            let lines = (0..count).map(|_| view! { <li data-seen="FND-1">"one"</li> }.into_any()).collect();
            Owner::new().with(|| folded(lines, "Findings").to_html())
        };
        assert!(!html(OPEN_MAX).contains("<details") && !html(0).contains("<li"));
        let folded = html(OPEN_MAX + 2);
        assert_eq!(folded.matches("data-seen").count(), OPEN_MAX + 2, "{folded}");
        let (before, after) = folded.split_once("<details").unwrap();
        assert_eq!((before.matches("data-seen").count(), after.matches("data-seen").count()), (OPEN_MAX, 2));
    }

    #[test]
    fn what_took_too_long_is_marked_and_says_so() {
        let html = Owner::new().with(|| found(None, Same::Unasked, None).to_html());
        assert!(html.contains("data-late") && html.contains("Looking takes too long now."), "{html}");
        let nothing = Owner::new().with(|| found(Some(SeenBefore::default()), Same::Unasked, None).to_html());
        assert!(!nothing.contains("data-late") && nothing.contains("Nothing yet that is like it"), "{nothing}");
    }

    #[test]
    fn what_is_alike_is_said_in_words() {
        let slug = |text: &str| Slug::new(text).unwrap();
        let alike = Likeness {
            services: BTreeSet::from([slug("kafka"), slug("zookeeper")]),
            fault: Some(slug("process-restart")),
            words: BTreeSet::from(["alerts".to_owned()]),
        };
        assert_eq!(because(&alike), "on kafka, zookeeper; with process-restart; says alerts");
        assert_eq!(because(&Likeness { fault: None, words: BTreeSet::new(), ..alike }), "on kafka, zookeeper");
    }
}
