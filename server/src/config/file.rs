//! The configuration file: reading one, and writing one to begin with.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use notebook::nearest::did_you_mean;
use toml::de::{DeTable, DeValue};

use super::{KEYS, Key, sources::Troubles};

/// The values of a file by their keys. What is wrong with it is said with the line.
pub(super) fn read(path: &Path, keys: &[Key], troubles: &mut Troubles) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(trouble) => {
            troubles.push(format!("the configuration file {} cannot be read: {trouble}", path.display()));
            return values;
        }
    };
    let table = match DeTable::parse(&text) {
        Ok(table) => table.into_inner(),
        Err(trouble) => {
            let line = trouble.span().map_or_else(String::new, |span| format!(" line {}", line_of(&text, span.start)));
            troubles.push(format!("{}{line}: {}", path.display(), trouble.message()));
            return values;
        }
    };
    for (key, value) in &table {
        let name: &str = key.get_ref();
        let place = format!("{} line {}: {name}", path.display(), line_of(&text, key.span().start));
        if !keys.iter().any(|known| known.name == name) {
            let near = did_you_mean(name, keys.iter().map(|key| key.name));
            troubles.push(format!("{place} is no setting{near}"));
            continue;
        }
        match text_of(value.get_ref()) {
            Some(text) => drop(values.insert(name.to_owned(), text)),
            None => troubles.push(format!("{place} takes one text, like {name} = \"…\"")),
        }
    }
    values
}

fn text_of(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Boolean(yes) => Some(yes.to_string()),
        _ => None,
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// A file with every key of the server, all of them commented out.
pub fn commented() -> String {
    let mut text =
        "# Settings of Retrial. A flag wins over the environment (RETRIAL_…), that over a file named by it\n\
         # (RETRIAL_…_FILE), that over this file. `retrial config show --origin` tells what holds, and why.\n"
            .to_owned();
    for key in KEYS {
        let _ = write!(text, "\n# {}.\n", key.says);
        let _ = match key.default {
            Some(default @ ("true" | "false")) => writeln!(text, "# {} = {default}", key.name),
            Some(default) => writeln!(text, "# {} = \"{default}\"", key.name),
            None => writeln!(text, "# {} = \"\"", key.name),
        };
    }
    text
}
