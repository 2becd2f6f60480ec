//! Opens the notebook, and tells on the console what was found and where to go on.

use std::{
    fmt::Write as _,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use app::paths;
use notebook::{
    actor::{Actor, Via},
    db::{Db, Place},
    desk::{Notebook, WallClock},
    fault::{Error, Fault},
    limits::SETUP_MINUTES,
    people::acts,
    services,
};

use crate::{
    cli::Stopped,
    config::{Settings, without_password},
    observe::LogFormat,
    state::{Site, VERSION},
};

/// An open notebook with what there is to say about it.
pub struct Started {
    pub notebook: Notebook,
    pub news: News,
}

/// What happened on the way.
pub struct News {
    /// The configuration file, or that there is none.
    config: String,
    /// The names under which other settings were given.
    given: Vec<String>,
    data: String,
    data_is_new: bool,
    engine: &'static str,
    database: String,
    migrations: usize,
    took: Duration,
    accounts: i64,
    /// The link that makes the first admin, while there is nobody.
    setup_link: Option<String>,
}

/// Opens folder and database, and makes the setup link of an empty notebook.
pub async fn open(settings: &Settings, site: &Site) -> Result<Started, Stopped> {
    let (notebook, found) = notebook(settings).await?;
    let accounts = acts::count(&notebook).await?;
    let setup_link = setup_link(&notebook, site).await?;
    let file = settings.given.file.as_ref();
    let news = News {
        config: file.map_or_else(|| "defaults (no file)".to_owned(), |file| file.display().to_string()),
        given: settings.given.named(),
        data: settings.data_dir.display().to_string(),
        data_is_new: found.data_is_new,
        engine: notebook.db.engine(),
        database: shown(settings),
        migrations: found.migrations,
        took: found.took,
        accounts,
        setup_link,
    };
    Ok(Started { notebook, news })
}

/// What opening found.
pub struct Found {
    data_is_new: bool,
    pub migrations: usize,
    took: Duration,
}

/// The notebook itself, for a server or whoever needs the folder alone.
pub async fn notebook(settings: &Settings) -> Result<(Notebook, Found), Stopped> {
    let data_is_new = make_folder(&settings.data_dir)?;
    let begun = Instant::now();
    let (db, migrations) = Db::open(&settings.place()).await?;
    let found = Found { data_is_new, migrations, took: begun.elapsed() };
    Ok((furnished(db).await?, found))
}

/// The same for a short command at the machine, which also works while a server runs.
pub async fn beside(settings: &Settings) -> Result<Notebook, Stopped> {
    make_folder(&settings.data_dir)?;
    let (db, _) = Db::open_beside(&settings.place()).await?;
    furnished(db).await
}

/// Refuses where a command would make a notebook only to look into it: the place is misspelt.
pub fn there(settings: &Settings) -> Result<(), Stopped> {
    match settings.place() {
        Place::Folder(folder) if !folder.join("retrial.db").is_file() => {
            Err(Error::Broken(Fault::NoNotebook(folder.display().to_string())).into())
        }
        Place::Folder(_) | Place::Server(_) => Ok(()),
    }
}

async fn furnished(db: Db) -> Result<Notebook, Stopped> {
    let notebook = Notebook::new(db, Arc::new(WallClock));
    let system = notebook.desk(Actor::System, Via::System);
    services::acts::first_environments(&system).await?;
    acts::identify_notebook(&system).await?;
    Ok(notebook)
}

/// A new notebook for somebody who looks after its folder.
pub async fn in_folder(folder: &Path) -> Result<Notebook, Stopped> {
    let (db, _) = Db::open(&Place::Folder(folder.to_owned())).await?;
    furnished(db).await
}

/// The notebook as it is, for reading beside a running server; nothing is made or migrated.
pub async fn look(settings: &Settings) -> Result<Notebook, Stopped> {
    Ok(Notebook::new(Db::look(&settings.place()).await?, Arc::new(WallClock)))
}

/// The same while nobody else has it open, for taking it elsewhere.
pub async fn look_alone(settings: &Settings) -> Result<Notebook, Stopped> {
    Ok(Notebook::new(Db::look_alone(&settings.place()).await?, Arc::new(WallClock)))
}

/// A place made ready for a notebook that comes from elsewhere: nothing of its own is written.
pub async fn bare(place: &Place) -> Result<Notebook, Stopped> {
    if let Place::Folder(folder) = place {
        make_folder(folder)?;
    }
    let (db, _) = Db::open(place).await?;
    Ok(Notebook::new(db, Arc::new(WallClock)))
}

/// Refuses to carry what another version of this program kept.
pub async fn must_be_current(notebook: &Notebook) -> Result<(), Stopped> {
    let schema = notebook.db.schema().await?;
    if schema.is_current() { Ok(()) } else { Err(Stopped::new(schema.says())) }
}

/// Whether the folder was made just now. Only its owner may look into it.
fn make_folder(folder: &Path) -> Result<bool, Stopped> {
    if folder.is_dir() {
        return Ok(false);
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|trouble| {
        Stopped::new(format!("the folder {} cannot be made: {trouble}; use --data-dir", folder.display()))
    })?;
    Ok(true)
}

async fn setup_link(notebook: &Notebook, site: &Site) -> Result<Option<String>, Stopped> {
    let file = site.setup_token_file();
    let Some(token) = acts::setup_link(&notebook.desk(Actor::System, Via::System)).await? else {
        // Left over from a setup that went another way.
        let _ = std::fs::remove_file(&file);
        return Ok(None);
    };
    write_secret(&file, &token)?;
    Ok(Some(site.base.with(&paths::setup_with(&token))))
}

fn write_secret(file: &Path, text: &str) -> Result<(), Stopped> {
    use std::io::Write as _;
    // Made anew: an old file would keep the rights it had.
    let _ = std::fs::remove_file(file);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut file| writeln!(file, "{text}"));
    written.map_err(|trouble| Stopped::new(format!("{} cannot be written: {trouble}", file.display())))
}

