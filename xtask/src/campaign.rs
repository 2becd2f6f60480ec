//! `cargo xtask test --campaign`: what takes too long for every run, with its full counts.
//!
//! A campaign is a module of `server/tests/campaigns`, called by its number or by what is tried;
//! without this command the same tests run with a small count, so that they never rot. One is of stories that run
//! every time, too, and with more patience, since a release takes long to build.

use std::process::ExitCode;

use crate::command;
use crate::suites::{cargo_test, offer_postgres, to_the_second};
use crate::test::{self, Bench, Outcome, Suite};

const ALL: &[Suite] = &[
    Suite {
        name: "R1",
        about: "kill -9 at random: what was acknowledged stays",
        needs: None,
        run: |bench| whole(bench, "r1::"),
    },
    Suite {
        name: "R9",
        about: "lost updates: one thing edited by many",
        needs: None,
        run: |bench| whole(bench, "r9::"),
    },
    Suite { name: "R10", about: "retries: every key is done once", needs: None, run: |bench| whole(bench, "r10::") },
    Suite {
        name: "R14",
        about: "restarts under watchers: no line missed",
        needs: None,
        run: |bench| whole(bench, "r14::"),
    },
    Suite {
        name: "R20",
        about: "kill -9 between an act and its messages: each arrives, in order",
        needs: None,
        run: |bench| whole(bench, "r20::"),
    },
    Suite {
        name: "queries",
        about: "a million query strings: each reads back and is answered, or is pointed at",
        needs: None,
        run: |bench| whole(bench, "queries::"),
    },
    Suite {
        name: "reindex",
        about: "kill -9 of writing the search index anew: index and rows stay equal, nobody waits",
        needs: None,
        run: |bench| whole(bench, "reindex::"),
    },
];

static OF_A_RELEASE: Suite = Suite {
    name: "live",
    about: "an abort is seen by everybody within a second: no more, in release",
    needs: None,
    run: to_the_second,
};

fn all() -> impl Iterator<Item = &'static Suite> {
    ALL.iter().chain([&OF_A_RELEASE])
}

pub fn run(names: &[String]) -> ExitCode {
    if let Some(unknown) = names.iter().find(|name| !all().any(|campaign| campaign.name == **name)) {
        let known: Vec<&str> = all().map(|campaign| campaign.name).collect();
        eprintln!("there is no campaign `{unknown}`; the campaigns are: {}", known.join(", "));
        return ExitCode::FAILURE;
    }
    let chosen = all().filter(|campaign| names.is_empty() || names.iter().any(|name| name == campaign.name));
    let mut bench = Bench::default();
    let ended: Vec<_> = chosen.map(|campaign| test::run(campaign, &mut bench)).collect();
    drop(bench);
    test::close(&ended)
}

/// One after the other: each wants the machine for itself.
fn whole(bench: &mut Bench, module: &str) -> Outcome {
    let mut command = command::cargo(&["test", "--locked", "--test=campaigns", "--", "--test-threads=1", module]);
    command.env("RETRIAL_CAMPAIGN", "whole");
    if let Err(reason) = offer_postgres(bench, &mut command) {
        return Outcome::of(Err(reason));
    }
    cargo_test("campaign", command)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;

    #[test]
    fn every_campaign_is_a_module_and_every_module_a_campaign() {
        let folder = std::fs::read_dir(crate::at("server/tests/campaigns")).unwrap();
        let files = folder.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        // Only a campaign asks how often it tries.
        let is_campaign = |name: &String| {
            let text = std::fs::read_to_string(crate::at(&format!("server/tests/campaigns/{name}"))).unwrap();
            text.contains("counted::{tell, tries}")
        };
        let modules: BTreeSet<String> = files.filter(is_campaign).map(|name| name.replace(".rs", "")).collect();
        let named: BTreeSet<String> = ALL.iter().map(|campaign| campaign.name.to_lowercase()).collect();
        assert_eq!(modules, named);
    }
}
