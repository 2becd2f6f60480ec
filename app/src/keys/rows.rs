//! What keys come to on any page: down and up the rows of its lists, into one of them, onto what has a key, into its
//! form, and into the box that searches it.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::steps::arrow;
use crate::watch::said::all;

/// One link of each row leads to what the row is about: its first.
const ROWS: &str = "main tbody tr, main ul.plain > li";
pub const LINK: &str = "a[href]";
/// Behind a selector: in none of these rows.
const APART: &str = ":not(main tbody *, main ul.plain *)";
const BOX: &str = "main input[type=search]";
const EDIT: &str = "main .page-head a[href$='/edit']";

/// None where the page has no rows.
pub fn step(is_down: bool) -> Option<()> {
    let rows = rows();
    let active = document().active_element();
    // Lists stand in rows of tables, so the innermost row is where one is.
    let here = active.and_then(|active| rows.iter().rposition(|(row, _)| row.contains(Some(&active))));
    let next = arrow(is_down, here, rows.len()).or(here)?;
    rows.get(next)?.1.focus().ok()
}

/// None where no link has the focus.
pub fn open() -> Option<()> {
    let active = document().active_element()?;
    active.matches(LINK).unwrap_or(false).then_some(active).and_then(click)
}

/// None where neither the row that has the focus nor the page around the rows has something with this key.
pub fn press(key: &str) -> Option<()> {
    let keyed = ["[data-key='", key, "']"].concat();
    let row = document().active_element().and_then(|active| active.closest(ROWS).ok().flatten());
    match row.and_then(|row| row.query_selector(&keyed).ok().flatten()) {
        Some(found) => click(found),
        None => click_first(&(keyed + APART)),
    }
}

/// None where the page has no form of its own, or its reader may not fill it in.
pub fn edit() -> Option<()> {
    click_first(EDIT)
}

/// None where the page has nothing of the kind.
pub fn click_first(selector: &str) -> Option<()> {
    click(document().query_selector(selector).ok()??)
}

fn click(found: Element) -> Option<()> {
    found.dyn_into::<HtmlElement>().ok()?.click();
    Some(())
}

/// None where the page has no box to search it.
pub fn search() -> Option<()> {
    let field: HtmlInputElement = document().query_selector(BOX).ok()??.dyn_into().ok()?;
    field.select();
    field.focus().ok()
}

/// The rows with their links. One within another that begins with the same link is no row of its own.
pub fn rows() -> Vec<(Element, HtmlElement)> {
    let linked = |row: Element| link_in(&row).map(|link| (row, link));
    let mut rows: Vec<(Element, HtmlElement)> = all(ROWS).into_iter().filter_map(linked).collect();
    rows.dedup_by(|inner, outer| inner.1 == outer.1);
    rows
}

fn link_in(row: &Element) -> Option<HtmlElement> {
    row.query_selector(LINK).ok()??.dyn_into().ok()
}
