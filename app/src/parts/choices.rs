//! Boxes to tick and buttons to choose between.

use crate::parts::field::{FieldProblem, Hint, described_by, field_id};
use leptos::prelude::*;

/// A box to tick; sends `value` when ticked and nothing when not.
#[component]
pub fn CheckField(
    #[prop(into)] form: String,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(default = "yes".to_owned(), into)] value: String,
    #[prop(optional)] checked: bool,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let id = field_id(&form, &name);
    let described_by = described_by(&id, hint.is_some(), error.is_some());
    view! {
        <div class="check">
            <input
                id=id.clone()
                name=name
                r#type="checkbox"
                value=value
                checked=checked
                required=required
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described_by
            />
            <label for=id.clone()>{label}</label>
            <Hint id=id.clone() words=hint/>
            <FieldProblem id=id sentence=error/>
        </div>
    }
    .into_any()
}

/// One answer a person may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
}

/// A question with two to six answers, all visible. The first answer carries the field's id.
#[component]
pub fn ChoiceField(
    #[prop(into)] form: String,
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    choices: Vec<Choice>,
    /// The value of the chosen answer; empty for none yet.
    #[prop(optional, into)]
    value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let id = field_id(&form, &name);
    let described_by = described_by(&id, hint.is_some(), error.is_some());
    let invalid = error.is_some();
    let answers = choices.into_iter().enumerate().map({
        let id = id.clone();
        move |(index, choice)| {
            let id = match index {
                0 => id.clone(),
                _ => format!("{id}-{index}"),
            };
            let chosen = choice.value == value;
            view! { <Answer id name=name.clone() choice chosen required/> }
        }
    });
    view! {
        <fieldset
            class="field"
            role="radiogroup"
            aria-invalid=invalid.then_some("true")
            aria-describedby=described_by
        >
            <legend>
                {legend}
                {required.then(|| view! { " " <span class="hint">"required"</span> })}
            </legend>
            <Hint id=id.clone() words=hint/>
            {answers.collect_view()}
            <FieldProblem id=id sentence=error/>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Answer(id: String, name: String, choice: Choice, chosen: bool, required: bool) -> impl IntoView {
    let described_by = described_by(&id, choice.hint.is_some(), false).map(|_| format!("{id}-answer-hint"));
    view! {
        <div class="check">
            <input
                id=id.clone()
                name=name
                r#type="radio"
                value=choice.value
                checked=chosen
                required=required
                aria-describedby=described_by
            />
            <label for=id.clone()>{choice.label}</label>
            <Hint id=format!("{id}-answer") words=choice.hint/>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn verdicts() -> Vec<Choice> {
        ["upheld", "refuted", "inconclusive"]
            .map(|word| Choice { value: word.into(), label: word.into(), hint: Some(format!("what {word} means")) })
            .to_vec()
    }

    fn html(value: &'static str, error: Option<String>) -> String {
        Owner::new().with(|| {
            view! {
                <ChoiceField form="close" name="verdict" legend="Verdict" choices=verdicts()
                    value=value hint="Sign what you saw." error=error required=true/>
            }
            .to_html()
        })
    }

    #[test]
    fn no_id_of_a_choice_is_used_twice() {
        let html = html("refuted", Some("Choose a verdict.".into()));
        let ids: Vec<_> = html.split(" id=\"").skip(1).collect();
        let unique: HashSet<_> = ids.iter().map(|rest| rest.split('"').next()).collect();
        assert_eq!(unique.len(), ids.len(), "{html}");
        assert_eq!(ids.len(), 8, "{html}");
    }

    #[test]
    fn only_the_chosen_answer_is_checked() {
        assert_eq!(html("refuted", None).matches(" checked").count(), 1);
        assert_eq!(html("", None).matches(" checked").count(), 0);
    }

    #[test]
    fn an_unticked_box_is_not_checked() {
        let html =
            Owner::new().with(|| view! { <CheckField form="person" name="can_revert" label="Can revert"/> }.to_html());
        assert!(!html.contains(" checked"), "{html}");
        assert!(html.contains("value=\"yes\""), "{html}");
    }
}
