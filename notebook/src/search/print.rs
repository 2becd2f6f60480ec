//! A query as it is always written.

use std::fmt::{self, Display, Formatter};

use super::{Amount, Expr, Query, Value, keys::Key};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        if let Some(wanted) = &self.wanted {
            let alone = self.amounts.is_empty() && self.sort.is_none();
            let text = wanted.to_string();
            parts.push(if matches!(wanted, Expr::Or(_)) && !alone { format!("({text})") } else { text });
        }
        parts.extend(self.amounts.iter().map(ToString::to_string));
        parts.extend(self.sort.map(|sort| format!("sort:{}", sort.word())));
        f.write_str(&parts.join(" "))
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(members) => joined(f, members, " ", |member| matches!(member, Self::Or(_))),
            Self::Or(members) => joined(f, members, " OR ", |_| false),
            Self::Not(inner) => match inner.as_ref() {
                Self::And(_) | Self::Or(_) => write!(f, "-({inner})"),
                inner => write!(f, "-{inner}"),
            },
            Self::Word { text, open } => write!(f, "{text}{}", if *open { "*" } else { "" }),
            Self::Phrase(text) => write!(f, "\"{text}\""),
            Self::Qualifier { key, values } => qualified(f, *key, false, values),
        }
    }
}

fn joined(f: &mut Formatter<'_>, members: &[Expr], between: &str, in_brackets: fn(&Expr) -> bool) -> fmt::Result {
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        if in_brackets(member) {
            write!(f, "({member})")?;
        } else {
            write!(f, "{member}")?;
        }
    }
    Ok(())
}

fn qualified(f: &mut Formatter<'_>, key: Key, not: bool, values: &[impl Display]) -> fmt::Result {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    write!(f, "{}{}:{}", if not { "-" } else { "" }, key.word(), values.join(","))
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Me => f.write_str("@me"),
            Self::Nothing => f.write_str("none"),
            Self::Days(days) => write!(f, "{days}"),
        }
    }
}

impl Display for Amount {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is { key, not, states } => qualified(f, *key, *not, states),
            Self::When { key, not, days } => qualified(f, *key, *not, days),
            Self::Has { not, what } => {
                let what: Vec<&str> = what.iter().map(|has| has.word()).collect();
                qualified(f, Key::Has, *not, &what)
            }
            Self::Target { not, names } => qualified(f, Key::Target, *not, names),
            Self::Measured(bound) => write!(f, "measured:{bound}"),
        }
    }
}
