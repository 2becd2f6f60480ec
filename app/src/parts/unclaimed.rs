//! What was sent and not taken, where the page no longer has its form: somebody else was quicker.
//!
//! Nothing typed is lost without a word: the refusal and the text stand above the page.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use leptos::prelude::*;
use notebook::refusal::Refusal;

use crate::ask::Returned;
use crate::form::label;
use crate::parts::icon::{Icon, IconName};

/// Whether a form of this page shows what came back. One for each page.
#[derive(Debug, Clone, Default)]
pub struct Claim(Arc<AtomicBool>);

/// Said by the form that shows what came back.
pub fn claim() {
    if let Some(claim) = use_context::<Claim>() {
        claim.0.store(true, Ordering::Relaxed);
    }
}

/// Nothing where a form claimed it, or nothing came back. Ask after the page's content is made.
pub fn unclaimed() -> Option<AnyView> {
    let claim = use_context::<Claim>()?;
    let returned = use_context::<Returned>()?;
    if claim.0.load(Ordering::Relaxed) {
        return None;
    }
    let sentence = returned.refusal.as_ref().map(Refusal::to_string).or(returned.note).unwrap_or_default();
    let troubles = returned.refusal.iter().flat_map(Refusal::troubles);
    let troubles =
        troubles.map(|trouble| view! { <li>{label(&trouble.field)}": "{trouble.says.clone()}</li> }).collect_view();
    let typed: Vec<_> = returned.values.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect();
    let kept = (!typed.is_empty()).then(|| {
        let lines = typed.into_iter().map(|(name, value)| view! { <div><dt>{label(&name)}</dt><dd>{value}</dd></div> });
        view! { <p>"The form for it is not on this page now. This is what you sent:"</p><dl class="facts">{lines.collect_view()}</dl> }
    });
    let view = view! {
        <div class="errors" role="alert" tabindex="-1" autofocus>
            <h2><Icon of=IconName::CircleAlert size=20/>"Nothing was saved."</h2>
            <p>{sentence}</p>
            <ul>{troubles}</ul>
            {kept}
        </div>
    };
    Some(view.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::actor::Act;

    fn html(claimed: bool) -> String {
        Owner::new().with(|| {
            provide_context(Claim::default());
            provide_context(Returned {
                action: "/runs/RUN-1/observe".into(),
                values: vec![("text".into(), "zk-1 is back <b>".into()), ("at".into(), String::new())],
                refusal: Some(Refusal::not_now(Act::Observe, "RUN-1 is closed")),
                note: None,
            });
            if claimed {
                claim();
            }
            unclaimed().map(leptos::prelude::RenderHtml::to_html).unwrap_or_default()
        })
    }

    #[test]
    fn text_whose_form_is_gone_stands_above_the_page() {
        let html = html(false);
        assert!(html.contains("RUN-1 is closed") && html.contains("zk-1 is back &lt;b&gt;"), "{html}");
        assert_eq!(html.matches("<dt>").count(), 1, "empty fields are left out: {html}");
    }

    #[test]
    fn a_form_that_shows_it_is_enough() {
        assert_eq!(html(true), "");
    }
}
