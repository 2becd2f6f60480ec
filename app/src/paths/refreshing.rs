//! A page that loads itself again, for a screen that only watches.

/// The query's word for the seconds from one loading to the next.
const REFRESH: &str = "refresh=";

/// A page that loads itself again every so many seconds; its own address asks for nothing.
pub fn refreshing(page: &str, refresh_s: u32) -> String {
    format!("{page}?{REFRESH}{refresh_s}")
}

/// Where an act leads, from the page it was done on: if that is the same page, and it was asked to load itself again,
/// it still does. It leads to the top of the page then, where what was done is said: with a place in its address,
/// browsers may take the page for the one they have, and load nothing. An address that asks for something itself,
/// like a form that is open, stays as it is: loading it again would drop what is typed there.
pub fn still_refreshing(after: &str, from: &str) -> String {
    let page = after.split('#').next().unwrap_or_default();
    let (own, query) = from.split_once('?').unwrap_or((from, ""));
    let refresh_s = query.split('&').find_map(|part| part.strip_prefix(REFRESH)?.parse::<u32>().ok());
    match refresh_s.filter(|_| page == own) {
        Some(refresh_s) => format!("{page}?{REFRESH}{refresh_s}"),
        None => after.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_leads_back_to_the_page_as_it_was_asked_for() {
        let run = "/runs/RUN-2?refresh=15";
        for (after, from, expected) in [
            ("/runs/RUN-2", run, "/runs/RUN-2?refresh=15"),
            ("/runs/RUN-2#o1", run, "/runs/RUN-2?refresh=15"),
            ("/runs/RUN-2#log", "/runs/RUN-2?log=pinned&refresh=60", "/runs/RUN-2?refresh=60"),
            ("/runs/RUN-2#o1", "/runs/RUN-2", "/runs/RUN-2#o1"),
            ("/runs/RUN-2?abort=on&why=lag#abort", run, "/runs/RUN-2?abort=on&why=lag#abort"),
            ("/gamedays/GD-1#notes", "/gamedays/GD-1?refresh=15", "/gamedays/GD-1?refresh=15"),
            ("/runs/RUN-3", run, "/runs/RUN-3"),
            ("/findings/FND-1", run, "/findings/FND-1"),
            ("/runs/RUN-2", "/runs/RUN-2?refresh=15%0d", "/runs/RUN-2"),
            ("/runs/RUN-2", "/runs/RUN-2?refresh=", "/runs/RUN-2"),
            ("", "", ""),
        ] {
            assert_eq!(still_refreshing(after, from), expected, "{after} from {from}");
        }
    }
}
