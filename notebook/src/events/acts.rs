//! Reading the trail as a whole: everything that was done, in the order in which it was written down.

use super::{Entry, about, sql};
use crate::{
    actor::Act,
    desk::{Desk, Notebook},
    fault::Result,
    id::{KINDS, number_of},
    limits::PAGE_ROWS,
    paging::Rows,
    text::Slug,
    time::Moment,
};

/// Which part of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub about: Option<About>,
    /// The last line that is known already.
    pub after: i64,
    pub rows: Rows,
}

/// One thing that lines can be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub kind: &'static str,
    pub object: String,
}

impl About {
    /// `RUN-317`, a service's slug, or for everything else kind and name: `environment:production`.
    pub fn named(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((kind, object)) = text.split_once(':') {
            let kind = about::ALL.into_iter().find(|known| known.eq_ignore_ascii_case(kind))?;
            return (!object.is_empty()).then(|| Self { kind, object: object.to_owned() });
        }
        let upper = text.to_uppercase();
        let numbered = upper.rsplit_once('-').filter(|(_, number)| number_of(number).is_some());
        // What stands before the prefix (a sample's mark) belongs to the name.
        let prefix = numbered.and_then(|(name, _)| name.rsplit('-').next());
        match KINDS.iter().find(|(known, _)| Some(*known) == prefix) {
            Some((_, noun)) => {
                let kind = about::ALL.into_iter().find(|known| known == noun)?;
                Some(Self { kind, object: upper })
            }
            None => Slug::new(text).ok().map(|slug| Self { kind: about::SERVICE, object: slug.into() }),
        }
    }
}

/// Lines of the trail, oldest first, and whether there are more.
pub async fn list(desk: &Desk, filter: &Filter) -> Result<(Vec<Entry>, bool)> {
    desk.may(Act::Look)?;
    let rows = filter.rows.and_one();
    let mut tx = desk.begin_read().await?;
    let lines = match &filter.about {
        None => sql::after(&mut tx, filter.after, rows).await?,
        Some(About { kind, object }) => sql::of_object_after(&mut tx, (kind, object), filter.after, rows).await?,
    };
    Ok(filter.rows.page(lines))
}

/// When the newest line was written down, for the operator at the machine.
pub async fn newest(notebook: &Notebook) -> Result<Option<Moment>> {
    let mut tx = notebook.db.begin_read().await?;
    sql::newest(&mut tx).await
}

/// Things whose making stands nowhere in the trail, at most a page of them, for the operator at the machine.
pub async fn without_lines(notebook: &Notebook) -> Result<Vec<String>> {
    let mut tx = notebook.db.begin_read().await?;
    sql::without_lines(&mut tx, PAGE_ROWS).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_can_be_asked_for_by_the_name_people_say() {
        for (text, expected) in [
            ("run-317", Some(("run", "RUN-317"))),
            ("DEMO-FND-2", Some(("finding", "DEMO-FND-2"))),
            ("DEC-9", Some(("decision", "DEC-9"))),
            ("gd-4", Some(("gameday", "GD-4"))),
            ("zookeeper", Some(("service", "zookeeper"))),
            ("storage-engine", Some(("service", "storage-engine"))),
            ("kafka-3", Some(("service", "kafka-3"))),
            ("environment:production", Some(("environment", "production"))),
            ("person:3", Some(("person", "3"))),
            ("planet:mars", None),
            ("RUN-0", None),
            ("two words", None),
            ("", None),
        ] {
            let about = About::named(text);
            assert_eq!(about.as_ref().map(|about| (about.kind, about.object.as_str())), expected, "{text}");
        }
    }

    #[test]
    fn every_kind_of_id_is_a_kind_of_line() {
        for (prefix, noun) in KINDS {
            assert_eq!(About::named(&format!("{prefix}-1")).unwrap().kind, *noun);
        }
    }
}
