//! Fields of forms: label above, hint, control, and the error beside it.

use crate::parts::icon::{Icon, IconName};
use crate::safe::TextArea;
use leptos::prelude::*;

/// The id of a field's control. Form and name together, so that two forms on a page do not clash.
pub fn field_id(form: &str, name: &str) -> String {
    let word =
        |text: &str| -> String { text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect() };
    format!("{}-{}", word(form), word(name))
}

/// The ids `aria-describedby` names: the hint's, then the error's.
pub(crate) fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (false, false) => None,
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (true, true) => Some(format!("{id}-hint {id}-error")),
    }
}

/// What to write, under the label.
#[component]
pub(crate) fn Hint(id: String, words: Option<String>) -> impl IntoView {
    words.map(|words| view! { <p class="hint" id=format!("{id}-hint")>{words}</p> })
}

/// What to change, under the control.
#[component]
pub(crate) fn FieldProblem(id: String, sentence: Option<String>) -> impl IntoView {
    sentence.map(|sentence| {
        view! {
            <p class="error" id=format!("{id}-error")>
                <Icon of=IconName::CircleAlert/>
                {sentence}
            </p>
        }
    })
}

/// Label, hint, control (the children) and error.
#[component]
fn Labelled(
    id: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    required: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id.clone()>
                {label}
                {required.then(|| view! { " " <span class="hint">"required"</span> })}
            </label>
            <Hint id=id.clone() words=hint/>
            {children()}
            <FieldProblem id=id sentence=error/>
        </div>
    }
    .into_any()
}

/// A line of text, or another type of `<input>`.
#[component]
pub fn Field(
    #[prop(into)] form: String,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional)] required: bool,
    /// The `type`: `text`, `email`, `password`, `number`, `date`, `datetime-local`, `url`, `file` ...
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional)] autocomplete: Option<&'static str>,
    /// The keyboard of a phone: `decimal`, `numeric`.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// In characters.
    #[prop(optional)]
    max_length: Option<usize>,
    /// The files a browser offers first.
    #[prop(optional)]
    accept: Option<&'static str>,
) -> impl IntoView {
    let id = field_id(&form, &name);
    let described_by = described_by(&id, hint.is_some(), error.is_some());
    // A file's name cannot be given back, and a password must not be.
    let value = (!value.is_empty() && !matches!(kind, "file" | "password")).then_some(value);
    view! {
        <Labelled id=id.clone() label=label hint=hint error=error.clone() required=required>
            <input
                id=id
                name=name
                r#type=kind
                value=value
                required=required
                autocomplete=autocomplete
                inputmode=inputmode
                maxlength=max_length.map(|length| length.to_string())
                accept=accept
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described_by
            />
        </Labelled>
    }
    .into_any()
}

/// Several lines of text.
#[component]
pub fn AreaField(
    #[prop(into)] form: String,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(default = 4)] rows: u16,
    /// In characters.
    #[prop(optional)]
    max_length: Option<usize>,
) -> impl IntoView {
    let id = field_id(&form, &name);
    let described_by = described_by(&id, hint.is_some(), error.is_some());
    view! {
        <Labelled id=id.clone() label=label hint=hint error=error.clone() required=required>
            <TextArea
                id=id
                name=name
                value=value
                rows=rows
                required=required
                invalid=error.is_some()
                described_by=described_by
                max_length=max_length
            />
        </Labelled>
    }
    .into_any()
}

/// One of several words, as a list that opens.
#[component]
pub fn SelectField(
    #[prop(into)] form: String,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// Value and words of each option, in order.
    options: Vec<(String, String)>,
    /// The value of the chosen option.
    #[prop(optional, into)]
    value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let id = field_id(&form, &name);
    let described_by = described_by(&id, hint.is_some(), error.is_some());
    let options = options.into_iter().map(move |(option, words)| {
        let chosen = option == value;
        view! { <option value=option selected=chosen>{words}</option> }
    });
    view! {
        <Labelled id=id.clone() label=label hint=hint error=error.clone() required=required>
            <select
                id=id
                name=name
                required=required
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described_by
            >
                {options.collect_view()}
            </select>
        </Labelled>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(error: Option<&str>) -> String {
        let error = error.map(str::to_owned);
        Owner::new().with(|| {
            view! {
                <Field form="plan" name="title" label="Title" value="A \"quoted\" <b>"
                    hint="A few words." error=error required=true/>
            }
            .to_html()
        })
    }

    #[test]
    fn a_label_names_its_control() {
        let html = field(None);
        assert!(html.contains("for=\"plan-title\""), "{html}");
        assert!(html.contains(" id=\"plan-title\""), "{html}");
        assert!(!html.contains("aria-invalid"), "{html}");
        assert!(html.contains("aria-describedby=\"plan-title-hint\""), "{html}");
    }

    #[test]
    fn an_error_stands_beside_its_control_and_is_named_by_it() {
        let html = field(Some("A title is needed."));
        assert!(html.contains("aria-invalid=\"true\""), "{html}");
        assert!(html.contains("aria-describedby=\"plan-title-hint plan-title-error\""), "{html}");
        assert!(html.contains("id=\"plan-title-error\""), "{html}");
    }

    #[test]
    fn typed_text_comes_back_escaped() {
        let html = field(None);
        assert!(html.contains("value=\"A &quot;quoted&quot;"), "{html}");
        assert!(!html.contains("\"quoted\""), "{html}");
    }

    #[test]
    fn a_password_never_comes_back() {
        let html = Owner::new().with(|| {
            view! { <Field form="in" name="password" label="Password" kind="password" value="secret"/> }.to_html()
        });
        assert!(!html.contains("secret"), "{html}");
    }

    #[test]
    fn ids_of_repeated_rows_hold_no_brackets() {
        assert_eq!(field_id("plan", "checks[1].limit"), "plan-checks-1--limit");
    }

    #[test]
    fn one_option_is_chosen() {
        let options = ["low", "high"].map(|word| (word.to_owned(), word.to_owned()));
        let html = Owner::new().with(|| {
            view! {
                <SelectField form="finding" name="severity" label="Severity"
                    options=options.to_vec() value="high"/>
            }
            .to_html()
        });
        assert_eq!(html.matches("selected").count(), 1, "{html}");
        assert!(html.contains("value=\"high\" selected"), "{html}");
    }
}
