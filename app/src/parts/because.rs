//! The sentences a computed word rests on: ids are links, instants are in the reader's zone.

use leptos::prelude::*;
use notebook::answer::Because;
use notebook::time::Moment;

use crate::parts::prose::Line;
use crate::parts::when::absolute;
use crate::times::Times;

/// One `<li>` for each sentence, for inside [`crate::parts::why::Why`].
#[component]
pub fn Reasons(because: Vec<Because>, times: Times) -> impl IntoView {
    let items = because.into_iter().map(move |because| {
        let sentence = readable(&because.says, &times.zone);
        view! { <li><Line text=sentence/></li> }
    });
    items.collect_view()
}

/// The notebook writes instants for machines; people get them like everywhere else on the page.
pub fn readable(sentence: &str, zone: &str) -> String {
    let words = sentence.split(' ').map(|word| {
        let bare = word.trim_end_matches(['.', ',', ';', ':', ')']);
        let instant = if bare.contains('T') { Moment::parse(bare) } else { None };
        instant.map_or_else(
            || word.to_owned(),
            |at| format!("{}{}", absolute(at.micros(), zone), word.strip_prefix(bare).unwrap_or_default()),
        )
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_in_the_readers_zone_and_other_words_stay() {
        let says = "FIX-2 was withdrawn on 2026-11-20T09:02:00Z. Then at 10:00, T-1.";
        assert_eq!(
            readable(says, "Europe/Berlin"),
            "FIX-2 was withdrawn on 20 Nov 2026, 10:02 CET. Then at 10:00, T-1."
        );
        assert_eq!(readable("", "UTC"), "");
    }

    #[test]
    fn ids_of_a_sentence_lead_to_their_pages_and_markup_stays_text() {
        let because = vec![Because { of: "RUN-4".into(), says: "RUN-4 verifies FIX-2 <b>.".into() }];
        let times = Times { zone: "UTC".into(), now: 0 };
        let html = Owner::new().with(|| view! { <Reasons because=because times=times/> }.to_html());
        assert!(html.contains("href=\"/runs/RUN-4\"") && html.contains("href=\"/fixes/FIX-2\""), "{html}");
        assert!(!html.contains("<b>"), "{html}");
    }
}
