//! Which days a view of the calendar shows.

use jiff::Span as Length;
use jiff::civil::Date;
use notebook::interval::Interval;
use notebook::time::{Moment, Zone};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    Month,
    Week,
    Agenda,
}

impl View {
    pub const ALL: [Self; 3] = [Self::Month, Self::Week, Self::Agenda];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Week => "week",
            Self::Agenda => "agenda",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Month => "Month",
            Self::Week => "Week",
            Self::Agenda => "Agenda",
        }
    }

    /// An unknown word is a month: the link may come from a later version.
    pub fn named(word: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.word() == word).unwrap_or(Self::Month)
    }
}

/// The days of one view; in a month also those that fill its first and last week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub view: View,
    /// The first day of what it is about.
    pub about: Date,
    pub first: Date,
    /// The day after the last.
    pub end: Date,
}

const AGENDA_DAYS: i64 = 28;

impl Span {
    /// The view that holds a date.
    pub fn of(view: View, date: Date) -> Self {
        let (about, last) = match view {
            View::Month => (date.first_of_month(), date.last_of_month()),
            View::Week => (monday(date), plus(monday(date), 6)),
            View::Agenda => (date, plus(date, AGENDA_DAYS - 1)),
        };
        let (first, end) = match view {
            View::Month => (monday(about), plus(monday(last), 7)),
            View::Week | View::Agenda => (about, plus(last, 1)),
        };
        Self { view, about, first, end }
    }

    pub fn interval(&self, zone: &Zone) -> Interval {
        let start = |date: Date| Moment::of_civil(date.at(0, 0, 0, 0), zone).unwrap_or(Moment::from_micros(0));
        Interval::new(start(self.first), start(self.end)).unwrap_or(Interval::lasting(start(self.first), 0))
    }

    pub fn days(&self) -> impl Iterator<Item = Date> {
        let end = self.end;
        self.first.series(Length::new().days(1)).take_while(move |date| *date < end)
    }

    /// A date in the view before this one, and one in the view after.
    pub fn beside(&self) -> (Date, Date) {
        match self.view {
            View::Month => (plus(self.about, -1), plus(self.about.last_of_month(), 1)),
            View::Week => (plus(self.about, -7), self.end),
            View::Agenda => (plus(self.about, -AGENDA_DAYS), self.end),
        }
    }

    /// "November 2026", "23 November 2026 to 29 November 2026".
    pub fn title(&self) -> String {
        let day = |date: Date| date.strftime("%-d %B %Y").to_string();
        match self.view {
            View::Month => self.about.strftime("%B %Y").to_string(),
            View::Week | View::Agenda => format!("{} to {}", day(self.first), day(plus(self.end, -1))),
        }
    }
}

/// The date an address names: `2026-11-24`, or `2026-11` for its first day.
pub fn date(text: &str) -> Option<Date> {
    text.parse()
        .ok()
        .or_else(|| format!("{text}-01").parse().ok())
        .filter(|date: &Date| (1970..=8999).contains(&date.year()))
}

fn monday(date: Date) -> Date {
    plus(date, -i64::from(date.weekday().to_monday_zero_offset()))
}

fn plus(date: Date, days: i64) -> Date {
    date.saturating_add(Length::new().days(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(view: View, text: &str) -> (String, String, String) {
        let span = Span::of(view, date(text).unwrap());
        (span.first.to_string(), span.end.to_string(), span.title())
    }

    #[test]
    fn a_month_is_whole_weeks_and_its_name() {
        let own = |first: &str, end: &str, title: &str| (first.to_owned(), end.to_owned(), title.to_owned());
        assert_eq!(span(View::Month, "2026-11"), own("2026-10-26", "2026-12-07", "November 2026"));
        assert_eq!(span(View::Month, "2027-02-28"), own("2027-02-01", "2027-03-01", "February 2027"));
        let week = "23 November 2026 to 29 November 2026";
        assert_eq!(span(View::Week, "2026-11-25"), own("2026-11-23", "2026-11-30", week));
        assert_eq!(span(View::Agenda, "2026-11-25").1, "2026-12-23");
    }

    #[test]
    fn a_view_leads_to_the_ones_beside_it() {
        for (view, from, before, after) in [
            (View::Month, "2026-12", "November 2026", "January 2027"),
            (View::Week, "2026-11-25", "16 November 2026 to 22 November 2026", "30 November 2026 to 6 December 2026"),
        ] {
            let (earlier, later) = Span::of(view, date(from).unwrap()).beside();
            assert_eq!((Span::of(view, earlier).title(), Span::of(view, later).title()), (before.into(), after.into()));
        }
    }

    #[test]
    fn a_day_on_which_clocks_change_is_one_day() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let hours = |text: &str| Span::of(View::Week, date(text).unwrap()).interval(&berlin).ms() / 3_600_000;
        assert_eq!((hours("2026-03-24"), hours("2026-10-20"), hours("2026-11-24")), (167, 169, 168));
        assert_eq!(Span::of(View::Week, date("2026-03-24").unwrap()).days().count(), 7);
        assert_eq!(date("soon"), None);
        assert_eq!(date("9999-12-31"), None);
    }
}
