//! What people read on a page: its title and its text, without markup.

use scraper::{ElementRef, Html, Node, Selector};

use crate::Result;

/// Text that no reader sees.
const UNSEEN: [&str; 4] = ["script", "style", "template", "noscript"];

/// Elements within a line; every other one begins a new line.
const INLINE: [&str; 10] = ["a", "abbr", "b", "code", "em", "i", "small", "span", "strong", "time"];

/// All text in its order, line by line, white space as a browser collapses it.
pub fn visible(page: &str) -> Result<String> {
    let html = Html::parse_document(page);
    let mut text = String::new();
    for name in ["title", "body"] {
        let selector = Selector::parse(name).map_err(|trouble| trouble.to_string())?;
        collect(html.select(&selector).next().ok_or_else(|| format!("a page without {name}"))?, &mut text);
        text.push('\n');
    }
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    Ok(lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"))
}

fn collect(element: ElementRef<'_>, text: &mut String) {
    for child in element.children() {
        match child.value() {
            Node::Text(words) => text.push_str(&words.replace(['\n', '\r'], " ")),
            Node::Element(inner) if !UNSEEN.contains(&inner.name()) => {
                let end = if INLINE.contains(&inner.name()) { "" } else { "\n" };
                text.push_str(end);
                if let Some(inner) = ElementRef::wrap(child) {
                    collect(inner, text);
                }
                text.push_str(end);
            }
            _ => {}
        }
    }
}

/// Lines shown before the first difference, and of each page from there on.
const BEFORE: usize = 4;
const FROM: usize = 8;

/// Refuses two pages that say different things, and shows where they part.
pub fn same(own: &str, peer: &str) -> Result<()> {
    let (own, peer) = (visible(own)?, visible(peer)?);
    if own == peer {
        return Ok(());
    }
    let (own, peer): (Vec<&str>, Vec<&str>) = (own.lines().collect(), peer.lines().collect());
    let parts = own.iter().zip(&peer).take_while(|(own, peer)| own == peer).count();
    let shown =
        |lines: &[&str], mark: &str| lines.iter().fold(String::new(), |all, line| all + "\n  " + mark + " " + line);
    let from = |lines: &[&str], mark: &str| shown(&lines[parts..lines.len().min(parts + FROM)], mark);
    let both = shown(&own[parts.saturating_sub(BEFORE)..parts], " ");
    let (ours, peers) = (from(&own, "Retrial:"), from(&peer, "by hand:"));
    Err(format!("the two pages do not say the same from line {} on:{both}{ours}{peers}", parts + 1).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_scripts_are_no_text() {
        let page = "<!DOCTYPE html><html><head><title>A &lt;b&gt;</title><style>x</style></head>\
                    <body><p>one<!> <b>two</b>\n three</p><script>four</script></body></html>";
        assert_eq!(visible(page).unwrap(), "A <b>\none two three");
    }

    #[test]
    fn one_word_more_is_another_page() {
        let page = |text: &str| format!("<title>t</title><body><p>{text}</p></body>");
        assert!(same(&page("all checks held"), &page(" all <i>checks</i>\nheld")).is_ok());
        assert!(same(&page("all checks held"), &page("all<br>checks held")).is_err());
        assert!(same(&page("all checks held"), &page("all checks  held.")).is_err());
    }

    #[test]
    fn the_first_difference_is_shown_with_what_stands_around_it() {
        let page = |lines: &[&str]| format!("<title>t</title><body><p>{}</p></body>", lines.join("<br>"));
        let trouble = same(&page(&["a", "b", "c", "d"]), &page(&["a", "b", "d"])).unwrap_err().to_string();
        assert_eq!(
            trouble.lines().skip(1).map(str::trim).collect::<Vec<_>>(),
            ["t", "a", "b", "Retrial: c", "Retrial: d", "by hand: d"],
            "{trouble}"
        );
        assert!(trouble.contains("from line 4 on"), "{trouble}");
        let shorter = same(&page(&["a", "b"]), &page(&["a"])).unwrap_err().to_string();
        assert!(shorter.contains("Retrial: b") && !shorter.contains("by hand"), "{shorter}");
    }
}
