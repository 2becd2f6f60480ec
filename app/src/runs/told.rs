//! The run's trail in words: each line with what it says and what was written with it.

use notebook::events::Entry;
use notebook::fault::Result;
use notebook::gate::preflight::Sighted;
use notebook::gate::told::Attending;
use notebook::runs::evidence::Evidence;
use notebook::runs::trail::RunEvent;
use notebook::time::span_words;

use crate::parts::history::who;
use crate::parts::when::absolute;

/// One line of the trail, read.
pub struct Told {
    pub entry: Entry,
    pub event: RunEvent,
}

pub fn told(entries: &[Entry]) -> Result<Vec<Told>> {
    entries.iter().map(|entry| Ok(Told { entry: entry.clone(), event: entry.read()? })).collect()
}

impl Told {
    /// The decision to automate, where that signed.
    pub fn who(&self) -> String {
        match &self.event {
            RunEvent::Signed { graduation: Some(decision), .. } => decision.to_string(),
            _ => who(&self.entry),
        }
    }

    /// It was written down well after its own time.
    pub fn is_late(&self) -> bool {
        self.entry.is_late()
    }

    /// What was done, after the person's name, and what they wrote with it.
    pub fn words(&self) -> (String, Option<String>) {
        before(&self.event)
            .or_else(|| during(&self.event))
            .or_else(|| afterwards(&self.event))
            .unwrap_or_else(|| (plain(self.event.act()), None))
    }
}

fn plain(act: &str) -> String {
    act.replace('_', " ")
}

fn before(event: &RunEvent) -> Option<(String, Option<String>)> {
    let said = |words: &str, text: Option<String>| Some((words.to_owned(), text));
    match event {
        RunEvent::Planned { note, .. } => said("planned the run", note.as_ref().map(ToString::to_string)),
        RunEvent::Attends { attending } => said(attends(attending), None),
        RunEvent::GateAnswered { check, text, .. } => {
            said(&format!("answered the gate, {}", check.label().to_lowercase()), Some(text.to_string()))
        }
        RunEvent::PollAnswered { part, says, text } => {
            let words = format!("said {} as {}", says.label().to_lowercase(), part.label());
            said(&words, text.as_ref().map(ToString::to_string))
        }
        RunEvent::LookedBothWays { looks } => said(&looked(looks), None),
        RunEvent::Cancelled { why } => said("cancelled the run", Some(why.to_string())),
        RunEvent::Missed => said("marked the run as missed", None),
        RunEvent::Reminded { lead, planned_at } => {
            let at = absolute(planned_at.micros(), "UTC");
            said(&format!("told that the run begins within {}, at {at}", lead.label()), None)
        }
        RunEvent::VerdictDue { .. } => said("told that the run ended a day ago and is not closed", None),
        RunEvent::RevertLate { deadline_ms } => {
            said(&format!("told that the revert is past its deadline of {}", span_words(*deadline_ms)), None)
        }
        RunEvent::MovedTo { planned_at, why, against, .. } => {
            let though = if against.is_empty() { String::new() } else { format!(", though {}", against.join("; ")) };
            let words = format!("moved the run to {}{though}", absolute(planned_at.micros(), "UTC"));
            said(&words, Some(why.to_string()))
        }
        _ => None,
    }
}

/// "looked both ways: incidents here and nearby clear, deploys and maintenance not clear (until 11)".
fn looked(looks: &[Sighted]) -> String {
    let one = |seen: &Sighted| {
        let text = seen.text.as_ref().map(|text| format!(" ({text})")).unwrap_or_default();
        format!("{} {}{text}", seen.look.label().to_lowercase(), seen.sight.label().to_lowercase())
    };
    format!("looked both ways: {}", looks.iter().map(one).collect::<Vec<_>>().join(", "))
}

fn during(event: &RunEvent) -> Option<(String, Option<String>)> {
    let said = |words: &str, text: Option<String>| Some((words.to_owned(), text));
    match event {
        RunEvent::Started { .. } => said("started the run", None),
        RunEvent::Targets { targets } => {
            let names: Vec<&str> =
                targets.iter().filter(|target| target.hit).map(|target| target.name.as_str()).collect();
            said(
                &format!(
                    "named the targets: {}",
                    if names.is_empty() { "none to hit".into() } else { names.join(", ") }
                ),
                None,
            )
        }
        RunEvent::Effect { target, effect, evidence } => {
            let words = format!("wrote for {target}: {}", effect.label().to_lowercase());
            said(&words, evidence.as_ref().map(ToString::to_string))
        }
        RunEvent::FaultStarted => said("recorded that the fault began", None),
        RunEvent::FaultEnded => said("recorded that the fault ended", None),
        RunEvent::StepBegan { number } => said(&format!("began step {number}"), None),
        RunEvent::StepEnded { number } => said(&format!("marked step {number} as done"), None),
        RunEvent::Observed { number, .. } => said(&format!("added observation {number}"), None),
        RunEvent::Pinned { observation, pinned: true } => said(&format!("pinned observation {observation}"), None),
        RunEvent::Pinned { observation, pinned: false } => {
            said(&format!("took the pin off observation {observation}"), None)
        }
        RunEvent::Attached { evidence: Evidence::Link { link }, says, .. } => {
            said("attached a link", Some(format!("{says}: {link}")))
        }
        RunEvent::Attached { evidence: Evidence::Image { .. }, says, .. } => {
            said("attached an image", Some(says.to_string()))
        }
        RunEvent::CheckAnswered { answer, amends: None } => {
            said(&format!("recorded a value of {}", answer.key.measure), None)
        }
        RunEvent::CheckAnswered { answer, amends: Some(reason) } => {
            said(&format!("amended the value of {}", answer.key.measure), Some(reason.to_string()))
        }
        RunEvent::SignalAnswered { answer, amends: None } => {
            said(&format!("recorded the signal {}", answer.signal), None)
        }
        RunEvent::SignalAnswered { answer, amends: Some(reason) } => {
            said(&format!("amended the signal {}", answer.signal), Some(reason.to_string()))
        }
        RunEvent::Deviated { number, text } => said(&format!("recorded deviation {number}"), Some(text.to_string())),
        RunEvent::ConditionReached { condition, value, .. } => {
            said(&format!("saw an abort condition reached: {condition}"), Some(format!("Read: {value}")))
        }
        RunEvent::SteadyAgain { .. } => said("saw the steady state met again", None),
        RunEvent::AbortPressed { reason, text } => {
            let why = reason.map_or("the reason is open".to_owned(), |reason| reason.label().to_lowercase());
            said(&format!("aborted the run: {why}"), text.as_ref().map(ToString::to_string))
        }
        RunEvent::RevertFailed { text } => said("recorded that the revert failed", Some(text.to_string())),
        RunEvent::Ended { execution } => said(&format!("ended the run: {}", execution.label().to_lowercase()), None),
        _ => None,
    }
}

