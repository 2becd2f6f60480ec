//! The fields of a form in the browser: read, and filled again.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventInit, HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use super::kept::Fields;

/// A field whose content may be kept.
enum Control {
    Line(HtmlInputElement),
    /// A checkbox or radio button.
    Tick(HtmlInputElement),
    Lines(HtmlTextAreaElement),
    Choice(HtmlSelectElement),
}

/// Kinds of `<input>` that are no one's text, or a secret, or cannot be given back.
const NOT_KEPT: [&str; 7] = ["password", "hidden", "file", "submit", "button", "image", "reset"];

impl Control {
    fn of(element: Element) -> Option<Self> {
        let element = match element.dyn_into::<HtmlInputElement>() {
            Ok(input) => {
                let kind = input.type_();
                return match kind.as_str() {
                    "checkbox" | "radio" => Some(Self::Tick(input)),
                    kind if NOT_KEPT.contains(&kind) => None,
                    _ => Some(Self::Line(input)),
                };
            }
            Err(other) => other,
        };
        let element = match element.dyn_into::<HtmlTextAreaElement>() {
            Ok(area) => return Some(Self::Lines(area)),
            Err(other) => other,
        };
        element.dyn_into::<HtmlSelectElement>().ok().map(Self::Choice)
    }

    fn name(&self) -> String {
        match self {
            Self::Line(input) | Self::Tick(input) => input.name(),
            Self::Lines(area) => area.name(),
            Self::Choice(select) => select.name(),
        }
    }

    fn value(&self) -> String {
        match self {
            Self::Line(input) | Self::Tick(input) => input.value(),
            Self::Lines(area) => area.value(),
            Self::Choice(select) => select.value(),
        }
    }

    fn is_said(&self) -> bool {
        match self {
            Self::Tick(input) => input.checked(),
            Self::Line(_) | Self::Lines(_) | Self::Choice(_) => true,
        }
    }

    /// False if the field does not take it: a choice that is not offered any more.
    fn put(&self, value: &str) -> bool {
        match self {
            Self::Line(input) => input.set_value(value),
            Self::Tick(input) => input.set_checked(true),
            Self::Lines(area) => area.set_value(value),
            Self::Choice(select) => select.set_value(value),
        }
        matches!(self, Self::Lines(_)) || self.value() == value
    }
}

fn all(form: &HtmlFormElement) -> Vec<Control> {
    let Ok(nodes) = form.query_selector_all("input[name], select[name], textarea[name]") else { return Vec::new() };
    let elements = (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into::<Element>().ok());
    elements.filter_map(Control::of).collect()
}

/// Whether there is anything to keep in a form.
pub fn can_be_typed_in(form: &HtmlFormElement) -> bool {
    !all(form).is_empty()
}

/// What a form shows now.
pub fn fields(form: &HtmlFormElement) -> Fields {
    all(form).iter().filter(|control| control.is_said()).map(|control| (control.name(), control.value())).collect()
}

/// Fills a form; returns what found no field here.
pub fn fill(form: &HtmlFormElement, fields: &Fields) -> Fields {
    let mut left = fields.clone();
    for control in all(form) {
        let (name, is_tick) = (control.name(), matches!(control, Control::Tick(_)));
        let own = control.value();
        let found = left.iter().position(|(known, value)| *known == name && (!is_tick || *value == own));
        match found {
            Some(at) => {
                if control.put(&left[at].1) {
                    left.remove(at);
                } else {
                    control.put(&own);
                }
            }
            None => {
                if let Control::Tick(input) = control {
                    input.set_checked(false);
                }
            }
        }
    }
    left.retain(|(_, value)| !value.trim().is_empty());
    left
}

/// The hidden fields that say which of several forms with one address this is.
pub fn which(form: &HtmlFormElement) -> String {
    // Tokens change with every page, and a draft outlives the version it began from.
    let Ok(nodes) = form.query_selector_all("input[type=hidden]") else { return String::new() };
    let inputs = (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into::<HtmlInputElement>().ok());
    let named = inputs.map(|input| (input.name(), input.value()));
    let telling = named.filter(|(name, _)| !name.starts_with('_') && name != "version" && name != "token");
    telling.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Whoever keeps drafts is told of what a script wrote.
pub fn was_typed_in(text: &HtmlTextAreaElement) {
    let bubbles = EventInit::new();
    bubbles.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &bubbles) {
        _ = text.dispatch_event(&event);
    }
}
