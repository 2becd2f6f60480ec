//! Tokens for one's own programs.

use leptos::prelude::*;
use notebook::people::{Scope, Token};

use crate::form::{Form, FormState};
use crate::parts::field::{Field, SelectField};
use crate::parts::table::TableRegion;
use crate::paths;
use crate::times::Times;

pub fn section(tokens: Vec<Token>, times: &Times) -> AnyView {
    view! {
        <section class="card stack">
            <h2>"Tokens for programs"</h2>
            <p class="muted">"A program sends its token with each request to /api/v1, as Authorization: Bearer. "<a href=paths::API_DOCS>"What it can ask for"</a></p>
            {(!tokens.is_empty()).then(|| table(tokens, times))}
            <TokenForm/>
        </section>
    }
    .into_any()
}

fn table(tokens: Vec<Token>, times: &Times) -> AnyView {
    let rows: Vec<_> = tokens.into_iter().map(|token| row(token, times)).collect();
    view! {
        <TableRegion id="tokens" caption="Your tokens">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Ends in"</th>
                    <th scope="col">"May"</th>
                    <th scope="col">"Last used"</th>
                    <th scope="col">"Valid until"</th>
                    <th scope="col"><span class="unseen">"Revoke"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn row(token: Token, times: &Times) -> AnyView {
    let revoke = FormState::of(format!("{}/tokens/{}/revoke", paths::profile(), token.id));
    let used = token.used_at.map_or_else(|| "never".into_any(), |at| times.when(at));
    let until = token.expires_at.map_or_else(|| "no end".into_any(), |at| times.when(at));
    view! {
        <tr>
            <td>{token.name}</td>
            <td><code>{token.ending}</code></td>
            <td>{words(token.scope)}</td>
            <td>{used}</td>
            <td>{until}</td>
            <td><Form state=revoke><button class="quiet">"Revoke"</button></Form></td>
        </tr>
    }
    .into_any()
}

const fn words(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "Read",
        Scope::Ingest => "Read, and send results",
        Scope::All => "Whatever you may",
    }
}

#[component]
fn TokenForm() -> impl IntoView {
    let state = FormState::of(paths::act(&paths::profile(), "tokens"));
    let options = Scope::ALL.map(|scope| (scope.word().to_owned(), words(scope).to_owned()));
    view! {
        <Form state=state.clone()>
            <Field
                form=state.name.clone()
                name="name"
                label="Name of the program"
                value=state.value("name", "")
                error=state.error("name")
                required=true
            />
            <SelectField
                form=state.name.clone()
                name="scope"
                label="It may"
                options=options.to_vec()
                value=state.value("scope", Scope::Ingest.word())
                error=state.error("scope")
            />
            <Field
                form=state.name.clone()
                name="days"
                label="Days until it ends"
                hint="Empty for no end."
                value=state.value("days", "90")
                error=state.error("days")
                inputmode="numeric"
            />
            <div class="row"><button>"Make token"</button></div>
        </Form>
    }
    .into_any()
}
