//! `retrial doctor`: looks at everything a server needs, changes nothing, and says what to do.

mod credentials;

use std::path::Path;

use clap::Args;
use notebook::{
    actor::Role,
    db::{Db, Place, migrations::State},
    desk::{Notebook, WallClock},
    events,
    fault::{Error, Fault},
    limits::CLOCK_AHEAD_MINUTES_MAX,
    people,
};
use serde::Serialize;

use super::{Serve, Stopped, out, serve::base_url};
use crate::{
    assets,
    boot::shown,
    config::{KEYS, Origin, Settings},
    state::Site,
};

/// Below this much room it is time to look; below a tenth of it writes are about to fail.
const ROOM_BYTES_MIN: u64 = 1 << 30;

#[derive(Debug, Args)]
pub struct Doctor {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    flags: Serve,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Ok,
    Warn,
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Look {
    check: &'static str,
    answer: Answer,
    says: String,
    /// The way out; empty where all is well.
    advice: String,
}

fn ok(check: &'static str, says: impl Into<String>) -> Look {
    Look { check, answer: Answer::Ok, says: says.into(), advice: String::new() }
}

fn warn(check: &'static str, says: impl Into<String>, advice: impl Into<String>) -> Look {
    Look { check, answer: Answer::Warn, says: says.into(), advice: advice.into() }
}

fn bad(check: &'static str, says: impl Into<String>, advice: impl Into<String>) -> Look {
    Look { check, answer: Answer::Bad, says: says.into(), advice: advice.into() }
}

#[derive(Serialize)]
struct Report<'a> {
    well: bool,
    checks: &'a [Look],
}

impl Doctor {
    pub async fn run(self) -> Result<(), Stopped> {
        let looks = match self.flags.settings() {
            Ok(settings) => all(&settings).await,
            Err(trouble) => vec![bad("settings", trouble.to_string(), "see retrial config show --origin")],
        };
        let well = looks.iter().all(|look| look.answer != Answer::Bad);
        if self.json {
            out::json(&Report { well, checks: &looks })?;
        } else {
            out::print(&text(&looks))?;
        }
        if well { Ok(()) } else { Err(Stopped::new("Something is not as it should be; see above.")) }
    }
}

fn text(looks: &[Look]) -> String {
    const INDENT: usize = 18;
    let line = |look: &Look| {
        let word = match look.answer {
            Answer::Ok => "ok",
            Answer::Warn => "warn",
            Answer::Bad => "BAD",
        };
        let says = out::wrapped(&look.says, INDENT);
        let advice = out::wrapped(&format!("-> {}", look.advice), INDENT);
        let advice = if look.advice.is_empty() { String::new() } else { format!("{:INDENT$}{advice}\n", "") };
        format!("{word:<4}  {:<11} {says}\n{advice}", look.check)
    };
    looks.iter().map(line).collect()
}

async fn all(settings: &Settings) -> Vec<Look> {
    let mut looks = vec![file(settings), address(settings), site()];
    if let Place::Folder(_) = settings.place() {
        looks.push(folder(&settings.data_dir));
        looks.extend(room(&settings.data_dir));
    }
    if let Some(folder) = &settings.credentials_dir {
        looks.extend(credentials::looks(folder));
    }
    looks.extend(database(settings).await);
    looks
}

// --- around the notebook

fn file(settings: &Settings) -> Look {
    let Some(path) = &settings.given.file else { return ok("settings", "they fit together; no file was read") };
    let says = format!("they fit together; read from {}", path.display());
    let is_secret = |key: &str| KEYS.iter().any(|known| known.name == key && known.secret);
    let holds_secret =
        settings.given.values.iter().any(|given| is_secret(given.key) && matches!(given.origin, Origin::File(_)));
    if holds_secret && is_open_to_others(path) {
        return warn(
            "settings",
            format!("{says}, which others on this machine can read"),
            format!("chmod 600 {}", path.display()),
        );
    }
    ok("settings", says)
}

