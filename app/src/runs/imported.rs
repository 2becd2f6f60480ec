//! What another tool's document proposed for this run, with the rules that led there.

use leptos::prelude::*;

use crate::parts::icon::{Icon, IconName};
use crate::paths;
use crate::runs::loaded::Loaded;

pub fn section(run: &Loaded) -> Option<AnyView> {
    let proposal = run.facts().imported.as_ref()?;
    let flags = proposal.flags.iter().map(|flag| {
        view! { <li><Icon of=IconName::TriangleAlert/>" "{flag.clone()}</li> }
    });
    let flags = flags.collect_view();
    let flags = (!proposal.flags.is_empty())
        .then(|| view! { <h3>"Look at this before signing"</h3><ul class="plain">{flags}</ul> });
    let why = proposal.why.iter().map(|says| view! { <li>{says.clone()}</li> }).collect_view();
    let why = (!proposal.why.is_empty()).then(|| view! { <h3>"Why it proposes this"</h3><ul>{why}</ul> });
    let tool = if proposal.tool == "chaostoolkit" { "Chaos Toolkit" } else { &proposal.tool };
    let heading = format!("Imported from {tool}");
    let (href, document) = (paths::import(proposal.import), paths::import_document(proposal.import));
    Some(
        view! {
            <section class="card">
                <h2>{heading}</h2>
                <p>"The document proposes; a person signs. "<a href=href>"Open the import"</a>", "<a href=document>"the kept document"</a></p>
                {flags}
                {why}
            </section>
        }
        .into_any(),
    )
}
