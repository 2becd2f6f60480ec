//! Two revisions of a plan: how they relate, which fields cause it, and what follows.

use leptos::prelude::*;
use notebook::experiments::acts::Comparison;
use notebook::experiments::identity::{FieldDifference, Part, Relation};
use notebook::experiments::words::FieldChange;

use super::differences::Differs;
use super::revision::crumbs;
use crate::frame::Frame;
use crate::parts::page::{Empty, PageHead};
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;

pub fn shown(comparison: Comparison) -> AnyView {
    let Comparison { from, to, compared, identity_fields, context_fields } = comparison;
    let id = to.experiment;
    let (earlier, later) = (format!("{id}@{}", from.number), format!("{id}@{}", to.number));
    let title = format!("{later} is {} {earlier}", relation_words(compared.relation));
    let badges = view! { {Word::from(compared.relation).badge()} }.into_any();
    let actions = view! {
        <a class="button" href=paths::plan(id, from.number)>{earlier.clone()}</a>
        <a class="button" href=paths::plan(id, to.number)>{later.clone()}</a>
    };
    let follows = consequence(compared.relation, from.number, to.number);
    let causes = causes(compared.fields);
    let name = format!("@{}..@{}", from.number, to.number);
    view! {
        <Frame crumbs=crumbs(id, &name)>
            <PageTitle text=title.clone()/>
            <PageHead title=title eyebrow="Plan, compared" badges=badges actions=actions.into_any()/>
            <div class="stack">
                <p>{follows}</p>
                {causes}
                <section>
                    <h2>"Identity"</h2>
                    <Fields changes=identity_fields same="The identity says the same in both."/>
                </section>
                <section>
                    <h2>"Around it"</h2>
                    <Fields changes=context_fields same="Words, people and safety are the same in both."/>
                </section>
            </div>
        </Frame>
    }
    .into_any()
}

const fn relation_words(relation: Relation) -> &'static str {
    match relation {
        Relation::Identical => "identical to",
        Relation::Stricter => "stricter than",
        Relation::Looser => "looser than",
        Relation::Different => "different from",
    }
}

/// What the relation means for runs and fixes.
fn consequence(relation: Relation, from: i64, to: i64) -> String {
    match relation {
        Relation::Identical => format!(
            "Both are the same experiment: runs of @{from} and of @{to} verify fixes for each other\u{2019}s findings."
        ),
        Relation::Stricter => format!(
            "Runs of @{to} verify fixes for findings of @{from}, because a harder plan implies the easier one. Runs of @{from} do not verify fixes for findings of @{to}."
        ),
        Relation::Looser => format!(
            "Runs of @{to} do not verify fixes for findings of @{from}. Runs of @{from} verify fixes for findings of @{to}, because a harder plan implies the easier one."
        ),
        Relation::Different => format!(
            "These are different experiments: runs of @{to} do not verify fixes for findings of @{from}, nor the other way round."
        ),
    }
}

fn causes(fields: Vec<FieldDifference>) -> Option<AnyView> {
    (!fields.is_empty()).then(|| {
        let lines: Vec<_> = fields.into_iter().map(cause).collect();
        view! {
            <section>
                <h2>"What causes it"</h2>
                <TableRegion id="causes" caption="Fields of the identity that differ" unseen_caption=true>
                    <thead>
                        <tr>
                            <th scope="col">"Part"</th>
                            <th scope="col">"Relation"</th>
                            <th scope="col">"What differs"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </TableRegion>
            </section>
        }
        .into_any()
    })
}

fn cause(field: FieldDifference) -> AnyView {
    let wider = hits_more(&field).then(|| view! { " " <strong>"The blast radius grows."</strong> });
    view! {
        <tr>
            <td>{field.part.label()}</td>
            <td>{Word::from(field.relation).badge()}</td>
            <td>{field.says} {wider}</td>
        </tr>
    }
    .into_any()
}

/// More targets, or more of them at once.
fn hits_more(field: &FieldDifference) -> bool {
    field.part == Part::Target && field.relation == Relation::Stricter
}

#[component]
fn Fields(changes: Vec<FieldChange>, same: &'static str) -> impl IntoView {
    if changes.is_empty() {
        return view! { <Empty heading="No difference" sentence=same/> }.into_any();
    }
    let fields = changes.into_iter().map(|change| {
        let FieldChange { label, before, after, .. } = change;
        let heading = match (&before, &after) {
            (None, _) => format!("{label} (new)"),
            (_, None) => format!("{label} (gone)"),
            _ => label.clone(),
        };
        view! { <div><h3>{heading}</h3><Differs label=label before=before after=after/></div> }
    });
    fields.collect_view().into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_names_the_direction_in_which_runs_count() {
        let says = |relation| consequence(relation, 2, 3);
        assert!(says(Relation::Stricter).starts_with("Runs of @3 verify fixes for findings of @2"));
        assert!(says(Relation::Looser).starts_with("Runs of @3 do not verify fixes for findings of @2"));
        assert!(says(Relation::Different).contains("nor the other way round"));
    }

    #[test]
    fn only_a_harsher_target_widens_the_blast_radius() {
        let field = |part, relation| FieldDifference { part, field: String::new(), relation, says: String::new() };
        assert!(hits_more(&field(Part::Target, Relation::Stricter)));
        assert!(!hits_more(&field(Part::Target, Relation::Looser)));
        assert!(!hits_more(&field(Part::Checks, Relation::Stricter)));
    }
}
