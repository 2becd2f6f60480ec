//! Who is on a run: their parts, whether they can revert, and whether they are here.

use leptos::prelude::*;
use notebook::gate::quorum::Part;
use notebook::gate::told::Marked;
use notebook::runs::facts::Execution;
use notebook::runs::steps::Step;

use super::lines::{Names, name_of};
use crate::form::{Form, FormState};
use crate::parts::choices::{CheckField, Choice};
use crate::parts::disclosure::Disclosure;
use crate::parts::page::Empty;
use crate::parts::table::TableRegion;
use crate::parts::ticks::TickField;
use crate::runs::fields::select;
use crate::runs::loaded::Loaded;

/// The people, and the form that marks one of them. While a run goes on, a lack is said.
pub fn section(run: &Loaded) -> Option<AnyView> {
    let may_mark = run.can(Step::Attend);
    let list = &run.shown.attending;
    if list.is_empty() && !may_mark {
        return None;
    }
    let (table, form) = (table(list, run), may_mark.then(|| form(run)));
    let lacks = lacks(run);
    Some(
        view! {
            <section id="present">
                <h2>"Who is here"</h2>
                {lacks}
                {table}
                {form}
            </section>
        }
        .into_any(),
    )
}

/// Below the quorum during a run: everybody should think of the abort.
fn lacks(run: &Loaded) -> Option<AnyView> {
    let goes_on = matches!(run.facts().execution, Execution::Running | Execution::Reverting);
    let lacks = run.shown.lacks.as_ref().filter(|lacks| goes_on && !lacks.is_empty())?;
    let says = format!("There are not enough people any more: {}. Consider aborting the run.", lacks.join("; "));
    Some(view! { <p class="error" role="status">{says}</p> }.into_any())
}

fn table(list: &[Marked], run: &Loaded) -> AnyView {
    if list.is_empty() {
        return view! { <Empty heading="Nobody else on deck" sentence="More eyes find more."/> }.into_any();
    }
    let yes = |is: bool| if is { "yes" } else { "no" };
    let names: &Names = &run.names;
    let rows = list.iter().map(|marked| {
        let one = &marked.attending;
        let (by, at) = (name_of(names, marked.by), run.times.when(marked.at));
        let parts: Vec<&str> = one.parts.iter().map(|part| part.label()).collect();
        let parts = if parts.is_empty() { "\u{2013}".to_owned() } else { parts.join(", ") };
        view! {
            <tr>
                <th scope="row">{name_of(names, one.person)}</th>
                <td>{parts}</td>
                <td>{yes(one.can_revert)}</td>
                <td>{yes(one.present)}</td>
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

fn form(run: &Loaded) -> AnyView {
    let form = run.form("attend");
    let open = form.came_back() || run.shown.attending.is_empty();
    let people: Vec<(String, String)> = run.names.iter().map(|(id, name)| (id.0.to_string(), name.clone())).collect();
    let own = run.desk.person_id().map(|id| id.0.to_string()).unwrap_or_default();
    let fields = fields(&form, people, &own);
    view! {
        <Disclosure name="Mark somebody" open=open>
            <Form state=form>
                <p class="hint">"What is marked replaces what was said of this person before; with nothing ticked they leave the run. A mark of presence counts at a start for 12 h; whether somebody can revert is said of their account, under People."</p>
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
