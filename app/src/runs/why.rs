//! A computed word's reasons, one sentence each.

use leptos::prelude::*;
use notebook::answer::Because;

use crate::parts::because::Reasons;
use crate::parts::why::Why;
use crate::times::Times;

/// Nothing without a reason.
pub fn why(question: impl Into<String>, because: &[Because], times: &Times) -> Option<AnyView> {
    if because.is_empty() {
        return None;
    }
    let (question, because, times) = (question.into(), because.to_vec(), times.clone());
    Some(view! { <Why question=question><Reasons because=because times=times/></Why> }.into_any())
}
