//! What commands print and end with, settings in the real program, and a server that is disturbed.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    process::Child,
};

use serde_json::Value;

use crate::process::{Program, Served, ended, ended_with_input, retrial};

/// Ana is the admin, and there is one service.
fn served() -> (Served, Program) {
    let served = Served::new();
    served.at_home(&["user", "add", "ana@example.org", "--admin", "--name", "Ana"]).well();
    let ana = served.program("ana", "all");
    ana.run(&["create", "service", "name=Kafka"]).well();
    (served, ana)
}

#[test]
fn every_end_has_its_number() {
    let (served, ana) = served();
    let reader = served.program("ana", "read");
    let with = |words: &[&str], url: &str, token: &str| {
        ended(retrial(served.home.path()).args(words).env("RETRIAL_URL", url).env("RETRIAL_TOKEN", token))
    };
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);

    for (ended, number, says) in [
        (ana.run(&["list", "services"]), 0, ""),
        (ana.run(&["show", "RUN-9"]), 1, "There is no run RUN-9."),
        (ana.run(&["create", "service"]), 1, "name is empty"),
        (ana.run(&["create", "service", "nam=x"]), 1, "nam is not known here"),
        (ana.run(&["act", "kafka", "strat"]), 1, "nothing at /api/v1/services/kafka/strat"),
        (ana.run(&["lits", "services"]), 2, "'list'"),
        (ana.run(&["list", "servces"]), 2, "did you mean services?"),
        (ana.run(&["act", "two words", "x"]), 2, "names nothing"),
        (ana.run(&["create", "service", "name"]), 2, "write name=value"),
        (with(&["list", "runs"], &silent, &ana.token), 10, "is it running"),
        (with(&["list", "runs"], &served.url, ""), 11, "RETRIAL_TOKEN"),
        (with(&["list", "runs"], &served.url, "rtl_p_x"), 11, "unknown, revoked or at its end"),
        (with(&["list", "runs"], "nowhere", "x"), 2, "RETRIAL_URL takes an address"),
        (reader.run(&["create", "service", "name=x"]), 11, "only reads"),
        (retrial_version(&served), 0, ""),
    ] {
        assert_eq!(ended.number, number, "{}{}", ended.out, ended.err);
        assert!(ended.err.contains(says), "{says}: {}", ended.err);
        assert!(!ended.out.contains('\u{1b}') && !ended.err.contains('\u{1b}'), "no colour off a terminal");
    }
}

fn retrial_version(served: &Served) -> crate::process::Ended {
    let ended = served.at_home(&["version", "--json"]);
    assert!(ended.out.contains(env!("CARGO_PKG_VERSION")), "{}", ended.out);
    ended
}

#[test]
fn a_closed_gate_ends_with_4_and_leaves_the_run_planned() {
    let (served, ana) = served();
    served.at_home(&["user", "add", "ben@example.org", "--name", "Ben"]).well();
    let ben = served.program("ben", "all");
    let mut plan = crate::walk_api::plan("60");
    plan["services"] = serde_json::json!(["kafka"]);
    plan["revert_owner"] = serde_json::json!("");
    ended_with_input(ana.command().args(["create", "experiment", "--from", "-"]), &plan.to_string()).well();
    ana.run(&["act", "EXP-1", "request-review"]).well();
    ben.run(&["act", "EXP-1@1", "approve"]).well();

    let elsewhere = ana.run(&["run", "start", "EXP-1", "--env", "staging", "--target", "k-1"]);
    assert_eq!(elsewhere.number, 2, "{}", elsewhere.err);
    assert!(elsewhere.err.contains("planned for production, not for staging"), "{}", elsewhere.err);
    assert_eq!(ana.run(&["run", "list", "--quiet"]).well().out, "", "nothing was planned");

    let closed = ana.run(&["run", "start", "EXP-1", "--env", "production", "--target", "k-1=leader"]);
    assert_eq!(closed.number, 4, "{}", closed.err);
    for says in
        ["The gate is closed", "nobody is named to revert", "RUN-1 stays planned", "run start --run RUN-1", "attend"]
    {
        assert!(closed.err.contains(says), "{says}: {}", closed.err);
    }
    let run = ana.run(&["run", "show", "RUN-1", "--json"]).json();
    assert_eq!((&run["run"]["execution"], &run["facts"]["targets"][0]["role"]), (&"planned".into(), &"leader".into()));
    let problem = ana.run(&["act", "RUN-1", "start", "--json"]);
    let told: Value = serde_json::from_str(&problem.err).unwrap();
    assert_eq!((problem.number, told["code"].as_str()), (4, Some("gate")));
}

