//! Who may use what: engines and crates. That rules know no database is Cargo's to say: they compile
//! without the feature `store`.

use crate::Complaint;
use crate::tokens::Lexeme;

const ENGINE_ROOMS: &[&str] = &["notebook/src/db/", "notebook/src/search/"];

pub fn engine_names(path: &str, lexemes: &[Lexeme]) -> Vec<Complaint> {
    if !path.starts_with("notebook/src/") || ENGINE_ROOMS.iter().any(|room| path.starts_with(room)) {
        return Vec::new();
    }
    let advice = "only notebook/src/db/ and search/ know which database it is; give the difference a name there";
    let named = lexemes.iter().filter(|lexeme| {
        let text = lexeme.text.to_lowercase();
        !lexeme.in_test && (text.contains("sqlite") || text.contains("postgres"))
    });
    named.map(|lexeme| Complaint::new(path, lexeme.line, advice)).collect()
}

struct Room {
    manifest: &'static str,
    banned: &'static [&'static str],
    advice: &'static str,
}

const ROOMS: &[Room] = &[
    Room {
        manifest: "notebook/Cargo.toml",
        banned: &["leptos", "axum", "tower", "hyper", "reqwest", "app", "server"],
        advice: "the notebook knows no web; put it into app or server",
    },
    Room {
        manifest: "app/Cargo.toml",
        banned: &["sqlx", "axum", "tower", "tokio", "reqwest", "server"],
        advice: "pages ask the notebook's acts; queries and doors live elsewhere",
    },
    Room {
        manifest: "server/Cargo.toml",
        banned: &["sqlx", "leptos_meta", "icondata", "html-escape"],
        advice: "doors hold neither SQL nor markup; ask the notebook's acts or app",
    },
    Room {
        manifest: "xtask/Cargo.toml",
        banned: &["app", "notebook", "server"],
        advice: "xtask builds the crates, it uses none",
    },
];

pub fn manifests(path: &str, text: &str) -> Vec<Complaint> {
    let Some(room) = ROOMS.iter().find(|room| room.manifest == path) else {
        return Vec::new();
    };
    let mut complaints = Vec::new();
    let mut section = "";
    for (index, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            section = line;
        }
        if !section.contains("dependencies") {
            continue;
        }
        let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
        // `axum` bans axum-extra and axum_server with it; leptos_axum is another name.
        let banned = room.banned.iter().find(|banned| {
            name.strip_prefix(**banned).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
        });
        if banned.is_some() {
            complaints.push(Complaint::new(path, index + 1, format!("{name}: {}", room.advice)));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::{engine_names, manifests};
    use crate::tokens::read;

    #[test]
    fn an_engine_named_in_a_word_is_found() {
        let lexemes = read("/// on SQLite too\nfn a(tx: Tx) { if let Tx::Postgres(_) = tx {} }").unwrap();
        assert_eq!(engine_names("notebook/src/runs/sql.rs", &lexemes).len(), 1);
        assert_eq!(engine_names("notebook/src/db/mod.rs", &lexemes).len(), 0);
        assert_eq!(engine_names("server/src/config.rs", &lexemes).len(), 0);
    }

    #[test]
    fn a_database_in_the_pages_manifest_is_found() {
        let manifest = "[package]\nname = \"app\"\n[dependencies]\nleptos_axum.workspace = true\nsqlx = \"0.9\"\naxum-extra.workspace = true\n";
        let lines: Vec<usize> = manifests("app/Cargo.toml", manifest).iter().map(|found| found.line).collect();
        assert_eq!(lines, [5, 6]);
        assert!(manifests("Cargo.toml", manifest).is_empty());
    }
}
