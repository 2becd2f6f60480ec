//! Slugs people choose: made from a name, taken once, and kept for good.

use crate::{
    refusal::{Checking, Refusal},
    text::{Slug, slug_from},
};

/// Slugs that are pages of their own.
const PAGES: [&str; 1] = ["new"];

/// The slug typed, or else the one made from the name. A page may not hide a thing behind its own name.
pub fn own_slug(checking: &mut Checking, slug: &str, name: &str) -> Option<Slug> {
    let (field, slug) = if slug.trim().is_empty() {
        if name.trim().is_empty() {
            return None;
        }
        let Some(made) = slug_from(name) else {
            checking.say("slug", "cannot be made from this name; write one, like \"storage-engine\"");
            return None;
        };
        ("name", made)
    } else {
        ("slug", checking.need("slug", Slug::new(slug))?)
    };
    if PAGES.contains(&slug.as_str()) {
        checking.say(field, format!("makes the address \"{slug}\", which is a page of its own; choose another"));
        return None;
    }
    Some(slug)
}

/// That a slug belongs to somebody else, said beside the field it came from.
pub fn taken(noun: &str, typed: &str, slug: &Slug) -> Refusal {
    let field = if typed.trim().is_empty() { "name" } else { "slug" };
    let says =
        format!("The slug \"{slug}\" belongs to another {noun}. Nothing was saved; choose another name or slug.");
    Refusal::Taken { field: field.into(), says }
}

/// A slug stays, because plans and links name it.
pub fn same_slug(typed: &str, slug: &Slug) -> Result<String, Refusal> {
    if typed.trim().is_empty() || typed.trim() == slug.as_str() {
        Ok(slug.to_string())
    } else {
        Err(Refusal::unfit("slug", format!("stays {slug}, because plans and links name it")))
    }
}
