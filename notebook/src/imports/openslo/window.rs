//! The stretch of time an OpenSLO document speaks about.

use jiff::civil::DateTime;

use super::part::{Part, Told};
use crate::slos::{
    drafts::{Draft, ROLLING},
    window::Period,
};

/// Taken where a text names no window.
pub const USUAL_DAYS: &str = "30";

/// A number and its unit. Case counts: `m` are minutes and `M` months.
pub fn duration(text: &str) -> Option<(u32, char)> {
    let unit = text.chars().next_back().filter(|unit| "mhdwMQY".contains(*unit))?;
    let number = text.strip_suffix(unit)?;
    let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|number| plain && *number > 0).map(|number| (number, unit))
}

/// Fills in window, days and zone.
pub fn read(spec: &mut Part, draft: &mut Draft, told: &mut Told) {
    let path = spec.at("timeWindow");
    let items = spec.items("timeWindow", told);
    let [(path, item)] = items.as_slice() else {
        return told.trouble(path, format!("takes exactly one window and holds {}", items.len()));
    };
    let mut part = Part::of(item, path.clone(), told);
    let duration_text = part.need("duration", told);
    let at = part.at("duration");
    let Some((number, unit)) = duration(duration_text) else {
        if !duration_text.is_empty() {
            told.trouble(at, "takes a number and one of m, h, d, w, M, Q, Y, like 28d");
        }
        return;
    };
    let is_rolling = part.truth("isRolling", told);
    let calendar = part.part("calendar", told);
    if unit == 'm' && number < 60 && (is_rolling == Some(true) || calendar.is_none()) {
        return told.trouble(at, format!("is {number} min; months are written with a capital M, like {number}M"));
    }
    match (is_rolling, calendar) {
        (Some(true), Some(calendar)) => {
            told.trouble(calendar.path(), "belongs to a window that does not roll; leave it out");
        }
        (Some(true), None) => rolling(number, unit, &at, draft, told),
        (Some(false) | None, Some(calendar)) => in_calendar((number, unit), &at, calendar, draft, told),
        (Some(false), None) => told.trouble(part.at("calendar"), "is missing, and the window does not roll"),
        (None, None) => told.trouble(part.at("isRolling"), "is missing"),
    }
    part.end(told);
}

/// The window of a text that names none.
pub fn usual(draft: &mut Draft) {
    draft.window = ROLLING.into();
    draft.days = USUAL_DAYS.into();
}

fn rolling(number: u32, unit: char, at: &str, draft: &mut Draft, told: &mut Told) {
    draft.window = ROLLING.into();
    let days = match unit {
        'm' => number.is_multiple_of(24 * 60).then_some(number / (24 * 60)),
        'h' => number.is_multiple_of(24).then_some(number / 24),
        'd' => Some(number),
        'w' => number.checked_mul(7),
        'M' => number.checked_mul(30),
        'Q' => number.checked_mul(90),
        _ => number.checked_mul(365),
    };
    let Some(days) = days else {
        return told.trouble(
            at,
            "takes whole days, from 1 to a year: a budget of hours is spent before anybody plans with it",
        );
    };
    if "MQY".contains(unit) {
        told.note(format!("{at} is taken as {days} days: a window that rolls has no calendar"));
    }
    draft.days = days.to_string();
}

