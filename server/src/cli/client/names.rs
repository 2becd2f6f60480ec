//! What people call things, and where they stand below `/api/v1`.

use notebook::{
    id::{KINDS, number_of},
    nearest::did_you_mean,
};

use crate::cli::Stopped;

/// A word of the notebook as programs reach it.
#[derive(Debug)]
pub struct Word {
    pub one: &'static str,
    pub many: &'static str,
    /// Below `/api/v1/`.
    pub path: &'static str,
    /// Where one is made.
    pub create: Option<&'static str>,
    /// What a list shows of each: head and JSON pointer. The first is its name. None: it has no list.
    pub columns: &'static [(&'static str, &'static str)],
    /// What asks for the page after the last row.
    pub next: &'static str,
}

const fn word(one: &'static str, many: &'static str, create: Option<&'static str>) -> Word {
    Word { one, many, path: many, create, columns: &[], next: "before" }
}

pub const WORDS: &[Word] = &[
    Word {
        columns: &[
            ("SLUG", "/service/slug"),
            ("NAME", "/service/name"),
            ("OWNER", "/service/owner"),
            ("CHANGED (UTC)", "/changed_at"),
        ],
        next: "after",
        ..word("service", "services", Some("services/add"))
    },
    Word {
        columns: &[("SLUG", "/slug"), ("NAME", "/name"), ("CLASS", "/class")],
        ..word("environment", "environments", Some("environments/add"))
    },
    Word {
        columns: &[("SLUG", "/slug"), ("NAME", "/text/name"), ("WORKS", "/works"), ("ZONE", "/text/zone")],
        next: "after",
        ..word("team", "teams", Some("teams"))
    },
    Word {
        columns: &[
            ("ID", "/id"),
            ("STATE", "/state"),
            ("SCOPE", "/scope"),
            ("FROM (UTC)", "/from"),
            ("UNTIL (UTC)", "/until"),
            ("SET BY", "/name"),
            ("WHY", "/why"),
        ],
        ..word("freeze", "freezes", Some("freezes"))
    },
    Word {
        columns: &[
            ("ID", "/id"),
            ("AT (UTC)", "/at"),
            ("KIND", "/kind"),
            ("ENVIRONMENT", "/environment"),
            ("WHAT", "/summary"),
            ("IRRELEVANT", "/irrelevant/reason"),
        ],
        ..word("change", "changes", Some("changes"))
    },
    Word {
        columns: &[
            ("ID", "/id"),
            ("STATE", "/state"),
            ("SERVICE", "/service"),
            ("ENVIRONMENT", "/environment"),
            ("TARGET", "/target"),
            ("TITLE", "/title"),
        ],
        ..word("slo", "slos", Some("slos"))
    },
    Word {
        columns: &[
            ("ID", "/experiment/id"),
            ("STAGE", "/experiment/stage"),
            ("REVISION", "/experiment/revision"),
            ("ENVIRONMENT", "/environment"),
            ("FAULT", "/fault"),
            ("TITLE", "/experiment/title"),
        ],
        ..word("experiment", "experiments", Some("experiments/create"))
    },
    Word {
        columns: &[
            ("TEMPLATE", "/template"),
            ("FAULT", "/fault"),
            ("ASKS FOR", "/requires"),
            ("RETIRED (UTC)", "/retired_at"),
            ("TITLE", "/title"),
        ],
        ..word("template", "templates", None)
    },
    Word {
        columns: &[
            ("ID", "/run/id"),
            ("EXECUTION", "/run/execution"),
            ("VALIDITY", "/validity"),
            ("VERDICT", "/verdict"),
            ("TELEMETRY", "/telemetry"),
            ("TARGETS", "/targets"),
            ("TITLE", "/run/title"),
        ],
        ..word("run", "runs", Some("runs/plan"))
    },
    word("past-run", "past-runs", Some("runs/past")),
    Word {
        columns: &[
            ("ID", "/finding/id"),
            ("STATUS", "/status"),
            ("SEVERITY", "/finding/severity"),
            ("ORIGIN", "/finding/origin"),
            ("TITLE", "/finding/title"),
        ],
        ..word("finding", "findings", Some("findings"))
    },
    Word {
        columns: &[
            ("ID", "/fix/id"),
            ("STANDING", "/standing"),
            ("FINDINGS", "/fix/findings"),
            ("TITLE", "/fix/title"),
        ],
        path: "fixes",
        ..word("fix", "fixes", Some("fixes"))
    },
    Word {
        columns: &[
            ("ID", "/decision/id"),
            ("STANDING", "/standing"),
            ("KIND", "/decision/kind"),
            ("RUN", "/decision/run"),
            ("TITLE", "/decision/title"),
        ],
        ..word("decision", "decisions", Some("decisions"))
    },
    Word {
        columns: &[
            ("ID", "/id"),
            ("STATE", "/state"),
            ("FROM (UTC)", "/from"),
            ("UNTIL (UTC)", "/until"),
            ("RUNS", "/text/runs"),
            ("TITLE", "/text/title"),
        ],
        ..word("gameday", "gamedays", Some("gamedays"))
    },
    Word {
        path: "due",
        columns: &[
            ("ID", "/of"),
            ("REASON", "/reason"),
            ("EXPERIMENT", "/experiment"),
            ("SINCE (UTC)", "/at"),
            ("WHY", "/says"),
        ],
        ..word("due", "due", None)
    },
    Word {
        path: "ledger",
        columns: &[
            ("RUN", "/run"),
            ("EXECUTION", "/execution"),
            ("VERDICT", "/verdict"),
            ("COST", "/cost"),
            ("FINDINGS", "/findings"),
            ("TITLE", "/title"),
        ],
        ..word("ledger", "ledger", None)
    },
    Word {
        path: "search",
        columns: &[
            ("ID", "/id"),
            ("KIND", "/kind"),
            ("STATES", "/states"),
            ("MEASURED", "/measured"),
            ("TITLE", "/title"),
        ],
        next: "",
        ..word("hit", "hits", None)
    },
    Word {
        path: "people",
        columns: &[("ID", "/id"), ("EMAIL", "/email"), ("NAME", "/name"), ("ROLE", "/role"), ("DISABLED", "/disabled")],
        ..word("person", "people", None)
    },
    word("invitation", "invitations", Some("people/invite")),
    word("first-observation", "first-observations", Some("first-observation")),
    Word {
        path: "import",
        columns: &[("ID", "/id"), ("RUN", "/run"), ("EXPERIMENT", "/experiment"), ("RECEIVED (UTC)", "/received_at")],
        ..word("import", "imports", None)
    },
    Word {
        columns: &[
            ("SEQ", "/seq"),
            ("AT (UTC)", "/at"),
            ("BY", "/by"),
            ("KIND", "/kind"),
            ("OBJECT", "/object"),
            ("ACT", "/act"),
        ],
        next: "after",
        ..word("event", "events", None)
    },
];

