//! Fields and notes that several pages about people share.

use leptos::prelude::*;
use notebook::actor::Role;
use notebook::limits::{EMAIL_CHARS_MAX, TITLE_CHARS_MAX};

use crate::ask::ShownOnce;
use crate::form::FormState;
use crate::parts::field::{Field, SelectField};

pub fn name(state: &FormState, own: &str) -> AnyView {
    view! {
        <Field
            form=state.name.clone()
            name="name"
            label="Name"
            hint="As colleagues call you; it stands beside what you do."
            value=state.value("name", own)
            error=state.error("name")
            autocomplete="name"
            max_length=TITLE_CHARS_MAX
            required=true
        />
    }
    .into_any()
}

pub fn email(state: &FormState, own: &str, autocomplete: &'static str) -> AnyView {
    view! {
        <Field
            form=state.name.clone()
            name="email"
            label="E-mail"
            kind="email"
            value=state.value("email", own)
            error=state.error("email")
            autocomplete=autocomplete
            max_length=EMAIL_CHARS_MAX
            required=true
        />
    }
    .into_any()
}

/// A password to be chosen. Pasting and password managers are welcome.
pub fn new_password(state: &FormState, field: &'static str, label: &'static str) -> AnyView {
    view! {
        <Field
            form=state.name.clone()
            name=field
            label=label
            kind="password"
            hint="At least 12 characters; four unrelated words do well. No other rules."
            error=state.error(field)
            autocomplete="new-password"
            required=true
        />
    }
    .into_any()
}

pub fn zone(state: &FormState, own: &str) -> AnyView {
    view! {
        <Field
            form=state.name.clone()
            name="zone"
            label="Time zone"
            hint="Times are shown in it: a name like Europe/Berlin, or UTC."
            value=state.value("zone", own)
            error=state.error("zone")
            required=true
        />
    }
    .into_any()
}

pub fn role(state: &FormState, own: Role) -> AnyView {
    let options = Role::ALL.map(|role| (role.word().to_owned(), title(role).to_owned()));
    let hint = Role::ALL.map(|role| format!("{} {}.", title(role), role.explained())).join(" ");
    view! {
        <SelectField
            form=state.name.clone()
            name="role"
            label="Role"
            options=options.to_vec()
            hint=hint
            value=state.value("role", own.word())
            error=state.error("role")
        />
    }
    .into_any()
}

pub const fn title(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Viewer",
        Role::Contributor => "Contributor",
        Role::Admin => "Admin",
    }
}

/// A field the person does not see but the form needs.
pub fn hidden(name: &'static str, value: String) -> AnyView {
    view! { <input type="hidden" name=name value=value/> }.into_any()
}

/// The secret that was just made, on this one answer only.
pub fn shown_once() -> Option<AnyView> {
    let ShownOnce { label, text } = use_context()?;
    Some(
        view! {
            <section class="card" role="status">
                <p>{label}</p>
                <p><code>{text}</code></p>
            </section>
        }
        .into_any(),
    )
}
