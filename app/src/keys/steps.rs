//! Which keys do what on every page, and what a key means after another.

/// A key, or two pressed one after the other, and what they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortcut {
    /// As `KeyboardEvent.key` names them, with a space between.
    pub keys: &'static str,
    /// Only pages say it: these words need not be in the browser's program.
    #[cfg(feature = "ssr")]
    pub says: &'static str,
    pub does: Does,
}

/// What a key does; nothing where the page has nothing of the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// To an address.
    Goes(&'static str),
    /// What comes next of what the page shows, or at this address.
    Creates(&'static str),
    /// Into the box that searches what the page lists, or to the page that searches everything.
    Searches,
    /// Down or up the rows of the page's lists, and before that presses the box of the row one is on.
    Moves { is_down: bool, ticks: bool },
    /// Opens what has the focus.
    Opens,
    /// To the form that changes what the page shows, or what has this key in the row one is on.
    Edits,
    /// What has this key on the page: a box in the row one is on, or a button.
    Presses(&'static str),
    /// To the page after or before this one in the list one came from; elsewhere to the next page of the list itself.
    Turns { is_on: bool },
    /// The address of the page.
    Copies,
}

const fn shortcut(keys: &'static str, says: &'static str, goes: &'static str) -> Shortcut {
    on_page(keys, says, Does::Goes(goes))
}

const fn on_page(keys: &'static str, says: &'static str, does: Does) -> Shortcut {
    #[cfg(not(feature = "ssr"))]
    let _ = says;
    Shortcut {
        keys,
        #[cfg(feature = "ssr")]
        says,
        does,
    }
}

/// Where Ctrl K and ⌘ K go, whether single keys are wanted or not.
pub const GO: &str = "/go";
/// Asks it for what it finds as options of a list, in its address.
pub const AS_OPTIONS: &str = "as=options";
/// Before the names of what somebody opened last, in its address.
pub const LAST: &str = "last";
/// Of the page: the name of the thing it shows.
pub const OPENED: &str = "data-opened";
/// Of the dialog: under which key a browser keeps such names of one person.
pub const RECENT: &str = "data-recent";
/// How such keys begin; the person comes behind.
pub const KEPT_AS: &str = "retrial.opened.";
/// As many as one remembers having opened.
pub const RECENT_MAX: usize = 8;

/// Names with a comma between, without the one that is new to the top further down.
pub fn newest_first(now: &str, before: &str) -> String {
    let others = before.split(',').filter(|name| !name.is_empty() && *name != now);
    std::iter::once(now).chain(others).take(RECENT_MAX).collect::<Vec<_>>().join(",")
}

/// Where everything is searched.
pub const SEARCH: &str = "/search";

/// The id of what is said after a key that changed nothing on the page.
pub const SAID: &str = "key-said";
/// What has a key says so in its attribute `data-key`: here the box of a row, the button that is done with one, and
/// the one that changes how closely rows stand, and the link to what comes next of what the page shows.
pub const TICK: &str = "x";
pub const DONE: &str = "e";
pub const DENSITY: &str = "d";
pub const NEXT: &str = "c";

pub const SHORTCUTS: [Shortcut; 26] = [
    on_page("/", "Search what the page lists, or everything", Does::Searches),
    shortcut("?", "These keys", "/help/keyboard"),
    on_page(
        NEXT,
        "What comes next: of a run an observation or a finding, of an experiment a run, of a list one more, elsewhere a question",
        Does::Creates("/experiments/new"),
    ),
    shortcut("g t", "Today", "/"),
    shortcut("g s", "Services", "/services"),
    shortcut("g o", "SLOs", "/slos"),
    shortcut("g e", "Experiments", "/experiments"),
    shortcut("g p", "Templates", "/templates"),
    shortcut("g c", "Calendar", "/calendar"),
    shortcut("g r", "Runs", "/runs"),
    shortcut("g f", "Findings", "/findings"),
    shortcut("g x", "Fixes", "/fixes"),
    shortcut("g d", "Decisions", "/decisions"),
    shortcut("g m", "Coverage map", "/coverage"),
    shortcut("g n", "Inbox", "/inbox"),
    on_page("j", "The next row of a list", Does::Moves { is_down: true, ticks: false }),
    on_page("k", "The row before", Does::Moves { is_down: false, ticks: false }),
    on_page("o", "Open what has the focus", Does::Opens),
    on_page(TICK, "Choose the row one is on, or not: in lists of runs, which are compared", Does::Presses(TICK)),
    on_page("J", "The same, and on to the next row", Does::Moves { is_down: true, ticks: true }),
    on_page("K", "The same, and back to the row before", Does::Moves { is_down: false, ticks: true }),
    on_page("]", "The next page in the list one came from", Does::Turns { is_on: true }),
    on_page("[", "The page before it in that list", Does::Turns { is_on: false }),
    on_page(DONE, "Edit what the page shows; in the inbox, be done with the row one is on", Does::Edits),
    on_page("y", "Copy the link under which the page is passed on", Does::Copies),
    on_page(DENSITY, "Rows closer together, or apart again", Does::Presses(DENSITY)),
];

/// After this the first of two keys is forgotten.
pub const FORGOTTEN_AFTER_MS: f64 = 1_500.0;

/// What a key comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Nothing,
    /// It begins a sequence.
    Waits,
    Does(Does),
}

/// `before` is the key pressed just before, if that one waits.
pub fn step(before: Option<&str>, key: &str) -> Step {
    let pressed = before.map_or_else(|| key.to_owned(), |first| format!("{first} {key}"));
    if let Some(found) = SHORTCUTS.iter().find(|shortcut| shortcut.keys == pressed) {
        return Step::Does(found.does);
    }
    let begins = |shortcut: &Shortcut| shortcut.keys.split_once(' ').is_some_and(|(first, _)| first == key);
    if SHORTCUTS.iter().any(begins) { Step::Waits } else { Step::Nothing }
}

/// Where an arrow leads in a list of `count` below a field. None is the field itself.
pub fn arrow(is_down: bool, here: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match (is_down, here) {
        (true, None) => Some(0),
        (true, Some(here)) => Some(last.min(here + 1)),
        (false, here) => here?.checked_sub(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_or_two_go_somewhere_and_others_nowhere() {
        for (before, key, expected) in [
            (None, "/", Step::Does(Does::Searches)),
            (None, "?", Step::Does(Does::Goes("/help/keyboard"))),
            (None, "j", Step::Does(Does::Moves { is_down: true, ticks: false })),
            (None, "J", Step::Does(Does::Moves { is_down: true, ticks: true })),
            (None, "x", Step::Does(Does::Presses("x"))),
            (Some("g"), "x", Step::Does(Does::Goes("/fixes"))),
            (None, "[", Step::Does(Does::Turns { is_on: false })),
            (None, "]", Step::Does(Does::Turns { is_on: true })),
            (None, "e", Step::Does(Does::Edits)),
            (None, "y", Step::Does(Does::Copies)),
            (None, "c", Step::Does(Does::Creates("/experiments/new"))),
            (None, "d", Step::Does(Does::Presses("d"))),
            (Some("g"), "d", Step::Does(Does::Goes("/decisions"))),
            (Some("g"), "y", Step::Nothing),
            (None, "X", Step::Nothing),
            (None, "g", Step::Waits),
            (Some("g"), "r", Step::Does(Does::Goes("/runs"))),
            (Some("g"), "j", Step::Nothing),
            (Some("g"), "g", Step::Waits),
            (Some("g"), "q", Step::Nothing),
            (None, "r", Step::Nothing),
            (None, "G", Step::Nothing),
            (None, "Enter", Step::Nothing),
        ] {
            assert_eq!(step(before, key), expected, "{before:?} {key}");
        }
    }

    #[test]
    fn arrows_go_down_the_list_and_up_into_the_field() {
        for (is_down, here, count, expected) in [
            (true, None, 3, Some(0)),
            (true, Some(0), 3, Some(1)),
            (true, Some(2), 3, Some(2)),
            (true, None, 0, None),
            (false, Some(2), 3, Some(1)),
            (false, Some(0), 3, None),
            (false, None, 3, None),
        ] {
            assert_eq!(arrow(is_down, here, count), expected, "{is_down} {here:?} of {count}");
        }
    }

    #[test]
    fn what_was_opened_last_stands_first_and_once() {
        for (now, before, expected) in [
            ("RUN-1", "", "RUN-1"),
            ("RUN-1", "EXP-1,RUN-1,kafka", "RUN-1,EXP-1,kafka"),
            ("RUN-1", "RUN-1,EXP-1", "RUN-1,EXP-1"),
            ("a", ",b,,c,", "a,b,c"),
            ("i", "h,g,f,e,d,c,b,a", "i,h,g,f,e,d,c,b"),
        ] {
            assert_eq!(newest_first(now, before), expected);
        }
    }

    #[test]
    fn no_two_shortcuts_share_their_keys() {
        let keys: std::collections::BTreeSet<&str> = SHORTCUTS.iter().map(|shortcut| shortcut.keys).collect();
        assert_eq!(keys.len(), SHORTCUTS.len());
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn shortcuts_go_to_the_addresses_of_the_site() {
        use crate::paths;
        assert_eq!([GO, SEARCH].map(str::to_owned), [paths::go(), paths::search()]);
        let known = [
            paths::keyboard(),
            paths::new_experiment(),
            paths::today(),
            paths::services(),
            paths::slos(),
            paths::experiments(),
            paths::templates(),
            paths::calendar(),
            paths::runs(),
            paths::findings(),
            paths::fixes(),
            paths::decisions(),
            paths::coverage(),
            paths::inbox(),
        ];
        let goes = SHORTCUTS.iter().filter_map(|shortcut| match shortcut.does {
            Does::Goes(goes) | Does::Creates(goes) => Some(goes),
            Does::Searches
            | Does::Moves { .. }
            | Does::Opens
            | Does::Edits
            | Does::Presses(_)
            | Does::Turns { .. }
            | Does::Copies => None,
        });
        assert_eq!(goes.collect::<Vec<_>>(), known);
    }
}