fn in_calendar((number, unit): (u32, char), at: &str, mut calendar: Part, draft: &mut Draft, told: &mut Told) {
    let period = match (number, unit) {
        (1, 'd') => Period::Day,
        (1, 'w') => Period::Week,
        (1, 'M' | 'm') => Period::Month,
        (1, 'Q') | (3, 'M' | 'm') => Period::Quarter,
        (1, 'Y') | (12, 'M' | 'm') => Period::Year,
        _ => return told.trouble(at, "takes one period of the calendar: 1d, 1w, 1M, 1Q or 1Y"),
    };
    if unit == 'm' {
        told.note(format!("{at} is {number} min, which no calendar has; {number}M, in months, is taken"));
    }
    draft.window = period.word().into();
    draft.zone = calendar.need("timeZone", told).into();
    let start = calendar.need("startTime", told);
    match start.parse::<DateTime>() {
        Ok(local) if period.begins_at(local) => {}
        Ok(_) => told.note(format!(
            "{} is not kept: a calendar {} begins at its first midnight here",
            calendar.at("startTime"),
            period.label()
        )),
        Err(_) if start.is_empty() => {}
        Err(_) => told.trouble(calendar.at("startTime"), "takes a date and a time like 2020-01-21 12:30:00"),
    }
    calendar.end(told);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foreign::yaml;

    fn read_text(text: &str) -> (Draft, Told) {
        let tree = yaml::parse(&format!("timeWindow: {text}")).unwrap();
        let (mut draft, mut told) = (Draft::default(), Told::default());
        let mut spec = Part::of(&tree, "spec", &mut told);
        read(&mut spec, &mut draft, &mut told);
        (draft, told)
    }

    #[test]
    fn windows_roll_or_follow_the_calendar() {
        let calendar = |duration: &str, start: &str| {
            format!(
                "[{{duration: {duration}, isRolling: false, calendar: {{startTime: {start}, timeZone: Europe/Berlin}}}}]"
            )
        };
        for (text, window, days, notes) in [
            ("[{duration: 28d, isRolling: true}]".to_owned(), "rolling", "28", 0),
            ("[{duration: 4w, isRolling: true}]".to_owned(), "rolling", "28", 0),
            ("[{duration: 48h, isRolling: true}]".to_owned(), "rolling", "2", 0),
            ("[{duration: 1M, isRolling: true}]".to_owned(), "rolling", "30", 1),
            ("[{duration: 1Q, isRolling: true}]".to_owned(), "rolling", "90", 1),
            (calendar("1M", "2022-01-01 00:00:00"), "month", "", 0),
            (calendar("1m", "2022-01-01 00:00:00"), "month", "", 1),
            (calendar("3m", "2022-04-01 00:00:00"), "quarter", "", 1),
            (calendar("1w", "2022-01-01 12:00:00"), "week", "", 1),
            (calendar("1Q", "2022-04-01 00:00:00"), "quarter", "", 0),
            (calendar("1Y", "2022-01-01 00:00:00"), "year", "", 0),
        ] {
            let (draft, told) = read_text(&text);
            assert_eq!(told.troubles, [], "{text}");
            assert_eq!((draft.window.as_str(), draft.days.as_str(), told.notes.len()), (window, days, notes), "{text}");
        }
    }

    #[test]
    fn a_small_m_is_a_minute_and_whoever_means_a_month_is_told() {
        let (_, told) = read_text("[{duration: 1m, isRolling: true}]");
        assert_eq!(told.troubles[0].field, "spec.timeWindow[0].duration");
        assert!(told.troubles[0].says.contains("a capital M, like 1M"), "{told:?}");
        let calendar = "calendar: {timeZone: UTC, startTime: 2022-01-01 00:00:00}";
        let (draft, told) = read_text(&format!("[{{duration: 1m, {calendar}}}]"));
        assert_eq!((draft.window.as_str(), told.troubles.len()), ("month", 0), "{told:?}");
        assert_eq!(
            told.notes,
            ["spec.timeWindow[0].duration is 1 min, which no calendar has; 1M, in months, is taken"]
        );
        let (_, told) = read_text(&format!("[{{duration: 5m, {calendar}}}]"));
        assert!(told.troubles[0].says.starts_with("takes one period of the calendar"), "{told:?}");
    }

    #[test]
    fn what_is_no_window_is_said_with_its_path() {
        for (text, path) in [
            ("[]", "spec.timeWindow"),
            ("28d", "spec.timeWindow"),
            ("[{duration: 28d, isRolling: true}, {duration: 1d, isRolling: true}]", "spec.timeWindow"),
            ("[{isRolling: true}]", "spec.timeWindow[0].duration"),
            ("[{duration: 28 days, isRolling: true}]", "spec.timeWindow[0].duration"),
            ("[{duration: 36h, isRolling: true}]", "spec.timeWindow[0].duration"),
            ("[{duration: 0d, isRolling: true}]", "spec.timeWindow[0].duration"),
            ("[{duration: 28d}]", "spec.timeWindow[0].isRolling"),
            ("[{duration: 1M, isRolling: false}]", "spec.timeWindow[0].calendar"),
            ("[{duration: 1M, isRolling: 1, calendar: {}}]", "spec.timeWindow[0].isRolling"),
            ("[{duration: 1M, isRolling: true, calendar: {}}]", "spec.timeWindow[0].calendar"),
            (
                "[{duration: 2w, calendar: {timeZone: UTC, startTime: 2022-01-03 00:00:00}}]",
                "spec.timeWindow[0].duration",
            ),
            ("[{duration: 1w, calendar: {timeZone: UTC, startTime: soon}}]", "spec.timeWindow[0].calendar.startTime"),
            ("[{duration: 1w, calendar: {startTime: 2022-01-03 00:00:00}}]", "spec.timeWindow[0].calendar.timeZone"),
        ] {
            let (_, told) = read_text(text);
            assert_eq!(told.troubles.first().map(|trouble| trouble.field.as_str()), Some(path), "{text}: {told:?}");
        }
    }
}