fn afterwards(event: &RunEvent) -> Option<(String, Option<String>)> {
    let said = |words: String, text: Option<String>| Some((words, text));
    match event {
        RunEvent::AbortReasonGiven { reason, text } => said(
            format!("gave the abort reason: {}", reason.label().to_lowercase()),
            text.as_ref().map(ToString::to_string),
        ),
        RunEvent::DeviationRuled { number, is_context, reason, alone } => {
            let word = if *is_context { "context" } else { "a deviation" };
            said(format!("ruled deviation {number} {word}{}", noted(*alone)), Some(reason.to_string()))
        }
        RunEvent::ToolEnded { says, .. } => said("took over how the tool ended".into(), Some(says.clone())),
        RunEvent::CommandEnded { exited } => {
            said(format!("told that the command ended with exit code {}", exited.code), None)
        }
        RunEvent::Imported { proposal } => said(format!("imported the run from {}", proposal.tool), None),
        RunEvent::ValidityRuled { valid, reason, alone } => {
            let word = if *valid { "valid" } else { "invalid" };
            said(format!("ruled the run {word}{}", noted(*alone)), Some(reason.to_string()))
        }
        RunEvent::Signed { verdict, analysis, graduation } => {
            let by = graduation.map(|decision| format!("By {decision}, the decision to automate."));
            let words = format!("signed the verdict {}", verdict.label().to_lowercase());
            said(words, analysis.as_ref().map(ToString::to_string).or(by))
        }
        RunEvent::Overruled { verdict, reason, alone } => {
            let words = format!("overruled the verdict to {}{}", verdict.label().to_lowercase(), noted(*alone));
            said(words, Some(reason.to_string()))
        }
        RunEvent::OverrulingRevoked { reason } => said("revoked the overruling".into(), Some(reason.to_string())),
        RunEvent::FixAnswered { fix, finding, exercised, reason } => {
            let words = format!("answered {fix} for {finding}: {}", exercised.label().to_lowercase());
            said(words, reason.as_ref().map(ToString::to_string))
        }
        RunEvent::LacksFix { fix, reason } => {
            said(format!("recorded that the version lacks {fix}"), Some(reason.to_string()))
        }
        RunEvent::Closed => said("closed the run".into(), None),
        RunEvent::Amended { text } => said("added an amendment".into(), Some(text.to_string())),
        _ => None,
    }
}

/// The person is named in the table of those who are here.
fn attends(attending: &Attending) -> &'static str {
    match (attending.present, attending.parts.is_empty() && !attending.can_revert) {
        (true, _) => "marked somebody present",
        (false, false) => "named somebody for the run, not present",
        (false, true) => "took somebody off the run",
    }
}

fn noted(alone: bool) -> &'static str {
    if alone { " (no second person)" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::actor::Via;
    use notebook::id::DecisionId;
    use notebook::runs::facts::Verdict;
    use notebook::time::Moment;

    fn signed(graduation: Option<DecisionId>) -> Told {
        let at = Moment::from_micros(0);
        let via = if graduation.is_some() { Via::System } else { Via::Form };
        let name = if graduation.is_some() { String::new() } else { "Ana".to_owned() };
        let event = RunEvent::Signed { verdict: Verdict::Upheld, analysis: None, graduation };
        let entry = Entry {
            seq: 1,
            at,
            recorded_at: at,
            person: None,
            name,
            via,
            kind: "run".into(),
            object: "RUN-1".into(),
            act: event.act().into(),
            body: String::new(),
        };
        Told { entry, event }
    }

    #[test]
    fn a_signature_is_its_persons_or_that_of_the_decision_to_automate() {
        let (by_ana, by_decision) = (signed(None), signed(Some(DecisionId::of(4))));
        assert_eq!((by_ana.who(), by_decision.who()), ("Ana".to_owned(), "DEC-4".to_owned()));
        assert_eq!(by_ana.words(), ("signed the verdict upheld".to_owned(), None));
        let says = by_decision.words().1.unwrap();
        assert!(says.contains("DEC-4"), "{says}");
    }
}
