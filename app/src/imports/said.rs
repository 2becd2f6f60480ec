//! What a document proposes, as words that never look signed.

use leptos::prelude::*;
use notebook::imports::{Ended, Proposal, Validity};
use notebook::runs::facts::Verdict;
use notebook::runs::validity::Validity as Ruled;

use crate::parts::words::Word;
use crate::words::with_reason;

/// The tool as people write its name, with its version.
pub fn tool(proposal: &Proposal) -> String {
    let name = match proposal.tool.as_str() {
        "chaostoolkit" => "Chaos Toolkit",
        other => other,
    };
    proposal.tool_version.as_ref().map_or_else(|| name.to_owned(), |version| format!("{name} {version}"))
}

pub fn proposed_execution(ended: Ended) -> Word {
    proposed(ended.execution().into())
}

pub fn proposed_validity(validity: &Validity) -> Word {
    proposed(with_reason(match validity {
        Validity::Valid => Ruled::Valid,
        Validity::Invalid(reason) => Ruled::Invalid(*reason),
        Validity::Open(_) => Ruled::Open,
    }))
}

/// None where the document gives no ground for one.
pub fn proposed_verdict(verdict: Option<Verdict>) -> AnyView {
    match verdict {
        Some(verdict) => proposed(verdict.into()).badge().into_any(),
        None => view! { <span class="muted">"no verdict proposed"</span> }.into_any(),
    }
}

/// "Proposed: upheld". Never the bare word: nobody has signed it.
fn proposed(word: Word) -> Word {
    let mut letters = word.word.chars();
    let small: String = letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect());
    word.saying(format!("Proposed: {small}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::runs::validity::InvalidReason;

    #[test]
    fn a_proposal_never_reads_like_a_signed_word() {
        for word in [
            proposed_execution(Ended::Finished),
            proposed_execution(Ended::Aborted),
            proposed_validity(&Validity::Valid),
            proposed_validity(&Validity::Open("why".into())),
            proposed_validity(&Validity::Invalid(InvalidReason::ToolFailed)),
            proposed(Verdict::Upheld.into()),
        ] {
            assert!(word.word.starts_with("Proposed: "), "{word:?}");
        }
        assert_eq!(proposed(Verdict::Upheld.into()).word, "Proposed: upheld");
    }
}