/// A team that is always there, for whatever time it is, owns the one service.
fn works_around_the_clock(ana: &Program) {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let hours = days.map(|day| format!("{day}=00:00-24:00"));
    let team: Vec<&str> =
        ["create", "team", "name=Always", "zone=UTC"].into_iter().chain(hours.iter().map(String::as_str)).collect();
    ana.run(&team).well();
    ana.run(&["act", "kafka", "edit", "name=Kafka", "team=always", "version=1"]).well();
}

#[test]
fn the_gate_ends_with_a_number_that_pipelines_branch_on() {
    let (served, ana) = served();
    served.at_home(&["user", "add", "ben@example.org", "--name", "Ben"]).well();
    let ben = served.program("ben", "all");
    let mut plan = crate::walk_api::plan("60");
    (plan["services"], plan["environment"]) = (serde_json::json!(["kafka"]), serde_json::json!("staging"));
    ended_with_input(ana.command().args(["create", "experiment", "--from", "-"]), &plan.to_string()).well();
    ana.run(&["act", "EXP-1", "request-review"]).well();
    ben.run(&["act", "EXP-1@1", "approve"]).well();

    let gate = |rest: &[&str]| ana.run(&[&["gate", "kafka"], rest].concat());
    let unowned = gate(&["--env", "staging"]);
    assert_eq!(unowned.number, 3, "nobody knows the hours: {}", unowned.out);
    works_around_the_clock(&ana);
    let go = gate(&["--env", "staging"]);
    assert!(go.number == 0 && go.out.starts_with("go\n"), "{}{}", go.out, go.err);
    let ask = gate(&["--env", "staging", "--experiment", "EXP-1"]);
    assert_eq!((ask.number, ask.err.as_str()), (3, ""), "{}", ask.out);
    assert!(ask.out.contains("the revert was never done"), "{}", ask.out);
    let refuse = gate(&["--env", "production", "--quiet"]);
    assert_eq!((refuse.number, refuse.out.trim()), (4, "refuse"), "no SLO: {}", refuse.err);
    let told = gate(&["--env", "production", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&told.out).unwrap()["answer"], "refuse");
    let elsewhere = gate(&["--env", "production", "--experiment", "EXP-1"]);
    assert!(elsewhere.number == 1 && elsewhere.err.contains("is not where EXP-1 runs"), "{}", elsewhere.err);
    assert_eq!(ana.run(&["gate", "kafak", "--env", "staging"]).number, 1);

    assert!(go.out.contains("not asked: plan"), "what belongs to a plan and a run was left out: {}", go.out);
    ana.run(&["create", "freeze", "scope=service:kafka", "why=an incident"]).well();
    let frozen = gate(&["--env", "staging"]);
    assert_eq!((frozen.number, frozen.out.lines().next()), (5, Some("freeze")), "{}", frozen.err);
}

