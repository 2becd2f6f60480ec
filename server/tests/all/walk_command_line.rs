//! The whole loop through the command line alone: the real program against a real server.

use serde_json::Value;

use crate::{
    history,
    process::{Program, Served, ended_with_input},
    walk_api::plan,
};

struct Walk {
    served: Served,
    ana: Program,
    ben: Program,
}

impl Walk {
    fn new() -> Self {
        let served = Served::new();
        // While the server runs: the folder is shared with it.
        served.at_home(&["user", "add", "ana@example.org", "--admin", "--name", "Ana"]).well();
        served.at_home(&["user", "add", "ben@example.org", "--name", "Ben"]).well();
        let (ana, ben) = (served.program("ana", "all"), served.program("ben", "all"));
        // No more careful than elsewhere: a start asks for no budget.
        ana.run(&["act", "environments/production", "edit", "name=Production", "class=other", "version=1"]).well();
        Self { served, ana, ben }
    }

    #[track_caller]
    fn ana(&self, words: &[&str]) -> String {
        self.ana.run(words).well().out
    }

    fn show(&self, id: &str) -> Value {
        self.ana.run(&["show", id, "--json"]).json()
    }

    fn review(&self, revision: &str) {
        self.ana(&["act", "EXP-1", "request-review"]);
        self.ben.run(&["act", revision, "approve"]).well();
    }

    /// The same plan with another bound for the gap between alerts, said in one word.
    fn revise(&self, revision: &str, seconds: &str) {
        let file = self.served.home.path().join("plan.json");
        std::fs::write(&file, plan("60").to_string()).unwrap();
        let version = format!("version={}", self.show("EXP-1")["experiment"]["version"]);
        let bound = format!("checks.0.threshold={seconds}");
        self.ana(&["act", "EXP-1", "revise", "--from", "plan.json", &bound, &version]);
        self.review(revision);
    }

    /// A run on one target; its verdict is signed as its values propose.
    fn run(&self, id: &str, target: &str, clients: &str, verdict: &str) {
        let start = ["run", "start", "exp-1", "--env", "production", "--target", target, "--quiet"];
        let closed = self.ana.run(&start);
        assert_eq!(closed.number, 4, "nobody is there yet: {}", closed.err);
        self.ready(id);
        self.ana(&["act", id, "start"]);
        self.ana(&["act", id, "begin-fault"]);
        let name = format!("name={target}");
        self.ana(&["act", id, "record-effect", &name, "effect=shown", "evidence=a new process id"]);
        let seen = format!("{target} is down, the leader moved");
        let observed = self.ana.run(&["observe", id, &seen, "--kind", "unexpected", "--quiet"]);
        assert_eq!(observed.line(), format!("{id}#o1"));
        let source = ["--source", "customer count"];
        let claim = |claimed| ["--claimed", claimed, "--claimed-source", "dashboard"];
        self.ana(&[&["metric", id, "alert-gap=38s"], &source[..], &claim("ok")].concat());
        let clients_seen = format!("clients-connected={clients}");
        let claimed = if clients == "held" { "ok" } else { "failing" };
        self.ana(&[&["metric", id, &clients_seen], &source[..], &claim(claimed)].concat());
        self.ana(&["act", id, "end-fault"]);
        self.ana(&[&["metric", id, "instance-back=held"], &source[..]].concat());
        self.ana(&["finish", id]);
        assert_eq!(self.show(id)["proposed"]["is"], verdict);
        self.ana(&["act", id, "sign", &format!("verdict={verdict}"), "analysis=As the values say."]);
    }

    /// Two people are there, and Ben answers what the gate asks.
    fn ready(&self, id: &str) {
        let people = self.ana.run(&["list", "people", "--json"]).json();
        for (name, marks) in [("Ana", ["parts.0=owner", "can_revert=on"]), ("Ben", ["parts.0=observer", "can_revert="])]
        {
            let known = people["people"].as_array().unwrap();
            let person = &known.iter().find(|person| person["name"] == name).unwrap()["id"];
            self.ana(&[&["act", id, "attend", &format!("person={person}"), "present=on"], &marks[..]].concat());
        }
        self.ben.run(&["act", id, "look-both-ways", "looks.0.look=incidents", "looks.0.sight=clear"]).well();
        for settled in self.show(id)["gate"].as_array().unwrap() {
            if settled["line"]["answer"] == "ask" {
                let check = format!("check={}", settled["line"]["check"].as_str().unwrap());
                self.ben.run(&["act", id, "answer-gate", &check, "text=Seen, and accepted."]).well();
            }
        }
    }