impl Word {
    fn is(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.one == text || self.many == text || self.path == text
    }

    fn find(text: &str) -> Option<&'static Self> {
        WORDS.iter().find(|word| word.is(text))
    }

    /// A word that has a list.
    pub fn listed(text: &str) -> Result<&'static Self, Stopped> {
        Self::find(text).filter(|word| !word.columns.is_empty()).ok_or_else(|| {
            let known: Vec<&str> = WORDS.iter().filter(|word| !word.columns.is_empty()).map(|word| word.many).collect();
            no(text, "a list", &known)
        })
    }

    /// A word of which one can be made.
    pub fn made(text: &str) -> Result<(&'static Self, &'static str), Stopped> {
        Self::find(text).and_then(|word| Some((word, word.create?))).ok_or_else(|| {
            let known: Vec<&str> = WORDS.iter().filter(|word| word.create.is_some()).map(|word| word.one).collect();
            no(text, "something that is made here", &known)
        })
    }
}

fn no(text: &str, what: &str, known: &[&str]) -> Stopped {
    let near = did_you_mean(text, known.iter().copied());
    let near = if near.is_empty() { format!("; there are {}", known.join(", ")) } else { near };
    Stopped::usage(format!("\"{text}\" is not {what}{near}"))
}

/// One thing, or one word as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Below `/api/v1/`.
    pub path: String,
    /// What people call it.
    pub name: String,
}

impl Place {
    /// `RUN-317`, `EXP-42@3`, a service's slug, `WORD/NAME`, a word, or with a slash before it any address of
    /// the API: `/me`.
    pub fn named(text: &str) -> Result<Self, Stopped> {
        let text = text.trim();
        if let Some(path) = text.strip_prefix('/').filter(|path| !path.is_empty()) {
            return Ok(Self { path: path.to_owned(), name: text.to_owned() });
        }
        if let Some((word, name)) = text.split_once('/') {
            let word = Word::find(word).ok_or_else(|| {
                let known: Vec<&str> = WORDS.iter().map(|word| word.many).collect();
                no(word, "a word of the notebook", &known)
            })?;
            return Ok(Self { path: format!("{}/{name}", word.path), name: name.to_owned() });
        }
        if let Some((word, id)) = numbered(text) {
            let (id, revision) = id.split_once('@').map_or((id.as_str(), None), |(id, number)| (id, Some(number)));
            let path = match revision {
                Some(number) => format!("{}/{id}/plan/{number}", word.path),
                None => format!("{}/{id}", word.path),
            };
            return Ok(Self { path, name: text.to_uppercase() });
        }
        if let Some(word) = Word::find(text) {
            return Ok(Self { path: word.path.to_owned(), name: word.many.to_owned() });
        }
        if notebook::text::Slug::new(text).is_ok() {
            return Ok(Self { path: format!("services/{text}"), name: text.to_owned() });
        }
        Err(Stopped::usage(format!(
            "\"{text}\" names nothing; write an id like RUN-317, a service's slug, or WORD/NAME"
        )))
    }

