//! A note as the browser keeps it, and the words about those that wait.

use crate::drafts::kept::{self as drafts, Draft, Fields};

/// What the names of kept notes begin with in the browser's store.
pub const PREFIX: &str = "retrial.note|";

/// One note on its way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// When it was written, milliseconds since 1970 by the browser's clock.
    pub at_ms: i64,
    /// Made when it was written: however often it is sent, it is taken once.
    pub key: String,
    /// Where its form is sent: `/runs/RUN-317/observe`.
    pub action: String,
    pub fields: Fields,
    /// Why the notebook did not take it; empty while it waits.
    pub refused: String,
}

const KEY: &str = "_key";
const ACTION: &str = "_action";
const REFUSED: &str = "_refused";

impl Note {
    /// Its name in the store of one person: names in their order are notes in theirs.
    pub fn name(&self, who: i64) -> String {
        format!("{}{:015}|{}", prefix(who), self.at_ms, self.key)
    }

    pub fn written(&self) -> String {
        let own = [(KEY, &self.key), (ACTION, &self.action), (REFUSED, &self.refused)];
        let own = own.map(|(name, value)| (name.to_owned(), value.clone()));
        let fields = own.into_iter().chain(self.fields.iter().cloned()).collect();
        drafts::written(&[Draft { at_ms: self.at_ms, fields }])
    }

    /// None for a text that does not read.
    pub fn read(text: &str) -> Option<Self> {
        let Draft { at_ms, fields } = drafts::read(text).into_iter().next()?;
        let mut note = Self { at_ms, ..Self::default() };
        for (name, value) in fields {
            match name.as_str() {
                KEY => note.key = value,
                ACTION => note.action = value,
                REFUSED => note.refused = value,
                _ => note.fields.push((name, value)),
            }
        }
        (!note.key.is_empty() && !note.action.is_empty()).then_some(note)
    }

    /// The page of the run it was written on.
    pub fn page(&self) -> &str {
        self.action.rsplit_once('/').map_or("/", |(page, _)| page)
    }

    /// What it says, for the list of those that wait.
    pub fn text(&self) -> &str {
        self.fields.iter().find(|(name, _)| name == TEXT).map_or("", |(_, value)| value)
    }
}

/// What the names of one person's notes begin with.
pub fn prefix(who: i64) -> String {
    format!("{PREFIX}{who}|")
}

/// Whether a name in the store is that of somebody else's note.
pub fn is_of_another(name: &str, who: i64) -> bool {
    name.starts_with(PREFIX) && !name.starts_with(&prefix(who))
}

const TEXT: &str = "text";
const AT: &str = "at";
const WRITTEN: &str = "written_at";

/// The fields as they are sent later: what was said as "now" or "three minutes ago" meant the time of writing.
/// `instant` spells milliseconds since 1970.
pub fn fixed(fields: &Fields, at_ms: i64, instant: impl Fn(i64) -> String) -> Fields {
    let time = |typed: &str| match (typed.is_empty(), ago_ms(typed)) {
        (true, _) => instant(at_ms),
        (false, Some(ago)) => instant(at_ms - ago),
        (false, None) => typed.to_owned(),
    };
    let mut fixed: Fields = fields.iter().filter(|(name, _)| name != AT).cloned().collect();
    for (name, value) in &mut fixed {
        if name == TEXT {
            *value = value.lines().map(|line| fixed_line(line, time)).collect::<Vec<_>>().join("\n");
        }
    }
    let at = fields.iter().find(|(name, _)| name == AT).map_or("", |(_, value)| value.trim());
    fixed.push((AT.to_owned(), time(at)));
    // A time of day is read by the notebook, which may hear of it on another day.
    fixed.push((WRITTEN.to_owned(), instant(at_ms)));
    fixed
}

/// `/t -3m back again` with the time it meant.
fn fixed_line(line: &str, time: impl Fn(&str) -> String) -> String {
    let Some(rest) = line.trim_start().strip_prefix("/t ") else { return line.to_owned() };
    let rest = rest.trim_start();
    let (typed, words) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if ago_ms(typed).is_none() {
        return line.to_owned();
    }
    format!("/t {} {words}", time(typed)).trim_end().to_owned()
}

