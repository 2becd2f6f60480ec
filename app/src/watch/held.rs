//! What a swap leaves alone: whatever somebody types in, looks at with the keyboard, or was told.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, HtmlFormElement, HtmlInputElement, HtmlOptionElement, HtmlSelectElement, HtmlTextAreaElement, Node,
};

/// Never entered, whatever the new page says: they look after themselves.
const KEPT: &str = "[data-kept], [data-asking], leptos-island, #observe";
/// Not taken away: a question that waits for its answer, offered drafts, what was just said, a form on its way.
const TOLD: &str = "[data-kept], [data-asking], leptos-island, #observe, .flash, .errors, form[data-sent]";
const CONTROLS: &str = "input, textarea, select";

/// What is held at the moment of one swap.
pub struct Held {
    active: Option<Element>,
    /// The page is a form that came back: what its fields were given is what somebody typed.
    all_forms: bool,
}

impl Held {
    pub fn now(all_forms: bool) -> Self {
        Self { active: document().active_element().filter(|element| element.tag_name() != "BODY"), all_forms }
    }

    /// Nothing in there is changed.
    pub fn is_kept(&self, element: &Element) -> bool {
        let is_field = element.matches("form, input, textarea, select").unwrap_or(false);
        element.matches(KEPT).unwrap_or(false) || (is_field && self.is_held(element))
    }

    /// It is not taken away, though the new page has nothing like it.
    pub fn is_held(&self, element: &Element) -> bool {
        let told = || element.matches(TOLD).unwrap_or(false) || has(element, TOLD);
        let active = || self.active.as_ref().is_some_and(|active| element.contains(Some(active)));
        let form = || self.all_forms && (element.matches("form").unwrap_or(false) || has(element, "form"));
        told() || active() || form() || is_dirty(element)
    }
}

fn has(element: &Element, selector: &str) -> bool {
    element.query_selector(selector).is_ok_and(|found| found.is_some())
}

/// Whether a field, or one inside, says something else than the page came with.
fn is_dirty(element: &Element) -> bool {
    if control_is_dirty(element) {
        return true;
    }
    let Ok(controls) = element.query_selector_all(CONTROLS) else { return false };
    (0..controls.length()).filter_map(|index| controls.item(index)).any(|control| control_is_dirty(&control))
}

fn control_is_dirty(control: &Node) -> bool {
    if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        return match input.type_().as_str() {
            "checkbox" | "radio" => input.checked() != input.default_checked(),
            "hidden" | "submit" | "button" => false,
            _ => input.value() != input.default_value(),
        };
    }
    if let Some(area) = control.dyn_ref::<HtmlTextAreaElement>() {
        return area.default_value().is_ok_and(|default| default != area.value());
    }
    control.dyn_ref::<HtmlSelectElement>().is_some_and(select_is_dirty)
}

/// A list in which the page chose nothing shows its first entry.
fn select_is_dirty(select: &HtmlSelectElement) -> bool {
    let Ok(nodes) = select.query_selector_all("option") else { return false };
    let options: Vec<HtmlOptionElement> =
        (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into().ok()).collect();
    let chosen = options.iter().position(HtmlOptionElement::default_selected).unwrap_or(0);
    options.iter().position(HtmlOptionElement::selected).is_some_and(|selected| selected != chosen)
}

/// The form's address, by which a form is the same on the new page.
pub fn action(element: &Element) -> Option<String> {
    element.dyn_ref::<HtmlFormElement>()?.get_attribute("action")
}
