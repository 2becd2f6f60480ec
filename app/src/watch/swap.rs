//! Makes one part of the page like the same part of a newer one, by changing what differs and nothing
//! else: what is alike stays the very same element, with its focus, its text and whether it is open.
//!
//! By hand: the known libraries for this are written in JavaScript, and none of them knows what a
//! form of this notebook holds.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use super::held::{Held, action};

/// Changed by whoever reads the page, not by the server.
const OPEN: &str = "open";

pub fn children(held: &Held, old: &Node, new: &Node) {
    let mut here = old.first_child();
    let mut next = new.first_child();
    let mut passed: Vec<Node> = Vec::new();
    while let Some(wanted) = next {
        next = wanted.next_sibling();
        if let Some(found) = twin(here.clone(), &wanted) {
            passed.extend(drop_between(held, old, here, &found));
            node(held, &found, &wanted);
            here = found.next_sibling();
        } else if let Some(present) = here.clone().filter(|present| becomes(present, &wanted, next.clone())) {
            node(held, &present, &wanted);
            here = present.next_sibling();
        } else if let Some(at) = passed.iter().position(|stayed| is_same(stayed, &wanted)) {
            // What is held stays where it is though others change places with it.
            node(held, &passed.remove(at), &wanted);
        } else if let Ok(copy) = document().import_node_with_deep(&wanted, true) {
            _ = old.insert_before(&copy, here.as_ref());
        }
    }
    while let Some(left) = here {
        here = left.next_sibling();
        drop_node(held, old, &left);
    }
}

fn node(held: &Held, old: &Node, new: &Node) {
    if old.is_equal_node(Some(new)) {
        return;
    }
    let (Some(old), Some(new)) = (old.dyn_ref::<Element>(), new.dyn_ref::<Element>()) else {
        old.set_node_value(new.node_value().as_deref());
        return;
    };
    if !held.is_kept(old) {
        attributes(old, new);
        children(held, old, new);
    }
}

fn attributes(old: &Element, new: &Element) {
    for name in names(new) {
        let value = new.get_attribute(&name);
        if name != OPEN && old.get_attribute(&name) != value {
            _ = old.set_attribute(&name, &value.unwrap_or_default());
        }
    }
    for name in names(old) {
        if name != OPEN && !new.has_attribute(&name) {
            _ = old.remove_attribute(&name);
        }
    }
}

fn names(element: &Element) -> Vec<String> {
    element.get_attribute_names().iter().filter_map(|name| name.as_string()).collect()
}

/// The old node that is this new one, at this place or further on.
fn twin(here: Option<Node>, wanted: &Node) -> Option<Node> {
    // Bits of text between elements are all alike: one further on is no reason to drop what is between.
    let is_element = wanted.node_type() == Node::ELEMENT_NODE;
    let mut at = here;
    while let Some(node) = at {
        if is_same(&node, wanted) {
            return Some(node);
        }
        at = if is_element { node.next_sibling() } else { None };
    }
    None
}

/// By its id or its form's address where it has one, else by all it says.
fn is_same(old: &Node, new: &Node) -> bool {
    match (key(old), key(new)) {
        (Some(old_key), Some(new_key)) => old_key == new_key && old.node_name() == new.node_name(),
        (None, None) => old.is_equal_node(Some(new)),
        _ => false,
    }
}

/// Whether this node is to become that one, as nothing better is known of either.
fn becomes(present: &Node, wanted: &Node, mut later: Option<Node>) -> bool {
    if present.node_name() != wanted.node_name() || key(present).is_some() || key(wanted).is_some() {
        return false;
    }
    if present.node_type() != Node::ELEMENT_NODE {
        return true;
    }
    while let Some(node) = later {
        if is_same(present, &node) {
            return false;
        }
        later = node.next_sibling();
    }
    true
}

fn key(node: &Node) -> Option<String> {
    let element = node.dyn_ref::<Element>()?;
    element.get_attribute("id").or_else(|| action(element))
}

/// What of it is held stays, and is returned.
fn drop_between(held: &Held, parent: &Node, from: Option<Node>, until: &Node) -> Vec<Node> {
    let mut stayed = Vec::new();
    let mut at = from;
    while let Some(node) = at.filter(|node| !node.is_same_node(Some(until))) {
        at = node.next_sibling();
        if !drop_node(held, parent, &node) {
            stayed.push(node);
        }
    }
    stayed
}

/// False if it is held.
fn drop_node(held: &Held, parent: &Node, node: &Node) -> bool {
    let is_held = node.dyn_ref::<Element>().is_some_and(|element| held.is_held(element));
    if !is_held {
        _ = parent.remove_child(node);
    }
    !is_held
}
