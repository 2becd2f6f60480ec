//! The page of keys, with their switch.

use leptos::prelude::*;

use super::SEND;
use super::list::{arrows, table};
use super::steps::{Does, GO, SEARCH, SHORTCUTS, Shortcut};
use crate::frame::{Crumb, Frame};
use crate::parts::page::PageHead;
use crate::parts::table::TableRegion;
use crate::paths;
use crate::reading::keys_switch;
use crate::safe::PageTitle;
use crate::shifting::keys::WHERE;

#[component]
pub fn KeyboardPage() -> impl IntoView {
    let (going, staying): (Vec<Shortcut>, Vec<Shortcut>) =
        SHORTCUTS.into_iter().partition(|shortcut| href(shortcut.does).is_some());
    let (going, staying) = (lines(going), lines(staying));
    let anywhere = line("Ctrl K, \u{2318} K", "Go to an id, a page or an act, from fields, too", Some(GO));
    let in_fields =
        [line(SEND.0, SEND.1, None), line("Escape", "Leave a field, close a dialog", None)].into_iter().collect_view();
    let crumbs =
        vec![Crumb { label: "Help".into(), href: Some(paths::help()) }, Crumb { label: "Keyboard".into(), href: None }];
    view! {
        <Frame crumbs=crumbs>
            <PageTitle text="Keyboard"/>
            <PageHead title="Keyboard"/>
            <div class="stack">
                <p>
                    "Keys work outside of fields, two of them one after the other. Without script they do nothing, and \
                    nothing else is missing."
                </p>
                {keys_switch()}
                <div class="cards" id="keys">
                    <TableRegion id="keys-going" caption="Keys that go somewhere">
                        {heads()}
                        <tbody>{anywhere}{going}</tbody>
                    </TableRegion>
                    <TableRegion id="keys-staying" caption="Keys on a page">
                        {heads()}
                        <tbody>{in_fields}{staying}</tbody>
                    </TableRegion>
                </div>
                <section>
                    <h2>"On the page of a run that goes on"</h2>
                    <p>"There they come first. None writes by itself."</p>
                    {table()}
                </section>
                <section>
                    <h2>"In the calendar"</h2>
                    <p>{WHERE}". Nothing is moved before the form is sent. They work with single keys off, too."</p>
                    {arrows()}
                </section>
            </div>
        </Frame>
    }
    .into_any()
}

fn lines(shortcuts: Vec<Shortcut>) -> Vec<AnyView> {
    let of = |shortcut: Shortcut| line(&named(shortcut.keys), shortcut.says, href(shortcut.does));
    shortcuts.into_iter().map(of).collect()
}

fn heads() -> AnyView {
    view! { <thead><tr><th scope="col">"Keys"</th><th scope="col">"What they do"</th></tr></thead> }.into_any()
}

const fn href(does: Does) -> Option<&'static str> {
    match does {
        Does::Goes(goes) | Does::Creates(goes) => Some(goes),
        Does::Searches => Some(SEARCH),
        Does::Moves { .. } | Does::Opens | Does::Edits | Does::Presses(_) | Does::Turns { .. } | Does::Copies => None,
    }
}

/// A capital is typed with Shift.
fn named(keys: &str) -> String {
    let is_capital = keys.len() == 1 && keys.chars().all(|key| key.is_ascii_uppercase());
    if is_capital { format!("Shift {keys}") } else { keys.to_owned() }
}

fn line(keys: &str, says: &'static str, href: Option<&'static str>) -> AnyView {
    let says = match href {
        Some(href) => view! { <a href=href>{says}</a> }.into_any(),
        None => says.into_any(),
    };
    view! { <tr><th scope="row"><kbd>{keys.to_owned()}</kbd></th><td>{says}</td></tr> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capital_is_named_as_it_is_typed() {
        assert_eq!([named("J"), named("g t"), named("?"), named("j")], ["Shift J", "g t", "?", "j"]);
    }
}
