//! One's own profile: name, zone, theme, password, tokens, login sessions.

use leptos::prelude::*;
use notebook::people::{Account, Theme, acts};

use super::{fields, sessions, tokens};
use crate::ask::{ThisSession, page};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::parts::field::{Field, SelectField};
use crate::parts::page::PageHead;
use crate::paths;
use crate::reading::keys_switch;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn ProfilePage() -> impl IntoView {
    page(|desk| async move {
        let account = acts::own(&desk).await?;
        let own_tokens = acts::tokens(&desk).await?;
        let own_sessions = acts::sessions(&desk).await?;
        let this = use_context::<ThisSession>().unwrap_or_default();
        let times = Times::of(&desk);
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Profile".into(), href: None }]>
                <PageTitle text="Profile"/>
                <PageHead title="Profile" eyebrow=account.email.clone()/>
                <div class="stack">
                    <p><a href=paths::notifications()>"Choose what you are told"</a></p>
                    {fields::shown_once()}
                    <ProfileForm account/>
                    <Keys/>
                    <PasswordForm/>
                    {tokens::section(own_tokens, &times)}
                    {sessions::section(own_sessions, &this.0, &times)}
                </div>
            </Frame>
        }
        .into_any())
    })
}

#[component]
fn ProfileForm(account: Account) -> impl IntoView {
    let state = FormState::of(paths::profile());
    let themes = [(Theme::System, "As the system"), (Theme::Light, "Light"), (Theme::Dark, "Dark")];
    let options = themes.map(|(theme, words)| (theme.word().to_owned(), words.to_owned()));
    view! {
        <section class="card">
            <h2>"How you are shown"</h2>
            <Form state=state.clone()>
                {fields::hidden("version", account.version.to_string())}
                {fields::name(&state, &account.name)}
                {fields::zone(&state, &account.zone)}
                <SelectField
                    form=state.name.clone()
                    name="theme"
                    label="Theme"
                    options=options.to_vec()
                    value=state.value("theme", account.theme.word())
                    error=state.error("theme")
                />
                <div class="row"><button class="primary">"Save profile"</button></div>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn Keys() -> impl IntoView {
    view! {
        <section class="card" id="keys">
            <h2>"Keys"</h2>
            <p>"Single keys take you to pages, along lists and, where a run goes on, to where you write: "<a href=paths::keyboard()>"all keys"</a>". Turn them off if you dictate, or press keys by mistake."</p>
            {keys_switch()}
        </section>
    }
    .into_any()
}

#[component]
fn PasswordForm() -> impl IntoView {
    let state = FormState::of(paths::act(&paths::profile(), "password"));
    view! {
        <section class="card">
            <h2>"Password"</h2>
            <Form state=state.clone()>
                <Field
                    form=state.name.clone()
                    name="old"
                    label="Password you use now"
                    kind="password"
                    error=state.error("old")
                    autocomplete="current-password"
                    required=true
                />
                {fields::new_password(&state, "new", "New password")}
                <div class="row"><button>"Change password"</button></div>
            </Form>
        </section>
    }
    .into_any()
}
