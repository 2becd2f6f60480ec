//! A plan as Chaos Toolkit runs it: what the tool does on its own, what people do, and the file.

use leptos::prelude::*;
use notebook::experiments::Revision;
use notebook::experiments::automation::{Reach, reach};

use crate::parts::table::TableRegion;
use crate::paths;

#[component]
pub fn ByTool(revision: Revision) -> impl IntoView {
    let Revision { experiment: id, number, plan, .. } = revision;
    let said = match reach(&plan) {
        Ok(reach) => told(&reach),
        Err(trouble) => view! { <p class="error">{trouble.to_string()}</p> }.into_any(),
    };
    let written = plan.context.automation.map(|text| {
        view! {
            <details>
                <summary>"How Chaos Toolkit does it"</summary>
                <pre><code>{text.to_string()}</code></pre>
            </details>
        }
    });
    view! {
        <section id="chaostoolkit">
            <h2>"With Chaos Toolkit"</h2>
            {said}
            {written}
            <div class="row">
                <a class="button" href=paths::chaostoolkit(id, number) download="">"Download for Chaos Toolkit"</a>
                <a href=format!("{}#import", paths::help())>"How to run it"</a>
            </div>
        </section>
    }
    .into_any()
}

fn told(reach: &Reach) -> AnyView {
    let (measured, people) = (measured(reach), people(reach));
    let secrets = reach.lacks_secrets.then(|| {
        view! { <p>"Secrets were taken out of its document: put in where the tool finds them, or the tool uses the word [redacted]."</p> }
    });
    let line = |kind: &'static str, (name, how): &(String, String), nobody: &'static str| {
        let how = if how.is_empty() { nobody.into_any() } else { view! { <code>{how.clone()}</code> }.into_any() };
        view! { <tr><th scope="row">{name.clone()}</th><td>{kind}</td><td>{how}</td></tr> }
    };
    let steps = reach.steps.iter().map(|step| line("Step", step, "by hand")).collect_view();
    let measures = reach.measures.iter().map(|measure| line("Measure", measure, "not asked")).collect_view();
    let table = (!reach.steps.is_empty() || !reach.measures.is_empty()).then(|| {
        view! {
            <TableRegion id="reach" caption="Steps and measures, and how the tool does them" unseen_caption=true>
                <thead><tr><th scope="col">"What"</th><th scope="col">"Is a"</th><th scope="col">"Done by"</th></tr></thead>
                <tbody>{steps}{measures}</tbody>
            </TableRegion>
        }
    });
    view! { <p>{measured}" "{people}</p>{secrets}{table} }.into_any()
}

fn measured(reach: &Reach) -> String {
    let missing: Vec<&str> =
        reach.measures.iter().filter(|(_, how)| how.is_empty()).map(|(measure, _)| measure.as_str()).collect();
    if reach.measures_all() {
        "The tool asks for every measure, so a run of the file is a run of this plan.".to_owned()
    } else if reach.measures.is_empty() {
        "The plan has no check, so the tool measures nothing.".to_owned()
    } else {
        format!(
            "The tool does not ask for {}; until each has a probe of its name, a run of the file counts as a different experiment.",
            missing.join(", ")
        )
    }
}

fn people(reach: &Reach) -> String {
    if reach.needs_nobody() {
        return "Nobody has to be there.".to_owned();
    }
    let by_hand = reach.steps.iter().filter(|(_, how)| how.is_empty()).count();
    let steps = match by_hand {
        0 => None,
        1 => Some("1 step".to_owned()),
        n => Some(format!("{n} steps")),
    };
    let revert = reach.reverts_by_hand.then(|| "the revert".to_owned());
    let what: Vec<String> = steps.into_iter().chain(revert).collect();
    format!("It waits for a person to do {}, and fails there if nobody is.", what.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_tool_leaves_to_people_is_said_in_a_sentence() {
        let mut some = Reach {
            steps: vec![("restart".into(), "process systemctl".into())],
            measures: vec![("gap".into(), "http GET http://h/".into())],
            ..Reach::default()
        };
        assert_eq!(people(&some), "Nobody has to be there.");
        assert!(measured(&some).contains("a run of this plan"));
        some.steps.push(("look".into(), String::new()));
        some.measures.push(("clients".into(), String::new()));
        some.reverts_by_hand = true;
        assert_eq!(people(&some), "It waits for a person to do 1 step and the revert, and fails there if nobody is.");
        assert!(measured(&some).starts_with("The tool does not ask for clients;"), "{}", measured(&some));
        assert!(measured(&Reach::default()).contains("measures nothing"));
    }
}
