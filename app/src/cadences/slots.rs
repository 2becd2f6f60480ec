//! The slots of a cadence as lines of a table, each with what can be said of it.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::cadences::{Slot, SlotStanding};
use notebook::desk::Desk;
use notebook::id::ExperimentId;
use notebook::limits::NOTE_CHARS_MAX;

use crate::form::{Form, FormState};
use crate::parts::disclosure::Disclosure;
use crate::parts::field::Field;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::runs::fields::{hidden, one_of};
use crate::times::Times;

/// None where there are no slots.
pub fn section(desk: &Desk, id: ExperimentId, slots: &[Slot], times: &Times) -> Option<AnyView> {
    if slots.is_empty() {
        return None;
    }
    let lines: Vec<_> = slots.iter().enumerate().map(|(place, slot)| line(desk, id, slot, place, times)).collect();
    Some(
        view! {
            <section id="slots">
                <h2>"Slots"</h2>
                <TableRegion id="slots-table" caption="Slots, the earliest first" unseen_caption=true>
                    <thead>
                        <tr>
                            <th scope="col">"Slot"</th>
                            <th scope="col">"When"</th>
                            <th scope="col">"Standing"</th>
                            <th scope="col">"Why"</th>
                            <th scope="col">"Run"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </TableRegion>
            </section>
        }
        .into_any(),
    )
}

fn line(desk: &Desk, id: ExperimentId, slot: &Slot, place: usize, times: &Times) -> AnyView {
    let run = slot.run.map(|run| view! { <a class="id" href=paths::run(run)>{run.to_string()}</a> });
    let acts = (slot.standing != SlotStanding::Planned).then(|| acts(desk, id, slot, place, times));
    view! {
        <tr>
            <th scope="row">{slot.date.to_string()}</th>
            <td>{times.when(slot.at)}</td>
            <td>{Word::from(slot.standing).badge()}</td>
            <td>{slot.why.join("; ")}</td>
            <td>{run}{acts}</td>
        </tr>
    }
    .into_any()
}

fn acts(desk: &Desk, id: ExperimentId, slot: &Slot, place: usize, times: &Times) -> AnyView {
    let (page, date) = (paths::cadence(id), slot.date.to_string());
    let plan = (slot.standing.is_open() && desk.shows(Act::PlanRun)).then(|| {
        let form = one_of(&paths::act(&page, "plan"), "date", &date, place);
        view! { <Form state=form>{hidden("date", date.clone())}<button>{format!("Plan {date}")}</button></Form> }
    });
    let can_say = desk.shows(Act::ChangeSlot) && slot.standing != SlotStanding::Skipped;
    let postpone = (can_say && slot.standing != SlotStanding::Missed).then(|| postpone(&page, slot, place, times));
    let skip = can_say.then(|| skip(&page, slot, place));
    view! { {plan}{postpone}{skip} }.into_any()
}

/// The form that gives a slot another time: here and in the calendar. `place` keeps its ids apart.
pub fn postpone(page: &str, slot: &Slot, place: usize, times: &Times) -> AnyView {
    let date = slot.date.to_string();
    let form = one_of(&paths::act(page, "postpone"), "date", &date, place);
    let (name, open, own) = (form.name.clone(), form.came_back(), times.local_input(slot.at));
    view! {
        <Disclosure name=format!("Postpone {date}\u{2026}") open=open>
            <Form state=form.clone()>
                {hidden("date", date)}
                <Field form=name name="to" label="New time" kind="datetime-local"
                    value=form.value("to", own) error=form.error("to") required=true/>
                {why(&form)}
                <div class="row"><button>"Postpone slot"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

fn skip(page: &str, slot: &Slot, place: usize) -> AnyView {
    let date = slot.date.to_string();
    let form = one_of(&paths::act(page, "skip"), "date", &date, place);
    let open = form.came_back();
    view! {
        <Disclosure name=format!("Skip {date}\u{2026}") open=open>
            <Form state=form.clone()>
                {hidden("date", date)}
                {why(&form)}
                <div class="row"><button>"Skip slot"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

fn why(form: &FormState) -> AnyView {
    let name = form.name.clone();
    view! {
        <Field form=name name="text" label="Why" value=form.value("text", "") error=form.error("text") required=true
            max_length=NOTE_CHARS_MAX/>
    }
    .into_any()
}
