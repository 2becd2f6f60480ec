//! In which zone the times of a run are read: one's own, that of a team that owns one of its services, or UTC.

use leptos::prelude::*;
use notebook::text::Title;
use notebook::time::Zone;

use crate::look::Look;
use crate::reading;

/// In which zone the forms of this page take times of day, where it is read in another one than the reader's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedIn(pub Zone);

/// What there is to choose from, and what was chosen.
pub struct Zones {
    own: Zone,
    /// Other zones than one's own with the words for them, each once.
    others: Vec<(String, Zone)>,
    /// The place among the others; one's own without one.
    chosen: Option<usize>,
}

impl Zones {
    /// A zone that is wanted and not on offer here is no choice: another run has other teams.
    pub fn of(own: Zone, teams: Vec<(Title, Zone)>, wanted: Option<&str>) -> Self {
        let mut others: Vec<(String, Zone)> = Vec::new();
        let teams = teams.into_iter().map(|(name, zone)| (format!("{name}: {}", zone.name()), zone));
        for (words, zone) in teams.chain([("UTC".to_owned(), Zone::utc())]) {
            if zone != own && others.iter().all(|(_, known)| *known != zone) {
                others.push((words, zone));
            }
        }
        let chosen = others.iter().position(|(_, zone)| wanted == Some(zone.name()));
        Self { own, others, chosen }
    }

    pub fn read_in(&self) -> &Zone {
        self.chosen().unwrap_or(&self.own)
    }

    /// None for one's own.
    pub fn chosen(&self) -> Option<&Zone> {
        self.chosen.and_then(|place| self.others.get(place)).map(|(_, zone)| zone)
    }
}

/// Says which it is, with a button for each of the others; nothing where there is no other.
pub fn switch(zones: &Zones) -> Option<AnyView> {
    if zones.others.is_empty() {
        return None;
    }
    let own = (format!("Yours: {}", zones.own.name()), reading::OWN.to_owned());
    let others = zones.others.iter().map(|(words, zone)| (words.clone(), zone.name().to_owned()));
    let place = zones.chosen.map_or(0, |chosen| chosen + 1);
    let choices = std::iter::once(own).chain(others).enumerate().map(|(index, (words, value))| {
        if index == place {
            return view! { <strong>{words}</strong> }.into_any();
        }
        view! { <button class="quiet" name="zone" value=value>{words}</button> }.into_any()
    });
    let (choices, next) = (choices.collect_view(), Look::here().path);
    Some(
        view! {
            <form id="zones" method="post" action=reading::ADDRESS class="row" data-print="none">
                <input type="hidden" name="next" value=next/>
                <span class="muted">"Times of day in"</span>
                {choices}
            </form>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zones(own: &str, teams: &[(&str, &str)], wanted: Option<&str>) -> Zones {
        let zone = |name: &str| Zone::named(name).unwrap();
        let teams = teams.iter().map(|&(name, of)| (Title::new(name).unwrap(), zone(of))).collect();
        Zones::of(zone(own), teams, wanted)
    }

    #[test]
    fn ones_own_zone_stands_unless_one_on_offer_is_wanted() {
        let teams = [("Data", "Asia/Tokyo"), ("Pipeline", "Asia/Tokyo"), ("Web", "Europe/Berlin")];
        for (wanted, read_in) in [
            (None, "Europe/Berlin"),
            (Some("Asia/Tokyo"), "Asia/Tokyo"),
            (Some("UTC"), "UTC"),
            (Some("America/New_York"), "Europe/Berlin"),
            (Some("own"), "Europe/Berlin"),
        ] {
            let zones = zones("Europe/Berlin", &teams, wanted);
            assert_eq!(zones.read_in().name(), read_in, "{wanted:?}");
            let others: Vec<&str> = zones.others.iter().map(|(words, _)| words.as_str()).collect();
            assert_eq!(others, ["Data: Asia/Tokyo", "UTC"], "each zone once, and one's own is no other");
        }
    }

    #[test]
    fn where_everybody_reads_alike_there_is_no_switch() {
        let html = |zones: Zones| Owner::new().with(|| switch(&zones).map(RenderHtml::to_html));
        assert_eq!(html(zones("UTC", &[("Data", "UTC")], None)), None);
        let shown = html(zones("UTC", &[("Data", "Asia/Tokyo")], Some("Asia/Tokyo"))).unwrap();
        assert!(shown.contains("<strong>Data: Asia/Tokyo</strong>"), "{shown}");
        assert!(shown.contains("value=\"own\"") && shown.contains("Yours: UTC"), "{shown}");
    }
}
