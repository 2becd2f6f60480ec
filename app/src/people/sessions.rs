//! Browsers in which one is signed in.

use leptos::prelude::*;
use notebook::people::LoginSession;

use crate::form::{Form, FormState};
use crate::parts::table::TableRegion;
use crate::paths;
use crate::times::Times;

/// `this` is the key of the session that asks.
pub fn section(sessions: Vec<LoginSession>, this: &str, times: &Times) -> AnyView {
    let others = sessions.iter().filter(|session| session.key != this).count();
    let rows: Vec<_> = sessions.into_iter().map(|session| row(session, this, times)).collect();
    let end_others = FormState::of(paths::act(&paths::profile(), "end-other-logins"));
    view! {
        <section class="card stack">
            <h2>"Login sessions"</h2>
            <TableRegion id="logins" caption="Where you are signed in">
                <thead>
                    <tr>
                        <th scope="col">"Browser"</th>
                        <th scope="col">"Since"</th>
                        <th scope="col">"Last seen"</th>
                        <th scope="col"><span class="unseen">"End"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableRegion>
            {(others > 0).then(|| view! { <Form state=end_others><div class="row"><button>"End all others"</button></div></Form> })}
        </section>
    }
    .into_any()
}

fn row(session: LoginSession, this: &str, times: &Times) -> AnyView {
    let end = FormState::of(format!("{}/logins/{}/end", paths::profile(), session.key));
    let is_this = session.key == this;
    let browser = if session.agent.is_empty() { "Unknown browser".to_owned() } else { session.agent };
    view! {
        <tr>
            <td>{browser} {is_this.then(|| view! { " " <strong>"(this one)"</strong> })}</td>
            <td>{times.when(session.created_at)}</td>
            <td>{times.when(session.seen_at)}</td>
            <td>{(!is_this).then(|| view! { <Form state=end><button class="quiet">"End"</button></Form> })}</td>
        </tr>
    }
    .into_any()
}