fn address(settings: &Settings) -> Look {
    let base = match base_url(settings.base_url.as_ref(), settings.listen) {
        Ok(base) => base,
        Err(trouble) => return bad("base URL", trouble.to_string(), "set base_url"),
    };
    let says = format!("people open {}", base.origin());
    let site = Site {
        base,
        listen: settings.listen,
        data_dir: settings.data_dir.clone(),
        allow_insecure_http: settings.allow_insecure_http,
    };
    match (site.is_open_to_readers(), settings.allow_insecure_http) {
        (false, _) => ok("base URL", says),
        (true, true) => warn(
            "base URL",
            format!("{says} over plain http; others on the network can read passwords"),
            "serve it over https and set base_url to that",
        ),
        (true, false) => bad(
            "base URL",
            format!("{says} over plain http, so nobody can sign in"),
            "serve it over https and set base_url to that, or accept the risk with allow_insecure_http",
        ),
    }
}

fn site() -> Look {
    if assets::are_here() {
        return ok("site", "style and islands are part of this program");
    }
    warn("site", "this program was built without the site: pages have no style", "build it with cargo xtask build")
}

fn folder(folder: &Path) -> Look {
    let name = folder.display();
    if !folder.exists() {
        return warn(
            "data folder",
            format!("{name} is not there yet"),
            "retrial serve makes it; or name another with --data-dir",
        );
    }
    if let Err(trouble) = writable(folder) {
        return bad(
            "data folder",
            format!("{name} cannot be written: {trouble}"),
            "give it to the user that runs retrial",
        );
    }
    if is_open_to_others(folder) {
        return warn(
            "data folder",
            format!("others on this machine can look into {name}"),
            format!("chmod 700 {name}"),
        );
    }
    ok("data folder", format!("{name} can be written, by its owner only"))
}

fn writable(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!("retrial.doctor.{}", std::process::id()));
    std::fs::OpenOptions::new().write(true).create_new(true).open(&probe)?;
    std::fs::remove_file(&probe)
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

#[cfg(unix)]
fn room(folder: &Path) -> Option<Look> {
    let about = rustix::fs::statvfs(folder).ok()?;
    let free = about.f_bavail.saturating_mul(about.f_frsize);
    let says = format!("{} MiB are free in {}", free >> 20, folder.display());
    let advice = "make room, or move the data folder";
    Some(match free {
        free if free < ROOM_BYTES_MIN / 10 => bad("disk", says, advice),
        free if free < ROOM_BYTES_MIN => warn("disk", says, advice),
        _ => ok("disk", says),
    })
}

#[cfg(not(unix))]
fn room(_: &Path) -> Option<Look> {
    None
}

// --- the notebook itself

async fn database(settings: &Settings) -> Vec<Look> {
    let name = shown(settings);
    let db = match Db::look(&settings.place()).await {
        Ok(db) => db,
        Err(Error::Broken(Fault::NoNotebook(_))) => {
            return vec![warn("database", format!("{name} is not there yet"), "retrial serve makes it")];
        }
        Err(trouble) => {
            return vec![bad(
                "database",
                format!("{name} does not open: {trouble}"),
                "check database_url and the server",
            )];
        }
    };
    let mut looks = vec![ok("database", format!("{} {name} answers", db.engine()))];
    looks.push(schema(&db).await);
    if looks.iter().all(|look| look.answer == Answer::Ok) {
        let notebook = Notebook::new(db.clone(), std::sync::Arc::new(WallClock));
        for look in [people_there(&notebook).await, clock(&notebook).await, rows(&notebook).await] {
            looks.push(look.unwrap_or_else(|trouble| {
                bad("database", format!("a question could not be answered: {trouble}"), "see retrial migrate --status")
            }));
        }
    }
    db.close().await;
    looks
}

