//! Several boxes under one question: none, one or many may be ticked.

use crate::parts::choices::Choice;
use crate::parts::field::{FieldProblem, Hint, described_by, field_id};
use leptos::prelude::*;

/// Box number n sends `name.n`, so that no two share an id and one ticked box is a list too.
/// The first box carries the field's id.
#[component]
pub fn TickField(
    #[prop(into)] form: String,
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    choices: Vec<Choice>,
    /// The values of the ticked boxes.
    ticked: Vec<String>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional_no_strip)] error: Option<String>,
) -> impl IntoView {
    let id = field_id(&form, &name);
    let described_by = described_by(&id, hint.is_some(), error.is_some());
    let invalid = error.is_some();
    let boxes = choices.into_iter().enumerate().map({
        let id = id.clone();
        move |(index, choice)| {
            let id = if index == 0 { id.clone() } else { format!("{id}-{index}") };
            let checked = ticked.contains(&choice.value);
            view! { <Tick id name=format!("{name}.{index}") choice checked/> }
        }
    });
    view! {
        <fieldset class="field" aria-invalid=invalid.then_some("true") aria-describedby=described_by>
            <legend>{legend}</legend>
            <Hint id=id.clone() words=hint/>
            {boxes.collect_view()}
            <FieldProblem id=id sentence=error/>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Tick(id: String, name: String, choice: Choice, checked: bool) -> impl IntoView {
    let described_by = choice.hint.is_some().then(|| format!("{id}-box-hint"));
    view! {
        <div class="check">
            <input id=id.clone() name=name r#type="checkbox" value=choice.value checked=checked aria-describedby=described_by/>
            <label for=id.clone()>{choice.label}</label>
            <Hint id=format!("{id}-box") words=choice.hint/>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_box_has_its_own_name_and_id() {
        let choices =
            ["kafka", "zookeeper"].map(|slug| Choice { value: slug.into(), label: slug.into(), hint: None }).to_vec();
        let ticked = vec!["zookeeper".to_owned()];
        let html = Owner::new().with(|| {
            view! { <TickField form="f" name="services" legend="Services" choices=choices ticked=ticked/> }.to_html()
        });
        assert!(html.contains("id=\"f-services\"") && html.contains("id=\"f-services-1\""), "{html}");
        assert!(html.contains("name=\"services.0\"") && html.contains("name=\"services.1\""), "{html}");
        assert_eq!(html.matches(" checked").count(), 1, "{html}");
    }
}