    fn close(&self, id: &str, decision: &str, exercised: Option<&str>) {
        let decision = format!("decision={decision}");
        let mut words = vec!["act", id, "close", &decision];
        let exercised = exercised.map(|word| format!("answers.0.exercised={word}"));
        if let Some(exercised) = &exercised {
            words.extend(["answers.0.fix=FIX-1", "answers.0.finding=FND-1", exercised]);
        }
        self.ana(&words);
    }

    fn rule(&self, ruling: &str, reason: &str) {
        let (ruling, reason) = (format!("ruling={ruling}"), format!("reason={reason}"));
        self.ben.run(&["act", "RUN-4", "rule-validity", &ruling, &reason]).well();
    }

    /// What FIX-1 amounts to, and a sentence that says why.
    #[track_caller]
    fn fix_is(&self, standing: &str, because: &str) {
        let fix = self.show("FIX-1");
        assert_eq!(fix["standing"], standing, "{fix:#}");
        assert!(fix["findings"][0]["standing"]["because"].to_string().contains(because), "{fix:#}");
    }
}

#[test]
fn the_whole_loop_through_the_command_line_alone_ends_in_the_same_history() {
    let walk = Walk::new();
    assert!(walk.ana(&["create", "service", "name=zookeeper"]).starts_with("zookeeper made · http://127.0.0.1:"));
    let made = ended_with_input(
        walk.ana.command().args(["create", "experiment", "--from", "-", "--quiet"]),
        &plan("60").to_string(),
    );
    assert_eq!(made.line(), "EXP-1");
    walk.review("EXP-1@1");

    walk.run("RUN-1", "zk-1", "failed", "refuted");
    let title = "nodes talk only to the first instance";
    let finding =
        ["finding", "create", title, "--run", "RUN-1", "--revealed-by", "clients-connected", "--on", "zk-1", "--quiet"];
    assert_eq!(walk.ana.run(&finding).line(), "FND-1");
    walk.close("RUN-1", "fix_and_rerun", None);
    walk.ana(&["create", "fix", "title=complete the address list", "findings[]=FND-1"]);
    walk.ana(&["fix", "deployed", "FIX-1", "--env", "production", "--ref", "v2"]);
    walk.fix_is("deployed", "");

    // Another target: the finding was on zk-1, so this proves nothing about its fix.
    walk.run("RUN-2", "zk-3", "held", "upheld");
    walk.close("RUN-2", "repeat_as_is", Some("not"));
    walk.fix_is("deployed", "RUN-2 hit zk-3 only");

    // A looser plan: what holds under it might not have held under the first.
    walk.revise("EXP-1@2", "600");
    walk.run("RUN-3", "zk-1", "held", "upheld");
    walk.close("RUN-3", "repeat_as_is", Some("held"));
    walk.fix_is("deployed", "RUN-3 used a looser plan");

    // The same experiment on the same target.
    walk.revise("EXP-1@3", "60");
    walk.run("RUN-4", "zk-1", "held", "upheld");
    walk.close("RUN-4", "repeat_as_is", Some("held"));
    walk.fix_is("verified", "RUN-4 verifies FIX-1");

    // The proof falls with its run, and stands again with it.
    walk.rule("invalid", "the restart command had silently failed");
    walk.fix_is("deployed", "RUN-4 is invalid");
    walk.rule("valid", "the log shows the restart after all");
    walk.fix_is("verified", "RUN-4 verifies FIX-1");
    let title = "title=Update the fleet without a maintenance window";
    let saving = "saving=Two nights of maintenance a month, by the rota";
    walk.ana(&["create", "decision", "kind=adopt_a_change", title, saving, "claims[]=EXP-1"]);

    let events = walk.ana.run(&["list", "events", "limit=50", "--all", "--json"]).json();
    history::assert_golden(&history::of(&events));
}
