//! What somebody opened last in this browser: names of things and nothing else of them, of each person apart. Who asks
//! where to go sends them along, so that titles are those of now and of what may be seen.

use leptos::prelude::{document, window};
use web_sys::{Element, Storage};

use super::steps::{OPENED, RECENT, newest_first};

/// Puts what this page shows before what was shown earlier. None where it shows no thing, or the browser keeps nothing.
pub fn remember() -> Option<()> {
    let now = find(OPENED)?.get_attribute(OPENED)?;
    let (store, key) = store()?;
    store.set_item(&key, &newest_first(&now, &kept(&store, &key))).ok()
}

/// Empty where nothing is kept.
pub fn names() -> String {
    store().map(|(store, key)| kept(&store, &key)).unwrap_or_default()
}

fn kept(store: &Storage, key: &str) -> String {
    store.get_item(key).ok().flatten().unwrap_or_default()
}

/// Where the names of this person are kept, and under which key.
fn store() -> Option<(Storage, String)> {
    let key = find(RECENT)?.get_attribute(RECENT)?;
    Some((window().local_storage().ok()??, key))
}

fn find(attribute: &str) -> Option<Element> {
    document().query_selector(&["[", attribute, "]"].concat()).ok()?
}