#[test]
fn a_run_starts_with_those_who_are_here_and_a_planned_one_by_its_id() {
    let (served, ana) = served();
    served.at_home(&["user", "add", "ben@example.org", "--name", "Ben"]).well();
    let ben = served.program("ben", "all");
    let own = ana.run(&["show", "people/1", "--json"]).json();
    let version = format!("version={}", own["version"]);
    ana.run(&["act", "people/1", "rights", "role=admin", "can_revert=on", &version]).well();
    let mut plan = crate::walk_api::plan("60");
    (plan["services"], plan["environment"]) = (serde_json::json!(["kafka"]), serde_json::json!("staging"));
    ended_with_input(ana.command().args(["create", "experiment", "--from", "-"]), &plan.to_string()).well();
    ana.run(&["act", "EXP-1", "request-review"]).well();
    ben.run(&["act", "EXP-1@1", "approve"]).well();

    let nobody = ana.run(&["run", "start", "EXP-1", "--env", "staging", "--target", "k-1", "--present", "Zoe"]);
    assert!(nobody.number == 2 && nobody.err.contains("nobody here is called"), "{}", nobody.err);
    assert_eq!(ana.run(&["run", "list", "--quiet"]).well().out, "", "nothing was planned");

    let start = ["run", "start", "EXP-1", "--env", "staging", "--target", "k-1", "--observer", "Ben"];
    let asked = ana.run(&[&start[..], &["--here", "--present", "Ben", "--no-incident"]].concat());
    assert_eq!(asked.number, 3, "only the revert nobody rehearsed is asked about: {}", asked.err);
    assert!(asked.err.contains("the revert was never done"), "{}", asked.err);
    assert!(!asked.err.contains("nobody looked for incidents"), "{}", asked.err);
    let run = ana.run(&["run", "show", "RUN-1", "--json"]).json();
    for settled in run["gate"].as_array().unwrap().iter().filter(|settled| settled["line"]["answer"] == "ask") {
        let check = format!("check={}", settled["line"]["check"].as_str().unwrap());
        ben.run(&["act", "RUN-1", "answer-gate", &check, "text=We know it by heart."]).well();
    }
    let both = ana.run(&["run", "start", "EXP-1", "--run", "RUN-1"]);
    assert_eq!(both.number, 2, "it is one or the other: {}", both.err);
    ana.run(&["run", "start", "--run", "RUN-1", "--here", "--present", "Ben=observer"]).well();
    let run = ana.run(&["run", "show", "RUN-1", "--json"]).json();
    assert_eq!(run["run"]["execution"], "running");
    assert_eq!(run["passed"]["present"].as_array().unwrap().len(), 2);
}

#[test]
fn answers_are_tables_ids_or_json() {
    let (_served, ana) = served();
    for number in 1..=51 {
        ana.run(&[
            "create",
            "service",
            &format!("name=service {number:02}"),
            "owner=the team that looks after a great many things",
        ])
        .well();
    }
    let table = ana.run(&["list", "services"]).well();
    assert!(table.out.starts_with("SLUG"), "{}", table.out);
    assert!(table.out.lines().all(|line| line.chars().count() <= 80), "{}", table.out);
    assert_eq!(table.out.lines().count(), 51, "a head and one page");
    assert!(table.err.contains("There are more: add after=service-49"), "{}", table.err);
    assert_eq!(ana.run(&["list", "services", "--all", "--quiet"]).well().out.lines().count(), 52);
    let all = ana.run(&["list", "services", "--all", "--json"]).json();
    assert_eq!((all["services"].as_array().unwrap().len(), &all["more"]), (52, &Value::Bool(false)));
    assert_eq!(ana.run(&["list", "services", "q=kafka", "--quiet"]).line(), "kafka");

    let shown = ana.run(&["show", "kafka"]).well();
    assert!(shown.out.contains("\nservice\n  name          Kafka\n"), "{}", shown.out);
    assert_eq!(ana.run(&["show", "kafka", "--json"]).json()["service"]["name"], "Kafka");
    assert_eq!(ana.run(&["list", "runs"]).line(), "No runs.");
    let invited = ana.run(&["create", "invitation", "email=ben@example.org", "role=viewer", "--quiet"]);
    assert!(invited.line().contains("/invite?token="));
}

/// Hands the first request on, and loses its answer; everything after that goes through.
fn forgetful_line(server: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = server.strip_prefix("http://").unwrap().to_owned();
    std::thread::spawn(move || {
        for (number, here) in listener.incoming().map_while(Result::ok).enumerate() {
            let there = TcpStream::connect(&server).unwrap();
            if number == 0 {
                lose_the_answer(here, there);
            } else {
                std::thread::spawn(move || both_ways(here, there));
            }
        }
    });
    address
}

fn lose_the_answer(mut here: TcpStream, mut there: TcpStream) {
    let mut buffer = vec![0; 64 * 1024];
    let sent = here.read(&mut buffer).unwrap();
    there.write_all(&buffer[..sent]).unwrap();
    let _ = there.read(&mut buffer).unwrap();
    let _ = here.shutdown(Shutdown::Both);
}

fn both_ways(here: TcpStream, there: TcpStream) {
    let copy = |mut from: TcpStream, mut to: TcpStream| {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    };
    let (from_here, to_there) = (here.try_clone().unwrap(), there.try_clone().unwrap());
    let up = std::thread::spawn(move || copy(from_here, to_there));
    copy(there, here);
    up.join().unwrap();
}