/// "-3m" in milliseconds, as the notebook reads it.
fn ago_ms(typed: &str) -> Option<i64> {
    let typed = typed.strip_prefix(['-', '−'])?;
    let digits = typed.len() - typed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: i64 = typed.get(..digits)?.parse().ok()?;
    let unit_ms = match typed.get(digits..)? {
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.checked_mul(unit_ms)
}

/// What a line may begin with, as the notebook has it.
const COMMANDS: [&str; 9] =
    ["/t", "/metric", "/expected", "/unexpected", "/question", "/check", "/finding", "/pin", "/abort"];

/// What is said of a text with a command that nobody knows: the notebook would refuse it, and may be far away. None
/// for any other text.
pub fn unknown(text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim_start).filter(|line| line.starts_with('/') && !line.starts_with("//"));
    let mut words = lines.filter_map(|line| line.split(char::is_whitespace).next());
    let word = words.find(|word| !COMMANDS.iter().any(|known| known.eq_ignore_ascii_case(word)))?;
    let nearest = COMMANDS.into_iter().map(|known| (slips(word, known), known)).min_by_key(|(slips, _)| *slips);
    let meant = match nearest.filter(|(slips, _)| *slips <= 1 + word.len() / 4) {
        Some((_, known)) => format!("did you mean {known}"),
        None => format!("known are {}", COMMANDS.join(", ")),
    };
    Some(format!(
        "Not sent; your text is still here. It has no command \"{word}\"; {meant}; write // for a plain slash."
    ))
}

