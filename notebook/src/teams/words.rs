//! Working time in words.

use crate::calendar::week::{Day, Hours, Week};

/// "Monday–Thursday 09:00–17:00; Friday 09:00–12:00": days in a row with the same hours are one part.
pub fn week_words(week: &Week) -> String {
    let mut parts: Vec<(Day, Day, &[Hours])> = Vec::new();
    let mut yesterday = None;
    for day in Day::ALL {
        let hours = week.on(*day);
        match parts.last_mut() {
            Some((_, last, same)) if yesterday == Some(*last) && *same == hours => *last = *day,
            _ if hours.is_empty() => {}
            _ => parts.push((*day, *day, hours)),
        }
        yesterday = Some(*day);
    }
    let part = |(first, last, hours): (Day, Day, &[Hours])| {
        let hours = hours.iter().map(|hours| hours.words()).collect::<Vec<_>>().join(", ");
        if first == last {
            format!("{} {hours}", first.label())
        } else {
            format!("{}–{} {hours}", first.label(), last.label())
        }
    };
    let words: Vec<String> = parts.into_iter().map(part).collect();
    if words.is_empty() { "on no day".into() } else { words.join("; ") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::calendar::sample::{MONDAY_TO_FRIDAY, SUNDAY_TO_THURSDAY};

    #[test]
    fn days_in_a_row_with_the_same_hours_are_one_part() {
        let hours = |text: &str| Hours::read(text).unwrap();
        let nine_to_five = hours("09:00–17:00");
        assert_eq!(week_words(&Week::every(&MONDAY_TO_FRIDAY, nine_to_five)), "Monday–Friday 09:00–17:00");
        assert_eq!(
            week_words(&Week::every(&SUNDAY_TO_THURSDAY, nine_to_five)),
            "Monday–Thursday 09:00–17:00; Sunday 09:00–17:00"
        );
        let days = [Day::Monday, Day::Tuesday, Day::Thursday].map(|day| (day, vec![nine_to_five]));
        let mut days = BTreeMap::from(days);
        days.insert(Day::Friday, vec![hours("13:00–15:00"), hours("09:00–12:00")]);
        assert_eq!(
            week_words(&Week::new(days).unwrap()),
            "Monday–Tuesday 09:00–17:00; Thursday 09:00–17:00; Friday 09:00–12:00, 13:00–15:00"
        );
        assert_eq!(week_words(&Week::default()), "on no day");
    }
}
