//! Carrying at the command line: files, exit codes, and what people and programs are told.

use std::{
    path::Path,
    process::{Command, Output},
};

use notebook::{
    actor::{Actor, Via},
    db::{Db, Place},
    desk::{Notebook, WallClock},
    people::acts,
    services::{self, ServiceDraft},
};
use serde_json::Value;

fn retrial(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_retrial"));
    command.args(words).env_clear().env("RETRIAL_DATA_DIR", folder.join("data")).current_dir(folder);
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Runs and expects this exit code.
fn ends(folder: &Path, words: &[&str], code: i32) -> String {
    let output = retrial(folder, words);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(code), "{words:?}: {said}");
    said
}

/// An open notebook with a person and a service, as a running server holds it.
async fn serving(folder: &Path) -> Notebook {
    ends(folder, &["user", "add", "ana@example.org", "--admin"], 0);
    let (db, _) = Db::open(&Place::Folder(folder.join("data"))).await.unwrap();
    let notebook = Notebook::new(db, std::sync::Arc::new(WallClock));
    add(&notebook, "zookeeper").await;
    notebook
}

async fn add(notebook: &Notebook, name: &str) {
    let desk = notebook.desk(Actor::System, Via::CommandLine);
    services::acts::add(&desk, &ServiceDraft { name: name.into(), ..ServiceDraft::default() }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notebook_goes_out_beside_a_server_and_in_somewhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let server = serving(here).await;
    let told = ends(here, &["export", "--out", "a.tar"], 0);
    assert!(told.contains("lines and 0 documents to a.tar"), "{told}");
    let verified = ends(here, &["verify"], 0);
    assert!(verified.contains("rows          ok  ") && verified.contains("fingerprints  ok  "), "{verified}");
    assert!(ends(here, &["verify", "a.tar"], 0).starts_with("archive       ok  notebook "));
    let busy = ends(here, &["import", "a.tar"], 1);
    assert!(busy.contains("in use by another retrial; stop that one first"), "{busy}");
    server.db.close().await;

    let dry = ends(here, &["import", "a.tar", "--data-dir", "new", "--dry-run"], 0);
    assert!(dry.contains("1 not here yet") && dry.contains("nothing was kept") && !here.join("new").exists(), "{dry}");
    let done = ends(here, &["import", "a.tar", "--data-dir", "new"], 0);
    assert!(done.contains("The notebook here is empty.") && done.contains("retrial user reset-password"), "{done}");
    let again = ends(here, &["import", "a.tar", "--data-dir", "new", "--json"], 0);
    let answer: Value = serde_json::from_str(&again).unwrap();
    assert_eq!((answer["course"].as_str(), answer["dry_run"].as_bool()), (Some("same"), Some(false)));
    let services = answer["words"].as_array().unwrap().iter().find(|word| word["word"] == "services").unwrap();
    assert_eq!((services["skip"].as_u64(), services["because"].as_str()), (Some(1), Some("1 the same")));
    ends(here, &["user", "reset-password", "ana@example.org", "--data-dir", "new"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_whole_or_not_there_and_no_other_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    assert!(ends(here, &["export", "--out", "a.tar"], 1).contains("there is no notebook in "));
    assert_eq!(std::fs::read_dir(here).unwrap().count(), 0, "looking makes nothing");
    let server = serving(here).await;
    ends(here, &["export", "--out", "a.tar"], 0);
    let first = std::fs::read(here.join("a.tar")).unwrap();
    assert!(ends(here, &["export", "--out", "a.tar"], 1).contains("is there already"));
    assert_eq!(std::fs::read(here.join("a.tar")).unwrap(), first);
    assert!(ends(here, &["export", "--out", "nowhere/a.tar"], 1).contains("cannot be written"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(here.join("a.tar").metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let piped = retrial(here, &["export"]);
    assert_eq!(piped.stdout.len(), first.len(), "standard output, and the same contents");
    let names: Vec<_> = std::fs::read_dir(here).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().ends_with(".part")), "{names:?}");
    server.db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_refused_by_name_and_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let server = serving(here).await;
    ends(here, &["export", "--out", "a.tar"], 0);
    server.db.close().await;
    let mut bytes = std::fs::read(here.join("a.tar")).unwrap();
    let at = bytes.windows(9).position(|window| window == b"zookeeper").unwrap();
    bytes[at] ^= 1;
    std::fs::write(here.join("b.tar"), bytes).unwrap();
    let refused = ends(here, &["import", "b.tar", "--data-dir", "new"], 1);
    assert_eq!(refused, "services.jsonl does not fit its checksum: it was damaged or changed\nNothing was kept.\n");
    assert!(!here.join("new").exists());
    let told = ends(here, &["verify", "b.tar", "--json"], 1);
    let answer: Value = serde_json::from_str(told.split("\n1 trouble").next().unwrap()).unwrap();
    assert_eq!(answer["ok"], false);
    assert_eq!(answer["checks"][0]["told"][0], "services.jsonl does not fit its checksum: it was damaged or changed");
    assert!(ends(here, &["verify", "missing.tar"], 1).contains("cannot be read"));
}

#[tokio::test(flavor = "multi_thread")]
async fn moving_says_how_to_go_on_and_leaves_the_old_place_alone() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let server = serving(here).await;
    assert!(ends(here, &["db", "move", "--to-dir", "new"], 1).contains("in use"));
    server.db.close().await;
    drop(server);
    ends(here, &["db", "move"], 2);
    ends(here, &["db", "move", "--to", "postgres://a/b", "--to-dir", "new"], 2);
    let before = std::fs::read(here.join("data/retrial.db")).unwrap();
    let done = ends(here, &["db", "move", "--to-dir", "new"], 0);
    assert!(done.contains("on both sides") && done.ends_with("From now on: retrial serve --data-dir new\n"), "{done}");
    assert_eq!(std::fs::read(here.join("data/retrial.db")).unwrap(), before, "the old place is only read");
    ends(here, &["export", "--with-accounts", "--out", "old.tar"], 0);
    ends(here, &["export", "--with-accounts", "--out", "new.tar", "--data-dir", "new"], 0);
    let contents = |file: &str| ends(here, &["verify", file], 0);
    assert_eq!(contents("old.tar"), contents("new.tar"));
    assert!(ends(here, &["db", "move", "--to-dir", "new"], 1).contains("there is a notebook in the new place already"));
    let (db, _) = Db::open(&Place::Folder(here.join("new"))).await.unwrap();
    let moved = Notebook::new(db, std::sync::Arc::new(WallClock));
    assert_eq!(acts::count(&moved).await.unwrap(), 1);
}