/// How many letters one has to put in, take out or change to make the one word of the other.
fn slips(written: &str, known: &str) -> usize {
    let mut row: Vec<usize> = (0..=known.len()).collect();
    for (place, one) in written.bytes().enumerate() {
        let (mut left, mut corner) = (place + 1, place);
        for (below, other) in row.iter_mut().skip(1).zip(known.bytes()) {
            let changed = corner + usize::from(!one.eq_ignore_ascii_case(&other));
            corner = *below;
            left = changed.min(left + 1).min(*below + 1);
            *below = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// What the notebook says of a note without commands.
const PLAIN: &str = "Observation added.";

/// What is said of notes once all are written: `said` has what was understood of each.
pub fn told(said: &[String]) -> String {
    let [_, _, ..] = said else { return said.concat() };
    let more = said.iter().filter(|said| *said != PLAIN);
    let all = std::iter::once(format!("{} notes are written.", said.len())).chain(more.cloned());
    all.collect::<Vec<_>>().join(" ")
}

/// Less than this may be the way of the page itself.
const SKEW_MS_MIN: i64 = 5_000;

/// How far the server's clock is ahead of this device's; small differences are none. `server_ms` is when the
/// page was made: some time after the browser asked for it and before now, which on a bad network lie far apart.
pub fn skew_ms(server_ms: i64, asked_ms: i64, device_ms: i64) -> i64 {
    let skew = if server_ms > device_ms { server_ms - device_ms } else { (server_ms - asked_ms).min(0) };
    if skew.abs() < SKEW_MS_MIN { 0 } else { skew }
}

/// Where sending stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Sending,
    /// Nobody can be reached.
    Away,
    /// Somebody answered, and not as a notebook that works.
    Troubled,
    SignedOut,
}

/// What an answer means for the note that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Taken,
    /// Not as it is.
    Refused,
    /// Another time.
    Later(State),
}

/// Whoever answers need not be the notebook: the portal of a guest network and a proxy that asks for a login say
/// 200 to everything, and a note they seem to take would be lost. `is_noted` is whether the body says what the
/// notebook says of a note; `code` is the word of its refusal, empty without one.
pub fn fate(status: u16, is_noted: bool, code: &str) -> Fate {
    match status {
        200..=299 if is_noted => Fate::Taken,
        401 => Fate::Later(State::SignedOut),
        409 if code == "under_way" => Fate::Later(State::Sending),
        400 | 403 | 404 | 409 | 413 | 415 | 422 if !code.is_empty() => Fate::Refused,
        _ => Fate::Later(State::Troubled),
    }
}

/// What is said of notes that wait; None if none does.
pub fn words(state: State, waiting: usize) -> Option<String> {
    let notes = match waiting {
        0 => return None,
        1 => "1 note waits".to_owned(),
        more => format!("{more} notes wait"),
    };
    Some(match state {
        State::Sending => format!("{notes} to be sent…"),
        State::Away => format!(
            "No connection. {notes} in this browser, with the time of writing, to be sent in order once it is back."
        ),
        State::Troubled => format!("The notebook has trouble. {notes} in this browser; sending is tried again."),
        State::SignedOut => {
            format!("You are signed out. {notes} in this browser; load the page again to sign in and send.")
        }
    })
}

/// What is said of notes of other people that wait in the same browser; None if none does.
pub fn words_of_others(waiting: usize) -> Option<String> {
    let (notes, are) = match waiting {
        0 => return None,
        1 => ("1 note".to_owned(), "waits"),
        more => (format!("{more} notes"), "wait"),
    };
    Some(format!("{notes} of somebody else {are} in this browser, to be sent once that person signs in here."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn note(at_ms: i64, key: &str) -> Note {
        let action = "/runs/RUN-1/observe".to_owned();
        Note {
            at_ms,
            key: key.into(),
            action,
            fields: fields(&[("text", "a=b\n&c"), ("kind", "expected")]),
            ..Note::default()
        }
    }

    #[test]
    fn a_note_is_read_as_it_was_written_and_names_keep_the_order() {
        let one = note(999, "z");
        assert_eq!(Note::read(&one.written()), Some(one.clone()));
        let refused = Note { refused: "has no command".into(), ..one.clone() };
        assert_eq!(Note::read(&refused.written()), Some(refused));
        assert_eq!((one.text(), one.page()), ("a=b\n&c", "/runs/RUN-1"));
        assert!(one.name(7) < note(1_000, "a").name(7) && one.name(7).starts_with(&prefix(7)));
        assert!(!one.name(71).starts_with(&prefix(7)), "not for another person");
        for (name, expected) in [(one.name(7), false), (one.name(71), true), ("retrial.draft|71|".to_owned(), false)] {
            assert_eq!(is_of_another(&name, 7), expected, "{name}");
        }
        for none in ["", "x", "1", "1&_key=k", "1&_action=a"] {
            assert_eq!(Note::read(none), None, "{none}");
        }
    }

    #[test]
    fn what_was_now_at_the_time_of_writing_stays_that_time() {
        let at = |typed: &str, text: &str| {
            let fixed = fixed(&fields(&[("text", text), ("at", typed)]), 600_000, |ms| format!("[{ms}]"));
            let value = |name: &str| fixed.iter().find(|(own, _)| own == name).unwrap().1.clone();
            (value("at"), value("text"))
        };
        for (typed, text, expected_at, expected_text) in [
            ("", "lag", "[600000]", "lag"),
            (" -3m ", "lag", "[420000]", "lag"),
            ("−90s", "lag", "[510000]", "lag"),
            ("14:03", "/t 14:02 lag", "14:03", "/t 14:02 lag"),
            ("", "/t -1m back\n/pin", "[600000]", "/t [540000] back\n/pin"),
            ("", "  /t  -1m", "[600000]", "/t [540000]"),
            ("", "-1m is no time here\n//t -1m", "[600000]", "-1m is no time here\n//t -1m"),
        ] {
            assert_eq!(at(typed, text), (expected_at.to_owned(), expected_text.to_owned()), "{typed} {text}");
        }
        let at = |typed: &str| {
            let fixed =
                fixed(&fields(&[("text", "/t 23:58 x"), ("at", typed), ("zone", "UTC")]), 5, |ms| ms.to_string());
            let told = |name: &str| fixed.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
            ["text", "at", "zone", "written_at"].map(|name| told(name).unwrap())
        };
        assert_eq!(at("23:57"), ["/t 23:58 x", "23:57", "UTC", "5"], "the notebook reads times of day");
        assert_eq!(at(""), ["/t 23:58 x", "5", "UTC", "5"]);
    }

    #[test]
    fn a_command_that_nobody_knows_is_told_with_the_nearest_one() {
        for (text, says) in [
            ("lag\n/unexpcted", Some("no command \"/unexpcted\"; did you mean /unexpected;")),
            ("/emtric p99=412ms", Some("did you mean /metric;")),
            ("/chekc 2 held", Some("did you mean /check;")),
            ("/", Some("did you mean /t;")),
            ("/etc/hosts is full", Some("known are /t, /metric, ")),
            ("lag\n  /PIN the turn\n/t -3m\n/abort", None),
            ("//etc/hosts is full", None),
            ("see a/b and /c", None),
            ("", None),
        ] {
            let said = unknown(text);
            assert_eq!(said.is_some(), says.is_some(), "{text}: {said:?}");
            assert!(said.unwrap_or_default().contains(says.unwrap_or_default()), "{text}");
        }
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn the_commands_are_those_of_the_notebook() {
        use notebook::runs::slash;

        let known: Vec<&str> = slash::COMMANDS.iter().map(|(command, ..)| *command).collect();
        assert_eq!(COMMANDS.to_vec(), known);
        for command in known.iter().chain(["/", "/tt", "//t", "/unexpcted", "t", " /PIN"].iter()) {
            let text = format!("lag\n{command} 2 held");
            let refused = slash::read(&text).is_err_and(|says| says.starts_with("has no command"));
            assert_eq!(unknown(&text).is_some(), refused, "{text}");
        }
    }

    #[test]
    fn a_device_whose_clock_is_wrong_is_set_right() {
        for (server, asked, device, expected) in [
            (10_000, 10_000, 10_000, 0),
            (14_000, 9_000, 10_000, 0),
            (70_000, 9_000, 10_000, 60_000),
            (0, 10_000, 12_000, -10_000),
            // Half a minute until the page was here says nothing of clocks.
            (10_200, 10_000, 40_000, 0),
            (39_800, 10_000, 40_000, 0),
        ] {
            assert_eq!(skew_ms(server, asked, device), expected, "{server} {asked} {device}");
        }
    }

    #[test]
    fn only_the_notebook_itself_takes_or_refuses_a_note() {
        for (status, is_noted, code, expected) in [
            (201, true, "", Fate::Taken),
            (200, true, "done", Fate::Taken),
            (200, false, "", Fate::Later(State::Troubled)),
            (401, false, "sign_in", Fate::Later(State::SignedOut)),
            (409, false, "under_way", Fate::Later(State::Sending)),
            (409, false, "not_now", Fate::Refused),
            (422, false, "unfit", Fate::Refused),
            (403, false, "", Fate::Later(State::Troubled)),
            (404, false, "", Fate::Later(State::Troubled)),
            (429, false, "too_often", Fate::Later(State::Troubled)),
            (503, false, "busy", Fate::Later(State::Troubled)),
            (511, false, "", Fate::Later(State::Troubled)),
        ] {
            assert_eq!(fate(status, is_noted, code), expected, "{status} {code}");
        }
    }

    #[test]
    fn what_was_understood_is_told_once_all_are_written() {
        let told = |said: &[&str]| super::told(&said.iter().map(|said| (*said).to_owned()).collect::<Vec<_>>());
        assert_eq!(told(&[]), "");
        assert_eq!(told(&[PLAIN]), PLAIN);
        assert_eq!(told(&[PLAIN, "gap: 38 s recorded.", PLAIN]), "3 notes are written. gap: 38 s recorded.");
    }

    #[test]
    fn what_waits_is_said_in_words() {
        assert_eq!(words(State::Away, 0), None);
        assert!(words(State::Away, 5).unwrap().starts_with("No connection. 5 notes wait in this browser"));
        assert_eq!(words(State::Sending, 1).unwrap(), "1 note waits to be sent…");
        assert!(words(State::SignedOut, 1).unwrap().contains("to sign in and send"));
        assert!(words(State::Troubled, 2).unwrap().contains("tried again"));
        assert_eq!(words_of_others(0), None);
        assert!(words_of_others(1).unwrap().starts_with("1 note of somebody else waits in this browser"));
        assert!(words_of_others(2).unwrap().starts_with("2 notes of somebody else wait in this browser"));
    }
}
