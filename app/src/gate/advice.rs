//! What the gate would say before there is a run.

use leptos::prelude::*;
use notebook::gate::acts::Advice;

use super::lines::row;
use crate::paths;

/// The panel. `sentence` says when the gate is asked for good.
pub fn panel(advice: Option<&Advice>, sentence: impl Into<String>) -> AnyView {
    let sentence = sentence.into();
    let Some(advice) = advice else {
        let says = "The plan names no environment yet, so the gate cannot be asked.";
        return view! { <section class="card"><h2>"Gate"</h2><p class="muted">{says}</p></section> }.into_any();
    };
    let rows = advice.asked.lines.iter().map(|line| row(line, None)).collect_view();
    let later: Vec<String> = advice.left_out.iter().map(|check| check.label().to_lowercase()).collect();
    let later = (!later.is_empty()).then(|| format!("Asked once there is a run: {}.", later.join(", ")));
    let policy = policy_line(advice.asked.policy);
    view! {
        <section class="card" id="gate">
            <h2>"Gate"</h2>
            <p class="muted">{sentence}</p>
            <ul class="plain">{rows}</ul>
            {later.map(|says| view! { <p class="muted">{says}</p> })}
            {policy}
        </section>
    }
    .into_any()
}

/// Whose limits these are.
pub fn policy_line(version: u32) -> AnyView {
    let words = if version == 0 { "the usual limits".to_owned() } else { format!("policy version {version}") };
    view! { <p class="muted">"By "<a href=paths::policy()>{words}</a>"."</p> }.into_any()
}
