//! Who is on a run: their parts, whether they can revert, and whether they are here.

use leptos::prelude::*;
use notebook::gate::quorum::Part;
use notebook::gate::told::Marked;
use notebook::id::is_sample;
use notebook::limits::PRESENT_HOURS;
use notebook::runs::steps::Step;

use super::lines::name_of;
use crate::form::{Form, FormState};
use crate::parts::choices::{CheckField, Choice};
use crate::parts::disclosure::Disclosure;
use crate::parts::page::Empty;
use crate::parts::table::TableRegion;
use crate::parts::ticks::TickField;
use crate::runs::fields::{hidden, one_of, select};
use crate::runs::loaded::Loaded;

/// The people, and the form that marks one of them.
pub fn section(run: &Loaded) -> Option<AnyView> {
    let may_mark = run.can(Step::Attend);
    let list = &run.shown.attending;
    if list.is_empty() && !may_mark {
        return None;
    }
    let (table, form) = (table(run, may_mark), may_mark.then(|| form(run)));
    Some(
        view! {
            <section id="present">
                <h2>"Who is here"</h2>
                {table}
                {form}
            </section>
        }
        .into_any(),
    )
}

fn table(run: &Loaded, may_mark: bool) -> AnyView {
    let list = &run.shown.attending;
    if list.is_empty() {
        return view! { <Empty heading="Nobody else on deck" sentence="More eyes find more."/> }.into_any();
    }
    let yes = |is: bool| if is { "yes" } else { "no" };
    let rows = list.iter().enumerate().map(|(place, marked)| {
        let one = &marked.attending;
        let may_mark = may_mark && !is_sample(marked.attending.person.0);
        let mark = may_mark.then(|| mark(run, marked, place)).flatten();
        let (by, at) = (name_of(&run.names, marked.by), run.times.when(marked.at));
        let parts: Vec<&str> = one.parts.iter().map(|part| part.label()).collect();
        let parts = if parts.is_empty() { "\u{2013}".to_owned() } else { parts.join(", ") };
        view! {
            <tr>
                <th scope="row">{name_of(&run.names, one.person)}</th>
                <td>{parts}</td>
                <td>{yes(one.can_revert)}</td>
                <td>{yes(one.present)}{mark}</td>
                <td>{by}", "{at}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <TableRegion id="people-on-run" caption="People on this run">
            <thead>
                <tr>
                    <th scope="col">"Person"</th>
                    <th scope="col">"Parts"</th>
                    <th scope="col">"Can revert"</th>
                    <th scope="col">"Present"</th>
                    <th scope="col">"Marked by"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableRegion>
    }
    .into_any()
}

/// One press for somebody who is expected and has come, or was marked too long ago to count.
fn mark(run: &Loaded, marked: &Marked, place: usize) -> Option<AnyView> {
    if marked.is_here(run.desk.now()) {
        return None;
    }
    let one = &marked.attending;
    let person = one.person.0.to_string();
    let form = one_of(&run.action("attend"), "person", &person, place);
    let parts = one.parts.iter().enumerate().map(|(at, part)| hidden(format!("parts.{at}"), part.word()));
    let parts = parts.collect_view();
    // As the account says now: what was marked before may have been taken back since.
    let can_revert = run.can_revert.contains(&one.person).then(|| hidden("can_revert", "on"));
    let label = format!("Mark present: {}", name_of(&run.names, one.person));
    let form = view! {
        <Form state=form>
            {hidden("person", person)}
            {parts}
            {can_revert}
            {hidden("present", "on")}
            <button aria-label=label>"Mark present"</button>
        </Form>
    };
    Some(form.into_any())
}

fn form(run: &Loaded) -> AnyView {
    let form = run.form("attend");
    let open = form.came_back() || run.shown.attending.iter().all(|one| !one.is_here(run.desk.now()));
    // The people of the sample are names in a story, and nobody of theirs comes.
    let accounts = run.names.iter().filter(|(id, _)| !is_sample(id.0));
    let people: Vec<(String, String)> = accounts.map(|(id, name)| (id.0.to_string(), name.clone())).collect();
    let own = run.desk.person_id().map(|id| id.0.to_string()).unwrap_or_default();
    let fields = fields(&form, people, &own);
    let hint = format!(
        "What is marked replaces what was said of this person before; with nothing ticked they leave the run. A mark of presence counts at a start for {PRESENT_HOURS} h; whether somebody can revert is said of their account, under People."
    );
    view! {
        <Disclosure name="Mark somebody" open=open>
            <Form state=form>
                <p class="hint">{hint}</p>
                {fields}
                <div class="row"><button>"Save person"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

fn fields(form: &FormState, people: Vec<(String, String)>, own: &str) -> AnyView {
    let parts =
        Part::ALL.iter().map(|part| Choice { value: part.word().into(), label: part.label().into(), hint: None });
    let person = select(form, "person", "Person", people, own);
    let (id, ticked) = (form.name.clone(), form.listed("parts", Vec::new()));
    let error = form.error("parts");
    let box_of = |name: &'static str, label: &'static str, own: bool| {
        let (id, checked, error) = (form.name.clone(), form.ticked(name, own), form.error(name));
        view! { <CheckField form=id name=name label=label value="on" checked=checked error=error/> }
    };
    view! {
        {person}
        <TickField form=id name="parts" legend="Parts" choices=parts.collect() ticked=ticked error=error/>
        {box_of("can_revert", "Can revert", false)}
        {box_of("present", "Is present", true)}
    }
    .into_any()
}