/// The database without its password.
pub fn shown(settings: &Settings) -> String {
    match settings.place() {
        Place::Folder(folder) => folder.join("retrial.db").display().to_string(),
        Place::Server(url) => without_password(&url),
    }
}

impl News {
    /// On a console as a block, for machines as one log line.
    pub fn tell(&self, format: LogFormat, site: &Site) {
        match format {
            LogFormat::Text => print!("{}", self.block(site)),
            LogFormat::Json => tracing::info!(
                version = VERSION,
                config = %self.config,
                data = %self.data,
                engine = self.engine,
                database = %self.database,
                migrations = self.migrations,
                listening = %site.base.origin(),
                accounts = self.accounts,
                setup_link = %self.setup_link.as_deref().unwrap_or_default(),
                "started"
            ),
        }
    }

    fn block(&self, site: &Site) -> String {
        let config =
            std::iter::once(&self.config).chain(&self.given).map(String::as_str).collect::<Vec<_>>().join(", ");
        let reach = if site.listen.ip().is_loopback() { "this machine only; --listen, --base-url" } else { "" };
        let lines = [
            ("config", config, "retrial config show".to_owned()),
            ("data", self.data.clone(), if self.data_is_new { "created".into() } else { "found".into() }),
            ("database", format!("{} {}", self.engine, self.database), self.migrated()),
            ("listening", site.base.origin().to_owned(), reach.to_owned()),
        ];
        let mut block = format!("Retrial {VERSION}\n");
        for (name, fact, remark) in lines {
            let line = format!("  {name:<9} {fact:<38} {remark}");
            let _ = writeln!(block, "{}", line.trim_end());
        }
        block.push_str(&self.who());
        let help = site.base.with("/help");
        let _ = writeln!(block, "  help      {help:<38} stop with Ctrl-C");
        block
    }

    fn migrated(&self) -> String {
        match self.migrations {
            0 => "up to date".to_owned(),
            1 => format!("1 migration in {:.1} s", self.took.as_secs_f32()),
            n => format!("{n} migrations in {:.1} s", self.took.as_secs_f32()),
        }
    }

    fn who(&self) -> String {
        match (&self.setup_link, self.accounts) {
            (Some(link), _) => format!(
                "  accounts  none yet; open this link within {SETUP_MINUTES} minutes to become the admin:\n            {link}\n            \
                 or: retrial user add you@example.org --admin\n"
            ),
            (None, 1) => "  accounts  1 account\n".to_owned(),
            (None, n) => format!("  accounts  {n} accounts\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::BaseUrl;

    fn news(setup_link: Option<&str>) -> News {
        News {
            config: "defaults (no file)".into(),
            given: Vec::new(),
            data: "./retrial-data".into(),
            data_is_new: true,
            engine: "sqlite",
            database: "./retrial-data/retrial.db".into(),
            migrations: 1,
            took: Duration::from_millis(212),
            accounts: 3,
            setup_link: setup_link.map(str::to_owned),
        }
    }

    fn site() -> Site {
        let listen = "127.0.0.1:7340".parse().unwrap();
        Site { base: BaseUrl::of(listen), listen, data_dir: "./retrial-data".into(), allow_insecure_http: false }
    }

    #[test]
    fn a_first_start_says_where_to_begin() {
        let block = news(Some("http://127.0.0.1:7340/setup?token=7K4Q")).block(&site());
        let expected = "\
Retrial 0.1.0
  config    defaults (no file)                     retrial config show
  data      ./retrial-data                         created
  database  sqlite ./retrial-data/retrial.db       1 migration in 0.2 s
  listening http://127.0.0.1:7340                  this machine only; --listen, --base-url
  accounts  none yet; open this link within 30 minutes to become the admin:
            http://127.0.0.1:7340/setup?token=7K4Q
            or: retrial user add you@example.org --admin
  help      http://127.0.0.1:7340/help             stop with Ctrl-C
";
        assert_eq!(block, expected.replace("0.1.0", VERSION));
    }

    #[test]
    fn a_later_start_counts_accounts() {
        let later = News {
            data_is_new: false,
            migrations: 0,
            given: vec!["--listen".into()],
            config: "r.toml".into(),
            ..news(None)
        };
        let block = later.block(&site());
        for words in ["up to date", "3 accounts", "config    r.toml, --listen ", "found"] {
            assert!(block.contains(words), "{words}: {block}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_data_folder_and_the_setup_token_are_for_their_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("deep/retrial-data");
        assert!(make_folder(&folder).unwrap());
        assert!(!make_folder(&folder).unwrap());
        let file = folder.join("setup-token");
        write_secret(&file, "first").unwrap();
        write_secret(&file, "second").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "second\n");
        assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}