    /// A thing of one word only: `RUN-317` where a run is meant.
    pub fn of(one: &str, text: &str) -> Result<Self, Stopped> {
        let place = Self::named(text)?;
        match numbered(text.trim()) {
            Some((word, id)) if word.one == one && !id.contains('@') => Ok(place),
            _ => Err(Stopped::usage(format!("\"{text}\" is no {one}'s id"))),
        }
    }
}

/// The word of an id, and the id in capitals. A mark before the prefix, as sample rows have it, stays.
fn numbered(text: &str) -> Option<(&'static Word, String)> {
    let upper = text.to_uppercase();
    let (id, revision) = upper.split_once('@').map_or((upper.as_str(), None), |(id, revision)| (id, Some(revision)));
    let (front, number) = id.rsplit_once('-')?;
    number_of(number)?;
    let prefix = front.rsplit('-').next()?;
    let (_, noun) = KINDS.iter().find(|(known, _)| *known == prefix)?;
    let word = Word::find(noun)?;
    (revision.is_none() || word.one == "experiment").then_some((word, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_found_by_what_people_call_them() {
        for (text, path) in [
            ("run-317", "runs/RUN-317"),
            ("EXP-42@3", "experiments/EXP-42/plan/3"),
            ("EXP-42@2..3", "experiments/EXP-42/plan/2..3"),
            ("DEMO-FND-2", "findings/DEMO-FND-2"),
            ("FIX-12", "fixes/FIX-12"),
            ("DEC-9", "decisions/DEC-9"),
            ("gd-4", "gamedays/GD-4"),
            ("SLO-7", "slos/SLO-7"),
            ("zookeeper", "services/zookeeper"),
            ("storage-engine", "services/storage-engine"),
            ("kafka-3", "services/kafka-3"),
            ("services/run", "services/run"),
            ("environments/staging", "environments/staging"),
            ("templates/dns-failure", "templates/dns-failure"),
            ("people/3", "people/3"),
            ("import/3", "import/3"),
            ("people", "people"),
            ("/profile/tokens", "profile/tokens"),
        ] {
            assert_eq!(Place::named(text).unwrap().path, path, "{text}");
        }
        for bad in ["", "/", "RUN-0", "RUN-1@2", "two words", "planets/mars"] {
            assert!(Place::named(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_run_is_asked_for_where_a_run_is_meant() {
        assert_eq!(Place::of("run", "RUN-3").unwrap().name, "RUN-3");
        for bad in ["EXP-3", "zookeeper", "runs"] {
            assert!(Place::of("run", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_word_that_has_a_list_is_named_by_the_help_of_the_command_and_by_the_document() {
        let has_list = |word: &&Word| !word.columns.is_empty() && word.many != "hits";
        let mut listed: Vec<&str> = WORDS.iter().filter(has_list).map(|word| word.many).collect();
        listed.sort_unstable();
        for text in [include_str!("list.rs"), include_str!("../../../../docs/command-line.md")] {
            let (_, named) = text.split_once("teams, services, ").unwrap();
            let (named, _) = named.split_once(['\n', ';']).unwrap();
            let mut named: Vec<&str> = ["teams", "services"].into_iter().chain(named.split(", ")).collect();
            named.sort_unstable();
            assert_eq!(named, listed);
        }
    }

    #[test]
    fn a_misspelt_word_is_answered_with_the_nearest() {
        assert!(Word::listed("findngs").unwrap_err().to_string().contains("did you mean findings?"));
        assert!(Word::made("events").unwrap_err().to_string().contains("there are service"));
        assert_eq!(Word::listed("fix").unwrap().path, "fixes");
    }

    #[test]
    fn every_kind_of_id_has_its_word() {
        for (prefix, noun) in KINDS {
            let (word, _) = numbered(&format!("{prefix}-1")).unwrap();
            assert_eq!(word.one, *noun);
        }
    }
}
