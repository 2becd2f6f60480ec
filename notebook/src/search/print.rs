//! A query as it is always written.

use std::fmt::{self, Display, Formatter};

use super::{Amount, Expr, Query, Value, keys::Key};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        if let Some(wanted) = &self.wanted {
            let text = wanted.to_string();
            let in_brackets = matches!(wanted, Expr::Or(_)) && self.sort.is_some();
            parts.push(if in_brackets { format!("({text})") } else { text });
        }
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
            Self::Qualifier { key, values } => qualified(f, *key, values),
            Self::Amount(amount) => write!(f, "{amount}"),
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

fn qualified(f: &mut Formatter<'_>, key: Key, values: &[impl Display]) -> fmt::Result {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    write!(f, "{}:{}", key.word(), values.join(","))
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
            Self::Is { key, states } => qualified(f, *key, states),
            Self::When { key, days } => qualified(f, *key, days),
            Self::Has(what) => {
                let what: Vec<&str> = what.iter().map(|has| has.word()).collect();
                qualified(f, Key::Has, &what)
            }
            Self::Target(names) => qualified(f, Key::Target, names),
            Self::Measured(bounds) => qualified(f, Key::Measured, bounds),
        }
    }
}
