//! Which place wins, for every key and every pair of places; and what is refused.

use std::path::Path;

use super::*;

/// A value for each key that no other place gives, and how it reads afterwards.
const OTHERS: [(&str, [&str; 4]); 14] = [
    ("listen", ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:4"]),
    ("data_dir", ["/flag", "/variable", "/named", "/file"]),
    ("database_url", ["postgres://flag/r", "postgres://variable/r", "postgres://named/r", "postgres://file/r"]),
    ("base_url", ["https://flag", "https://variable", "https://named", "https://file"]),
    ("allow_insecure_http", ["true", "yes", "on", "1"]),
    ("outgoing_networks", ["10.0.0.1", "10.0.0.0/8", "fd00::/8", "10.0.0.4, 10.0.0.5"]),
    ("outgoing_ports", ["1", "2", "3", "4, 5"]),
    ("credentials_dir", ["/flag", "/variable", "/named", "/file"]),
    ("secret_key", ["flag", "variable", "named", "file"]),
    ("smtp_url", ["smtps://flag", "smtps://variable", "smtps://named", "smtps://file"]),
    ("smtp_from", ["a@flag", "a@variable", "a@named", "a@file"]),
    ("smtp_ca_file", ["/flag", "/variable", "/named", "/file"]),
    ("log", ["error", "warn", "debug", "trace"]),
    ("log_format", ["json", "text", "json", "text"]),
];
const CLIENTS: [(&str, [&str; 4]); 2] = [
    ("url", ["https://flag", "https://variable", "https://named", "https://file"]),
    ("token", ["flag", "variable", "named", "file"]),
];

/// One key given by some of the places: flag, variable, file named by a variable, configuration file.
fn given(folder: &Path, keys: &'static [Key], key: &Key, texts: [&str; 4], by: [bool; 4]) -> Given {
    let mut flags = Flags::default();
    let mut around = Surroundings::default();
    if by[0] {
        flags.values.insert(key.name, texts[0].into());
    }
    if by[1] {
        around.variables.push((key.variable(), texts[1].into()));
    }
    if by[2] {
        let named = folder.join("named");
        std::fs::write(&named, format!("{}\n", texts[2])).unwrap();
        around.variables.push((format!("{}_FILE", key.variable()), named.display().to_string()));
    }
    if by[3] {
        let file = folder.join("retrial.toml");
        std::fs::write(&file, format!("{} = \"{}\"\n", key.name, texts[3])).unwrap();
        around.places = vec![folder.join("missing.toml"), file];
    }
    let resolved = resolve(keys, &flags, &around).unwrap();
    resolved.values.into_iter().find(|given| given.key == key.name).unwrap()
}

#[test]
fn the_first_place_that_gives_a_setting_wins_for_every_key_and_every_choice_of_places() {
    let folder = tempfile::tempdir().unwrap();
    let all = OTHERS.iter().map(|(name, texts)| (KEYS, *name, texts));
    let all = all.chain(CLIENTS.iter().map(|(name, texts)| (CLIENT_KEYS, *name, texts)));
    let mut seen = 0;
    for (keys, name, texts) in all {
        let key = keys.iter().find(|key| key.name == name).unwrap();
        for choice in 0..16_u8 {
            let by = [0, 1, 2, 3].map(|bit| choice & (1 << bit) != 0);
            let found = given(folder.path(), keys, key, *texts, by);
            let first = by.iter().position(|given| *given);
            let expected = first.map_or(key.default, |place| Some(texts[place]));
            assert_eq!(found.text.as_deref(), expected, "{name} by {by:?}");
            let origin = match first {
                Some(0) => Origin::Flag(key.flag()),
                Some(1) => Origin::Variable(key.variable()),
                Some(2) => Origin::NamedFile {
                    variable: format!("{}_FILE", key.variable()),
                    path: folder.path().join("named"),
                },
                Some(_) => Origin::File(folder.path().join("retrial.toml")),
                None => Origin::Default,
            };
            assert_eq!(found.origin, origin, "{name} by {by:?}");
            seen += 1;
        }
    }
    assert_eq!(seen, 16 * (KEYS.len() + CLIENT_KEYS.len()), "a key is missing from this table");
}

fn read(flags: &[(&'static str, &str)], variables: &[(&str, &str)], file: &str) -> Result<Settings, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("retrial.toml");
    std::fs::write(&path, file).unwrap();
    let flags = Flags {
        config: Some(path.clone()),
        values: flags.iter().map(|(name, text)| (*name, (*text).to_owned())).collect(),
    };
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let around = Surroundings { variables, places: Vec::new() };
    Settings::read(&flags, &around).map_err(|troubles| troubles.to_string().replace(&*path.to_string_lossy(), "FILE"))
}

#[test]
fn settings_become_what_the_program_works_with() {
    let settings =
        read(&[("listen", "0.0.0.0:80")], &[("RETRIAL_LOG", "warn")], "allow_insecure_http = true\n").unwrap();
    assert_eq!((settings.listen.port(), settings.allow_insecure_http), (80, true));
    assert_eq!((settings.log, settings.log_format), (LogLevel::Warn, LogFormat::Text));
    assert_eq!(settings.place(), Place::Folder("./retrial-data".into()));
    assert_eq!(settings.given.named(), ["--listen", "RETRIAL_LOG"]);
}

#[test]
fn an_empty_value_is_none_wherever_it_stands() {
    let settings = read(&[("base_url", "")], &[("RETRIAL_DATABASE_URL", "")], "log = \"\"\n").unwrap();
    assert!(settings.base_url.is_none() && settings.database_url.is_none());
    assert_eq!(settings.log, LogLevel::Info);
}

#[test]
fn what_nobody_knows_is_refused_with_the_nearest_name() {
    for (variables, file, expected) in [
        (&[][..], "\nlistne = \"x\"\n", "FILE line 2: listne is no setting; did you mean listen?"),
        (&[], "smtp_host = \"x\"\n", "FILE line 1: smtp_host is no setting"),
        (&[], "[server]\nlisten = \"x\"\n", "FILE line 1: server is no setting"),
        (&[("RETRIAL_LISTNE", "x")], "", "RETRIAL_LISTNE is no setting; did you mean RETRIAL_LISTEN?"),
        (&[("RETRIAL_PORT", "80")], "", "RETRIAL_PORT is no setting"),
        (&[("RETRIAL_CONFIG_FILE", "x")], "", "RETRIAL_CONFIG_FILE is no setting"),
    ] {
        let troubles = read(&[], variables, file).err().unwrap();
        assert!(troubles.starts_with(expected), "{troubles}");
    }
}

#[test]
fn variables_of_clusters_clients_and_other_programs_are_passed_over() {
    let variables = [
        ("RETRIAL_PORT", "tcp://10.0.0.1:7340"),
        ("RETRIAL_SERVICE_HOST", "10.0.0.1"),
        ("RETRIAL_PORT_7340_TCP_ADDR", "10.0.0.1"),
        ("RETRIAL_URL", "https://retrial.example.org"),
        ("RETRIAL_TOKEN_FILE", "/run/secrets/token"),
        ("RETRIAL_EXPERIMENT", "EXP-42"),
        ("RETRIAL_RUN", "RUN-317"),
        ("RETRIALS", "x"),
    ];
    assert!(read(&[], &variables, "").is_ok());
}

#[test]
fn every_trouble_is_said_at_once_with_the_name_it_was_given_under() {
    let troubles =
        read(&[], &[("RETRIAL_LOGS", "x"), ("RETRIAL_TOKEN_FILES", "x")], "lisen = \"x\"\nlog = 3\n").err().unwrap();
    assert_eq!(troubles.lines().count(), 4, "{troubles}");
    for (flags, variables, file, expected) in [
        (&[("listen", "localhost")][..], &[][..], "", "--listen takes an address and a port"),
        (&[], &[("RETRIAL_LOG", "loud")], "", "RETRIAL_LOG takes error, warn, info, debug or trace"),
        (&[], &[("RETRIAL_LOG", "json")], "", "RETRIAL_LOG takes error, warn"),
        (&[], &[], "base_url = \"retrial.example.org\"", "base_url in FILE is no address"),
        (&[], &[], "database_url = \"mysql://x\"", "database_url in FILE takes an address like postgres://"),
        (&[], &[("RETRIAL_SECRET_KEY", "short")], "", "RETRIAL_SECRET_KEY is too short"),
        (&[], &[("RETRIAL_SMTP_URL", "smtps://mail.example.org")], "", "RETRIAL_SMTP_URL needs smtp_from beside it"),
        (&[], &[], "smtp_from = \"retrial@example.org\"", "smtp_from in FILE needs smtp_url beside it"),
        (
            &[],
            &[("RETRIAL_SMTP_URL", "mail.example.org"), ("RETRIAL_SMTP_FROM", "a@example.org")],
            "",
            "RETRIAL_SMTP_URL takes an address like",
        ),
        (
            &[],
            &[("RETRIAL_SMTP_URL", "smtp://a:b@mail.example.org"), ("RETRIAL_SMTP_FROM", "a@example.org")],
            "",
            "RETRIAL_SMTP_URL would send a password that others can read",
        ),
        (&[], &[], "smtp_ca_file = \"/a.pem\"", "smtp_ca_file in FILE needs smtp_url beside it"),
        (
            &[("smtp_url", "smtps://mail.example.org"), ("smtp_from", "a@example.org")],
            &[("RETRIAL_SMTP_CA_FILE", "/nonexistent/ca.pem")],
            "",
            "RETRIAL_SMTP_CA_FILE cannot be read",
        ),
        (&[], &[], "log = 3", "FILE line 1: log takes one text"),
        (&[], &[], "log = [", "FILE line 1: "),
        (&[], &[("RETRIAL_LOG_FILE", "/nonexistent/level")], "", "RETRIAL_LOG_FILE names /nonexistent/level, which"),
    ] {
        let troubles = read(flags, variables, file).err().unwrap();
        assert!(troubles.starts_with(expected), "{troubles}");
    }
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let flags = Flags { config: Some("/nonexistent/retrial.toml".into()), ..Flags::default() };
    let missing = Settings::read(&flags, &Surroundings::default()).err().unwrap().to_string();
    assert!(missing.contains("/nonexistent/retrial.toml cannot be read"), "{missing}");
    let around = Surroundings {
        variables: vec![(CONFIG.into(), "/nonexistent/other.toml".into())],
        places: vec!["/nonexistent/usual.toml".into()],
    };
    let missing = Settings::read(&Flags::default(), &around).err().unwrap().to_string();
    assert!(missing.contains("other.toml cannot be read"), "{missing}");
    assert!(ClientSettings::read(&Flags::default(), &around).is_ok(), "the client has a file of its own");
}

#[test]
fn the_file_to_begin_with_reads_as_it_stands_and_with_every_line_in_use() {
    assert!(read(&[], &[], &commented()).is_ok());
    let used: String = commented()
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
        .fold(String::new(), |text, line| text + line + "\n");
    let settings = read(&[], &[], &used).unwrap();
    assert!(settings.given.values.iter().all(|given| KEYS.iter().any(|key| key.name == given.key)));
    for key in KEYS {
        assert!(used.contains(&format!("\n{} = ", key.name)), "{} is missing", key.name);
    }
}

#[test]
fn a_client_takes_an_address_and_a_token() {
    let read = |url: &str, token: &str| {
        let variables =
            vec![("RETRIAL_URL".to_owned(), url.to_owned()), ("RETRIAL_TOKEN".to_owned(), token.to_owned())];
        ClientSettings::read(&Flags::default(), &Surroundings { variables, places: Vec::new() })
    };
    let client = read("https://retrial.example.org/", "rtl_p_abc").unwrap();
    assert_eq!((client.url.as_str(), client.token.as_deref()), ("https://retrial.example.org", Some("rtl_p_abc")));
    assert_eq!(read("", "").unwrap().url, "http://127.0.0.1:7340");
    assert!(read("retrial.example.org", "").is_err());
    assert!(read("", "two words").is_err());
}

/// The documentation's table, as it has to stand there.
fn table(keys: &[Key]) -> String {
    let lines = keys.iter().map(|key| {
        let default = key.default.map_or_else(|| "–".to_owned(), |default| format!("`{default}`"));
        format!("| `{}` | `{}` | {default} | {} |\n", key.name, key.variable(), key.says.replace('|', "\\|"))
    });
    lines.collect()
}

#[test]
fn the_documentation_lists_every_setting_as_it_is() {
    let page = include_str!("../../../docs/command-line.md");
    for keys in [KEYS, CLIENT_KEYS] {
        let table = table(keys);
        assert!(page.contains(&table), "docs/command-line.md needs this table:\n{table}");
    }
}
