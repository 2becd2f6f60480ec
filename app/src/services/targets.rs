//! The concrete things of a service in each environment, and the form that replaces them.

use leptos::prelude::*;
use notebook::limits::TITLE_CHARS_MAX;
use notebook::services::acts::{Place, Shown};
use notebook::services::{Environment, TargetRow, TargetsDraft};

use crate::form::{Form, FormState};
use crate::kept::{self, List};
use crate::parts::field::{Field, SelectField};
use crate::parts::page::Empty;
use crate::parts::table::TableRegion;
use crate::paths;

const ROWS: List = List { name: "rows", choices: &["environment"] };
/// Blank rows below those that are there.
const SPARE_ROWS: usize = 3;

#[component]
pub fn Targets(shown: Shown, environments: Vec<Environment>, may_edit: bool) -> impl IntoView {
    let form = FormState::of(paths::act(&paths::service(&shown.service.slug), "set-targets"));
    let draft = TargetsDraft::from_targets(shown.targets(), shown.service.version);
    let table = table(&shown.places);
    let is_open = form.came_back();
    view! {
        {table}
        {may_edit.then(|| view! {
            <details class="why" open=is_open>
                <summary>"Edit targets"</summary>
                <TargetsForm form=form draft=draft environments=environments/>
            </details>
        })}
    }
    .into_any()
}

fn table(places: &[Place]) -> AnyView {
    if places.is_empty() {
        return view! {
            <Empty heading="No targets" sentence="Name the instances a fault may hit, so that coverage can be counted."/>
        }
        .into_any();
    }
    let targets = places.iter().flat_map(|place| place.targets.iter().map(|target| (&place.environment, target)));
    let lines = targets.map(|(environment, target)| {
        let role = target.role.as_ref().map_or_else(String::new, ToString::to_string);
        view! {
            <tr>
                <td><code>{target.name.to_string()}</code></td>
                <td>{environment.name.to_string()}</td>
                <td>{role}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <TableRegion id="targets" caption="Targets in each environment" unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"Target"</th>
                    <th scope="col">"Environment"</th>
                    <th scope="col">"Usual role"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

#[component]
fn TargetsForm(form: FormState, draft: TargetsDraft, environments: Vec<Environment>) -> impl IntoView {
    let options: Vec<(String, String)> =
        environments.iter().map(|known| (known.slug.to_string(), known.name.to_string())).collect();
    let usual = options.first().map(|(slug, _)| slug.clone()).unwrap_or_default();
    let blank = TargetRow { environment: usual, ..TargetRow::default() };
    let count = ROWS.rows(&form, draft.rows.len(), SPARE_ROWS);
    let rows: Vec<_> = (0..count)
        .map(|index| {
            let own = draft.rows.get(index).unwrap_or(&blank).clone();
            row(&form, index, own, options.clone())
        })
        .collect();
    view! {
        <Form state=form.clone()>
            <input type="hidden" name="version" value=kept::version(&form, &draft.version)/>
            <p class="hint">"These replace the targets in all environments. Leave a name empty to drop its row."</p>
            {rows}
            <div class="row">
                <button>"Save targets"</button>
                <button name=kept::MORE_ROWS value="rows" formnovalidate>"Add rows"</button>
            </div>
        </Form>
    }
    .into_any()
}

fn row(form: &FormState, index: usize, own: TargetRow, environments: Vec<(String, String)>) -> AnyView {
    let name = |field: &str| format!("rows.{index}.{field}");
    let sent = |field: &str, own: String| {
        let value = form.value(&name(field), own.clone());
        // A row beyond those sent begins as a blank one.
        if value.is_empty() && field == "environment" { own } else { value }
    };
    view! {
        <div class="fields" role="group" aria-label=format!("Target {}", index + 1)>
            <Field form=form.name.clone() name=name("name") label="Name" value=sent("name", own.name)
                error=form.error(&name("name")) max_length=TITLE_CHARS_MAX/>
            <SelectField form=form.name.clone() name=name("environment") label="Environment" options=environments
                value=sent("environment", own.environment) error=form.error(&name("environment"))/>
            <Field form=form.name.clone() name=name("role") label="Usual role" value=sent("role", own.role)
                error=form.error(&name("role")) max_length=TITLE_CHARS_MAX/>
        </div>
    }
    .into_any()
}
