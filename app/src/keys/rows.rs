//! What keys come to on any page: down and up the rows of its lists, into one of them, into its form, and into
//! the box that searches it.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::steps::arrow;

/// One link of each row leads to what the row is about: its first.
const ROWS: &str = "main tbody tr, main ul.plain > li";
const LINK: &str = "a[href]";
const BOX: &str = "main input[type=search]";
const EDIT: &str = "main .page-head a[href$='/edit']";

/// None where the page has no rows.
pub fn step(is_down: bool) -> Option<()> {
    let rows = all(ROWS);
    let active = document().active_element();
    let here = active.and_then(|active| rows.iter().position(|row| row.contains(Some(&active))));
    let next = arrow(is_down, here, rows.len()).or(here)?;
    link_in(rows.get(next)?)?.focus().ok()
}

/// None where no link has the focus.
pub fn open() -> Option<()> {
    let active = document().active_element()?;
    let link: HtmlElement = active.matches(LINK).unwrap_or(false).then_some(active)?.dyn_into().ok()?;
    link.click();
    Some(())
}

/// None where the page has no form of its own, or its reader may not fill it in.
pub fn edit() -> Option<()> {
    let link: HtmlElement = document().query_selector(EDIT).ok()??.dyn_into().ok()?;
    link.click();
    Some(())
}

/// None where the page has no box to search it.
pub fn search() -> Option<()> {
    let field: HtmlInputElement = document().query_selector(BOX).ok()??.dyn_into().ok()?;
    field.select();
    field.focus().ok()
}

/// The rows with a link.
fn all(selector: &str) -> Vec<Element> {
    let Ok(nodes) = document().query_selector_all(selector) else { return Vec::new() };
    let elements = (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into::<Element>().ok());
    elements.filter(|row| link_in(row).is_some()).collect()
}

fn link_in(row: &Element) -> Option<HtmlElement> {
    row.query_selector(LINK).ok()??.dyn_into().ok()
}
