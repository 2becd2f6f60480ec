//! The reader's zone and the present moment: what every time on a page is shown with.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::time::{Moment, Zone};

use crate::parts::when::{When, absolute};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    pub zone: String,
    /// Microseconds since 1970 UTC.
    pub now: i64,
}

impl Times {
    pub fn of(desk: &Desk) -> Self {
        Self { zone: desk.zone().name().to_owned(), now: desk.now().micros() }
    }

    /// The same in another zone.
    #[must_use]
    pub fn read_in(self, zone: &Zone) -> Self {
        Self { zone: zone.name().to_owned(), ..self }
    }

    pub fn moment(&self) -> Moment {
        Moment::from_micros(self.now)
    }

    pub fn when(&self, at: Moment) -> AnyView {
        view! { <When at=at.micros() zone=self.zone.clone() now=self.now/> }.into_any()
    }

    /// What a `datetime-local` field holds.
    pub fn local_input(&self, at: Moment) -> String {
        at.local_input(&self.own_zone())
    }

    /// "10:00": where the day is said beside it.
    pub fn clock(&self, at: Moment) -> String {
        at.civil(&self.own_zone()).strftime("%H:%M").to_string()
    }

    pub fn own_zone(&self) -> Zone {
        Zone::named(&self.zone).unwrap_or_else(Zone::utc)
    }

    /// "20 Nov 2026": where a drawing or a sentence has no room for more.
    pub fn day(&self, at: Moment) -> String {
        let whole = absolute(at.micros(), &self.zone);
        whole.split_once(',').map_or(whole.clone(), |(day, _)| day.to_owned())
    }

    /// The day until which something holds. It ends as a day begins where its team is; where no day of the reader's
    /// begins then, the time stands behind it: "30 Mar 2027, 13:00".
    pub fn until(&self, at: Moment) -> String {
        match (self.day(at), self.clock(at)) {
            (day, clock) if clock == "00:00" => day,
            (day, clock) => format!("{day}, {clock}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_readers_own() {
        let at = Moment::parse("2026-11-20T23:30:00Z").unwrap();
        let times = |zone: &str| Times { zone: zone.into(), now: 0 };
        assert_eq!(times("UTC").day(at), "20 Nov 2026");
        assert_eq!(times("Europe/Berlin").day(at), "21 Nov 2026");
    }

    #[test]
    fn what_ends_with_the_day_of_a_team_elsewhere_says_when() {
        let at = Moment::parse("2027-03-30T11:00:00Z").unwrap();
        let times = |zone: &str| Times { zone: zone.into(), now: 0 };
        assert_eq!(times("Pacific/Auckland").until(at), "31 Mar 2027");
        assert_eq!(times("Europe/Berlin").until(at), "30 Mar 2027, 13:00");
    }
}
