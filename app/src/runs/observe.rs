//! Writing an observation, and attaching what shows it.

use leptos::prelude::*;
use notebook::runs::slash::COMMANDS;
use notebook::runs::steps::Step;

use crate::form::Form;
use crate::notes::live::NoteQueue;
use crate::parts::choices::CheckField;
use crate::parts::facts::{Fact, Facts};
use crate::parts::field::AreaField;
use crate::runs::evidence;
use crate::runs::fields::{choose, moment};
use crate::runs::loaded::Loaded;
use crate::runs::zones::TypedIn;

/// `primary` while the run goes on; afterwards it is an addition in passing.
pub fn composer(run: &Loaded, primary: bool) -> Option<AnyView> {
    if !run.can(Step::Observe) {
        return None;
    }
    let form = run.form("observe");
    let (id, value, error) = (form.name.clone(), form.value("text", ""), form.error("text"));
    let kinds = [("expected", "Expected", ""), ("unexpected", "Unexpected", ""), ("question", "Question", "")];
    let kind = choose(&form, "kind", "Kind", &kinds, "expected");
    let moment = moment(&form);
    // The browser keeps a note with its fields, and none that is hidden by its type.
    let zone = use_context::<TypedIn>().map(|TypedIn(zone)| {
        let zone = zone.name().to_owned();
        view! { <input name="zone" value=zone hidden=true autocomplete="off"/> }
    });
    let (pin, pinned) = (form.name.clone(), form.ticked("pinned", false));
    let button = if primary { "primary" } else { "" };
    let (commands, evidence) = (commands(), evidence::forms(run));
    let (queue, action) = (form.name.clone(), form.action.clone());
    let (who, now_ms) = (run.desk.person_id().map_or(0, |person| person.0), run.times.now / 1_000);
    Some(
        view! {
            <section id="observe">
                <h2>"Observe"</h2>
                <NoteQueue who=who form=queue action=action now_ms=now_ms/>
                <Form state=form>
                    <AreaField form=id name="text" label="Observation" value=value error=error rows=3 required=true
                        hint="Write what you see, even \"nothing\". A line that begins with / is a command."/>
                    {commands}
                    {kind}
                    {moment}
                    {zone}
                    <CheckField form=pin name="pinned" label="Pin" value="on" checked=pinned
                        hint="Pinned observations tell the story of the run in short."/>
                    <div class="row"><button class=button>"Add observation"</button></div>
                </Form>
                {evidence}
            </section>
        }
        .into_any(),
    )
}

fn commands() -> AnyView {
    let facts = COMMANDS.iter().map(|(command, with, says)| {
        let term = format!("{command} {with}");
        view! { <Fact term=term>{*says}</Fact> }
    });
    let facts = facts.collect_view();
    view! {
        <details class="why">
            <summary>"Commands"</summary>
            <Facts>{facts}<Fact term="//">"a plain slash"</Fact></Facts>
        </details>
    }
    .into_any()
}
