//! The seven steps of an experiment, and which one is next.

use crate::parts::icon::{Icon, IconName};
use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Observe,
    Question,
    Hypothesis,
    Experiment,
    ObserveMore,
    Decide,
    TryAgain,
}

impl Step {
    pub const ALL: [Self; 7] = [
        Self::Observe,
        Self::Question,
        Self::Hypothesis,
        Self::Experiment,
        Self::ObserveMore,
        Self::Decide,
        Self::TryAgain,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Observe => "Observe",
            Self::Question => "Question",
            Self::Hypothesis => "Hypothesis",
            Self::Experiment => "Experiment",
            Self::ObserveMore => "Observe more",
            Self::Decide => "Decide",
            Self::TryAgain => "Try again",
        }
    }
}

/// Steps before `now` are done, those after it are to do.
#[component]
pub fn Stepper(now: Step) -> impl IntoView {
    let steps = Step::ALL.into_iter().zip(1..).map(|(step, number)| {
        let (state, spoken) = match step.cmp(&now) {
            std::cmp::Ordering::Less => ("done", " (done)"),
            std::cmp::Ordering::Equal => ("now", ""),
            std::cmp::Ordering::Greater => ("todo", " (to do)"),
        };
        let mark = if state == "done" {
            view! { <Icon of=IconName::Check/> }.into_any()
        } else {
            view! { <span class="num">{number}</span> }.into_any()
        };
        view! {
            <li data-state=state aria-current=(state == "now").then_some("step")>
                {mark}
                <span class="name">{step.word()}<span class="unseen">{spoken}</span></span>
            </li>
        }
    });
    view! { <ol class="steps" aria-label="Steps of the experiment">{steps.collect_view()}</ol> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(now: Step) -> String {
        Owner::new().with(|| view! { <Stepper now=now/> }.to_html())
    }

    #[test]
    fn steps_before_the_current_one_are_done() {
        let html = html(Step::Decide);
        assert_eq!(html.matches("data-state=\"done\"").count(), 5, "{html}");
        assert_eq!(html.matches("data-state=\"todo\"").count(), 1, "{html}");
        assert_eq!(html.matches("aria-current=\"step\"").count(), 1, "{html}");
    }

    #[test]
    fn the_first_step_has_nothing_done_before_it() {
        assert!(!html(Step::Observe).contains("data-state=\"done\""));
    }
}