async fn schema(db: &Db) -> Look {
    let steps = match db.migrations().await {
        Ok(steps) => steps,
        Err(trouble) => return bad("schema", trouble.to_string(), "see retrial migrate --status"),
    };
    let count = |state: State| steps.iter().filter(|step| step.state == state).count();
    match (count(State::Newer), count(State::Changed), count(State::Pending)) {
        (0, 0, 0) => ok("schema", format!("all {} steps are taken", steps.len())),
        (0, 0, pending) => bad("schema", format!("{pending} steps are pending"), "retrial migrate, or retrial serve"),
        (0, changed, _) => bad(
            "schema",
            format!("{changed} steps read otherwise than when they were taken"),
            "use the program that took them",
        ),
        (newer, ..) => bad(
            "schema",
            format!("a newer retrial wrote here ({newer} steps are unknown)"),
            "use that version, or bring a backup back",
        ),
    }
}

async fn people_there(notebook: &Notebook) -> notebook::fault::Result<Look> {
    let desk = notebook.desk(notebook::actor::Actor::System, notebook::actor::Via::CommandLine);
    let all = people::acts::list(&desk).await?;
    if all.is_empty() {
        return Ok(warn(
            "accounts",
            "nobody yet",
            "open the setup link of retrial serve, or: retrial user add you@example.org --admin",
        ));
    }
    if !all.iter().any(|account| account.role == Role::Admin && !account.disabled) {
        return Ok(bad("accounts", "there is no admin", "retrial user set-role EMAIL admin"));
    }
    Ok(ok("accounts", format!("{} in all, an admin among them", all.len())))
}

async fn clock(notebook: &Notebook) -> notebook::fault::Result<Look> {
    let Some(newest) = events::acts::newest(notebook).await? else { return Ok(ok("clock", "nothing is written yet")) };
    if newest > notebook.now().plus_minutes(CLOCK_AHEAD_MINUTES_MAX) {
        let says =
            format!("it shows {}, and the newest line was written {}", notebook.now().rfc3339(), newest.rfc3339());
        return Ok(bad("clock", says, "set this machine's clock"));
    }
    Ok(ok("clock", "not behind the newest line"))
}

async fn rows(notebook: &Notebook) -> notebook::fault::Result<Look> {
    let lonely = events::acts::without_lines(notebook).await?;
    if lonely.is_empty() {
        return Ok(ok("rows", "everything stands in the history"));
    }
    let says = format!("no line of the history tells how they came: {}", lonely.join(", "));
    Ok(bad("rows", says, "something else wrote into the database; bring a backup back"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Flags, Surroundings};

    fn settings(values: &[(&'static str, &str)]) -> Settings {
        let values = values.iter().map(|(key, text)| (*key, (*text).to_owned())).collect();
        Settings::read(&Flags { config: None, values }, &Surroundings::default()).unwrap()
    }

    #[test]
    fn an_address_is_judged_by_who_can_read_along() {
        for (values, expected) in [
            (&[][..], Answer::Ok),
            (&[("listen", "0.0.0.0:7340")], Answer::Bad),
            (&[("listen", "0.0.0.0:7340"), ("base_url", "https://a.example.org")], Answer::Ok),
            (&[("listen", "0.0.0.0:7340"), ("base_url", "http://a.example.org")], Answer::Bad),
            (
                &[("listen", "0.0.0.0:7340"), ("base_url", "http://a.example.org"), ("allow_insecure_http", "true")],
                Answer::Warn,
            ),
        ] {
            assert_eq!(address(&settings(values)).answer, expected, "{values:?}");
        }
    }

    #[tokio::test]
    async fn a_new_place_is_no_trouble_and_each_warning_names_a_way_out() {
        let place = tempfile::tempdir().unwrap();
        let missing = place.path().join("retrial-data");
        let looks = all(&Settings::of_folder(&missing).unwrap()).await;
        assert!(looks.iter().all(|look| look.answer != Answer::Bad), "{looks:?}");
        assert!(looks.iter().all(|look| (look.answer == Answer::Ok) == look.advice.is_empty()), "{looks:?}");
        assert!(!missing.exists(), "looking makes nothing");
        assert!(text(&looks).lines().all(|line| line.chars().count() <= out::COLUMNS + 40), "{}", text(&looks));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_others_can_read_is_named() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().unwrap();
        std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(folder(place.path()).answer, Answer::Warn);
        std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(folder(place.path()).answer, Answer::Ok);
    }
}
