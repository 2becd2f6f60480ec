//! How much of what is there a plan hits, and what part of each budget that may cost.

use leptos::prelude::*;
use notebook::gate::acts::Advice;

use crate::parts::facts::Fact;
use crate::paths;

/// Facts beside the plan: "1 of 5 instances", and a share for each SLO.
pub fn facts(advice: Option<&Advice>) -> Option<AnyView> {
    let asked = &advice?.asked;
    let radius = asked.radius.as_ref().map(|radius| {
        let words = radius.words();
        view! { <Fact term="Hits">{words}</Fact> }
    });
    let budgets = asked.budgets.iter().map(|budget| {
        let (href, id, words) = (paths::slo(budget.slo), budget.slo.to_string(), budget.share_words());
        view! { <Fact term="May cost"><a class="id" href=href>{id}</a>" "{words}</Fact> }
    });
    let budgets = budgets.collect_view();
    Some(view! { {radius}{budgets} }.into_any())
}
