//! The bars that say on a page that it is frozen: one over everything on every page, narrower ones
//! on the pages they concern.

use std::collections::BTreeSet;

use leptos::prelude::*;
use notebook::calendar::freeze::Scope;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::freezes::Kept;
use notebook::freezes::acts;
use notebook::text::Slug;

use crate::frame::banner;
use crate::look::Banner;
use crate::parts::when::absolute;
use crate::parts::words;
use crate::paths;
use crate::times::Times;

/// What every page of whoever is signed in says while everything is frozen.
pub async fn everywhere(desk: &Desk) -> Result<Vec<Banner>> {
    let active = acts::active(desk).await?;
    let zone = Times::of(desk).zone;
    let all = active.iter().filter(|kept| kept.freeze.scope == Scope::Everything);
    Ok(all.map(|kept| bar(kept, &zone)).collect())
}

/// What the page of these services, in this environment, says besides.
pub async fn here(desk: &Desk, services: &BTreeSet<Slug>, environment: Option<&Slug>) -> Result<Option<AnyView>> {
    let active = acts::active_on(desk, services, environment).await?;
    Ok(drawn(&active, &Times::of(desk).zone))
}

/// What the page of a team says.
pub async fn of_team(desk: &Desk, team: &Slug) -> Result<Option<AnyView>> {
    let mut active = acts::active(desk).await?;
    active.retain(|kept| matches!(&kept.freeze.scope, Scope::Team(frozen) if frozen == team));
    Ok(drawn(&active, &Times::of(desk).zone))
}

fn drawn(active: &[Kept], zone: &str) -> Option<AnyView> {
    let bars: Vec<_> = active.iter().map(|kept| banner(bar(kept, zone))).collect();
    (!bars.is_empty()).then(|| view! { <section class="banners" aria-label="Freezes">{bars}</section> }.into_any())
}

fn bar(kept: &Kept, zone: &str) -> Banner {
    let word = words::gate::FREEZE;
    Banner {
        icon: word.icon,
        family: word.family,
        sentence: sentence(kept, zone),
        links: vec![("Freezes".into(), paths::freezes())],
    }
}

/// "Freeze on since 2 Nov 2026, 11:00 CET by Ana: end of the year"
fn sentence(kept: &Kept, zone: &str) -> String {
    let of = match &kept.freeze.scope {
        Scope::Everything => String::new(),
        narrower => format!(" of {}", narrower.words()),
    };
    let since = absolute(kept.freeze.from.micros(), zone);
    let until = kept.until().map(|until| format!(", until {}", absolute(until.micros(), zone))).unwrap_or_default();
    format!("Freeze{of} on since {since}{until} by {}: {}", kept.name, kept.freeze.why)
}

#[cfg(test)]
mod tests {
    use notebook::actor::PersonId;
    use notebook::calendar::freeze::Freeze;
    use notebook::text::Note;
    use notebook::time::Moment;

    use super::*;

    #[test]
    fn a_bar_says_what_since_when_by_whom_and_why() {
        let at = |text: &str| Moment::parse(text).unwrap();
        let kept = |scope: Scope, until: Option<&str>| Kept {
            id: 1,
            freeze: Freeze {
                scope,
                from: at("2026-11-02T10:00:00Z"),
                until: until.map(at),
                why: Note::new("end of the year").unwrap(),
                by: PersonId(1),
            },
            name: "Ana".into(),
            ended: None,
            created_at: at("2026-11-02T10:00:00Z"),
        };
        assert_eq!(
            sentence(&kept(Scope::Everything, None), "Europe/Berlin"),
            "Freeze on since 2 Nov 2026, 11:00 CET by Ana: end of the year"
        );
        let team = Scope::Team(Slug::new("data-platform").unwrap());
        assert_eq!(
            sentence(&kept(team, Some("2026-11-03T10:00:00Z")), "UTC"),
            "Freeze of the team data-platform on since 2 Nov 2026, 10:00 UTC, until 3 Nov 2026, 10:00 UTC by Ana: end of the year"
        );
    }
}