#[test]
fn a_lost_answer_is_asked_for_again_and_the_act_is_done_once() {
    let (served, ana) = served();
    let through = Program { url: forgetful_line(&served.url), ..served.program("ana", "all") };
    let made = through.run(&["create", "service", "name=zookeeper", "--quiet"]);
    assert_eq!(made.line(), "zookeeper");
    let lines = ana.run(&["list", "events", "about=zookeeper", "--json"]).json();
    assert_eq!(lines["events"].as_array().unwrap().len(), 1, "done once");
}

#[test]
fn commands_at_the_machine_and_a_busy_server_do_not_disturb_each_other() {
    let (served, ana) = served();
    ana.run(&["create", "experiment", "title=Busy", "services[]=kafka"]).well();
    let writers: Vec<Child> = (0..4)
        .map(|_| {
            let mut shell = std::process::Command::new("sh");
            shell.args(["-c", "for n in 1 2 3 4 5; do \"$0\" observe EXP-1 \"seen $n\" >/dev/null || exit 1; done"]);
            let program = ana.command();
            shell.arg(program.get_program()).env_clear();
            shell.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
            shell.spawn().unwrap()
        })
        .collect();
    for number in 0..10 {
        served.at_home(&["user", "add", &format!("p{number}@example.org")]).well();
        served.at_home(&["token", "create", "ana@example.org", "--name", "n", "--scope", "read"]).well();
    }
    for mut writer in writers {
        assert!(writer.wait().unwrap().success(), "a writer was refused");
    }
    assert_eq!(ana.run(&["list", "people", "--quiet"]).well().out.lines().count(), 11);
    let experiment = ana.run(&["show", "EXP-1", "--json"]).json();
    assert_eq!(experiment["observed"].as_array().unwrap().len(), 20);
    let second = served.at_home(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(second.number == 1 && second.err.contains("in use"), "{}", second.err);
}

#[test]
fn people_and_tokens_are_looked_after_at_the_machine() {
    let (served, ana) = served();
    let added = served.at_home(&["user", "add", "ben@example.org"]).well();
    assert!(added.out.contains("contributor") && added.out.contains("/reset?token="), "{}", added.out);
    let ben = served.program("ben", "all");
    ben.run(&["list", "runs"]).well();
    served.at_home(&["user", "set-role", "ben@example.org", "viewer"]).well();
    assert_eq!(ben.run(&["create", "service", "name=x"]).number, 11);
    served.at_home(&["user", "disable", "ben@example.org"]).well();
    assert_eq!(ben.run(&["list", "runs"]).number, 11);
    let refused = served.at_home(&["token", "create", "ben@example.org", "--name", "t", "--scope", "all"]);
    assert!(refused.number == 1 && refused.err.contains("disabled"), "{}", refused.err);
    served.at_home(&["user", "enable", "ben@example.org"]).well();
    let last = served.at_home(&["user", "disable", "ana@example.org"]);
    assert!(last.number == 1 && last.err.contains("another") || last.err.contains("somebody else"), "{}", last.err);
    let people = served.at_home(&["user", "list"]).well();
    assert!(people.out.contains("ben@example.org") && people.out.contains("no password yet"), "{}", people.out);

    let tokens = served.at_home(&["token", "list", "ana@example.org", "--json"]).json();
    let id = tokens[0]["id"].to_string();
    assert!(!tokens.to_string().contains(&ana.token), "a token is shown once");
    served.at_home(&["token", "revoke", &id]).well();
    assert_eq!(ana.run(&["list", "runs"]).number, 11);
    assert_eq!(served.at_home(&["token", "revoke", &id]).number, 1);
    let missing = served.at_home(&["user", "list", "--data-dir", "elsewhere"]);
    assert!(missing.number == 1 && missing.err.contains("no notebook in elsewhere"), "{}", missing.err);
    assert!(!served.home.path().join("elsewhere").exists(), "looking makes nothing");
}

#[test]
fn settings_say_where_they_come_from() {
    let home = tempfile::tempdir().unwrap();
    let at = |words: &[&str], variables: &[(&str, &str)]| {
        ended(retrial(home.path()).args(words).envs(variables.iter().copied()))
    };
    let written = at(&["config", "init", "retrial.toml"], &[]).well();
    assert!(written.out.contains("retrial.toml is written"), "{}", written.out);
    let again = at(&["config", "init", "retrial.toml"], &[]);
    assert!(again.number == 1 && again.err.contains("left alone"), "{}", again.err);

    let file = "listen = \"127.0.0.1:1\"\nlog = \"warn\"\nbase_url = \"https://file.example.org\"\n";
    std::fs::write(home.path().join("retrial.toml"), file).unwrap();
    std::fs::write(home.path().join("db"), "postgres://ana:s3cret@db.example.org/retrial\n").unwrap();
    let variables = [("RETRIAL_LOG", "debug"), ("RETRIAL_DATABASE_URL_FILE", "db"), ("RETRIAL_BASE_URL", "")];
    let shown = at(&["config", "show", "--origin", "--json", "--listen", "127.0.0.1:2"], &variables).json();
    let found = |key: &str| {
        let settings = shown["settings"].as_array().unwrap();
        let setting = settings.iter().find(|setting| setting["key"] == key).unwrap();
        (setting["value"].as_str().unwrap_or("–").to_owned(), setting["origin"].as_str().unwrap().to_owned())
    };
    for (key, value, origin) in [
        ("listen", "127.0.0.1:2", "--listen"),
        ("log", "debug", "RETRIAL_LOG"),
        ("database_url", "postgres://ana:***@db.example.org/retrial", "RETRIAL_DATABASE_URL_FILE (db)"),
        ("base_url", "https://file.example.org", "./retrial.toml"),
        ("data_dir", "./retrial-data", "default"),
    ] {
        assert_eq!(found(key), (value.to_owned(), origin.to_owned()), "{key}");
    }
    let text = at(&["config", "show", "--origin"], &variables).well().out;
    assert!(!text.contains("s3cret") && text.contains("RETRIAL_LOG"), "{text}");
    at(&["config", "check"], &[]).well();
    let unknown = at(&["config", "check"], &[("RETRIAL_LISTNE", "x")]);
    assert!(unknown.number == 2 && unknown.err.contains("did you mean RETRIAL_LISTEN?"), "{}", unknown.err);
    let serve = at(&["serve", "--log-format", "xml"], &[]);
    assert!(serve.number == 2 && serve.err.contains("--log-format takes text or json"), "{}", serve.err);
    assert!(!home.path().join("retrial-data").exists());
}

#[test]
fn the_machine_is_looked_after() {
    let (served, _ana) = served();
    let status = served.at_home(&["migrate", "--status"]).well();
    assert!(status.out.contains("applied") && !status.out.contains("pending"), "{}", status.out);
    for busy in [&["migrate"][..], &["migrate", "--dry-run"]] {
        let refused = served.at_home(busy);
        assert!(refused.number == 1 && refused.err.contains("in use"), "{}", refused.err);
    }
    let looked = served.at_home(&["doctor", "--json"]);
    let report: Value = serde_json::from_str(&looked.out).unwrap();
    let answer = |check: &str| {
        let checks = report["checks"].as_array().unwrap();
        checks.iter().find(|look| look["check"] == check).map(|look| look["answer"].clone())
    };
    for check in ["settings", "base URL", "data folder", "database", "schema", "accounts", "clock", "rows"] {
        assert_eq!(answer(check), Some("ok".into()), "{check}: {report:#}");
    }
    assert!(served.at_home(&["healthcheck", "--url", &served.url]).line().ends_with("is ready."));
    assert!(served.at_home(&["completions", "bash"]).well().out.contains("retrial"));

    let elsewhere = ["--data-dir", "elsewhere"];
    let planned = served.at_home(&[&["migrate", "--dry-run"], &elsewhere[..]].concat()).well();
    assert!(planned.out.contains("would be taken"), "{}", planned.out);
    let taken = served.at_home(&[&["migrate"], &elsewhere[..]].concat()).well();
    assert!(taken.out.contains("took"), "{}", taken.out);
    let planned = served.at_home(&[&["migrate", "--dry-run"], &elsewhere[..]].concat()).well();
    assert!(planned.out.contains("Up to date"), "{}", planned.out);
    let new = served.at_home(&[&["doctor"], &elsewhere[..]].concat()).well();
    assert!(new.out.contains("nobody yet") && new.out.contains("retrial user add"), "{}", new.out);
}
