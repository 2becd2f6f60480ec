//! The first minutes of a notebook: the steps that make it somebody's own, and the shortest way to
//! an observation. It goes through the ordinary acts of services and experiments, in one transaction.

use serde::{Deserialize, Serialize};

use crate::{
    actor::Act,
    belongs::is_sample_slug,
    desk::Desk,
    experiments::{self, Experiment},
    fault::Result,
    limits::TITLE_CHARS_MAX,
    people,
    refusal::{Checking, Refusal},
    runs, services,
    text::{Prose, Title},
};

/// What somebody sees right now, of which service, and what that makes them ask.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["service", "question", "text"])))]
#[serde(default, deny_unknown_fields)]
pub struct FirstDraft {
    /// A name; a service that is not there yet is added.
    pub service: String,
    /// "What happens if…"
    pub question: String,
    /// What is seen now.
    pub text: String,
}

struct First {
    service: Title,
    title: String,
    question: Prose,
    text: Prose,
}

impl FirstDraft {
    fn check(&self) -> Result<First, Refusal> {
        let mut checking = Checking::default();
        let service = checking.need("service", Title::new(&self.service));
        let question = checking.need("question", Prose::new(&self.question));
        let text = checking.need("text", Prose::new(&self.text));
        let title = question.as_ref().map(|question| title_of(question.as_str()));
        checking.end((|| Some(First { service: service?, title: title?, question: question?, text: text? }))())
    }
}

/// A question's first line is what its experiment is called until somebody finds a better name.
fn title_of(question: &str) -> String {
    let line: String = question.lines().next().unwrap_or_default().replace('\t', " ");
    let line = line.trim();
    if line.chars().count() <= TITLE_CHARS_MAX {
        return line.to_owned();
    }
    let cut: String = line.chars().take(TITLE_CHARS_MAX - 1).collect();
    format!("{}…", cut.trim_end())
}

/// Writes down what is seen, as the first step of a new experiment: a draft that holds the question.
pub async fn first_observation(desk: &Desk, draft: &FirstDraft) -> Result<Experiment> {
    for act in [Act::EditServices, Act::WriteExperiment, Act::Observe] {
        desk.may(act)?;
    }
    let first = draft.check()?;
    let mut tx = desk.begin_write().await?;
    let service = services::acts::ensure_service(desk, &mut tx, "service", first.service.as_str()).await?;
    let plan = experiments::Draft {
        title: first.title,
        question: first.question.into(),
        services: vec![service.into()],
        ..experiments::Draft::default()
    };
    let experiment = experiments::acts::create_in(desk, &mut tx, &plan).await?;
    experiments::observed::observe_in(desk, &mut tx, experiment.id, desk.now(), first.text).await?;
    desk.commit(tx, experiment.id).await?;
    Ok(experiment)
}

/// What makes a notebook somebody's own, in the order in which it is best done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[expect(clippy::struct_excessive_bools, reason = "four ticks of one list, each about another word")]
pub struct FirstSteps {
    pub service: bool,
    pub question: bool,
    pub run: bool,
    /// Somebody else can sign in or is invited, or one person said that there is nobody else.
    pub colleague: bool,
}

impl FirstSteps {
    pub const fn are_done(self) -> bool {
        self.service && self.question && self.run && self.colleague
    }
}

pub async fn first_steps(desk: &Desk) -> Result<FirstSteps> {
    desk.may(Act::Look)?;
    let (any_experiment, _) = experiments::acts::list(desk, &experiments::acts::Filter::default()).await?;
    let (any_run, _) = runs::acts::list(desk, &runs::acts::Filter::default()).await?;
    // Only who looks after people sees invitations that nobody has taken up yet.
    let invited = desk.shows(Act::ManagePeople) && !people::acts::invitations(desk).await?.is_empty();
    let alone = people::acts::solo(desk).await?;
    // The sample is somebody else's story: only own work counts.
    Ok(FirstSteps {
        service: services::acts::choices(desk).await?.iter().any(|(slug, _)| !is_sample_slug(slug)),
        question: any_experiment.iter().any(|row| !row.experiment.id.is_sample()),
        run: any_run.iter().any(|row| !row.run.id.is_sample()),
        colleague: invited || alone || people::acts::count(&desk.notebook).await? > 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> FirstDraft {
        FirstDraft {
            service: "Storage engine".into(),
            question: "What happens if one node restarts?".into(),
            text: "p99 is 40 ms".into(),
        }
    }

    #[test]
    fn everything_missing_is_said_at_once() {
        let refusal = FirstDraft::default().check().err().unwrap();
        let fields: Vec<_> = refusal.troubles().iter().map(|trouble| trouble.field.as_str()).collect();
        assert_eq!(fields, ["service", "question", "text"]);
    }

    #[test]
    fn the_experiment_is_called_by_its_questions_first_line() {
        assert_eq!(draft().check().unwrap().title, "What happens if one node restarts?");
        let two_lines = FirstDraft { question: "One\tline\r\nand more".into(), ..draft() };
        assert_eq!(two_lines.check().unwrap().title, "One line");
        let long = FirstDraft { question: format!("{} tail", "ä".repeat(200)), ..draft() };
        let title = long.check().unwrap().title;
        assert_eq!(title.chars().count(), TITLE_CHARS_MAX);
        assert!(Title::new(&title).is_ok() && title.ends_with('…'));
    }
}
