//! The field that leads anywhere as a dialog over any page. Closed without script: there `/go` is a page.

use leptos::prelude::*;

use super::steps::{KEPT_AS, SAID};
use crate::paths;

/// Once on every page of somebody who is signed in, with the place where keys say what they did.
pub fn palette(who: i64) -> AnyView {
    let recent = format!("{KEPT_AS}{who}");
    view! {
        <dialog id="palette" aria-labelledby="palette-title" data-recent=recent data-print="none">
            <form method="get" action=paths::go() role="search">
                <h2 id="palette-title">"Go to"</h2>
                <div class="row">
                    <div class="field">
                        <label for="palette-q">"Where to?"</label>
                        <p class="hint" id="palette-q-hint">
                            "An id, a page, an act or a name; > finds only acts, @ people, # faults."
                        </p>
                        <input id="palette-q" name="q" autocomplete="off" role="combobox" aria-autocomplete="list"
                            aria-expanded="false" aria-controls="palette-found" aria-describedby="palette-q-hint"/>
                    </div>
                    <button>"Find"</button>
                </div>
            </form>
            <p class="muted" id="palette-says" role="status"></p>
            <div id="palette-found" role="listbox" aria-label="Where one can go"></div>
            <form method="dialog"><button>"Close"</button></form>
        </dialog>
        <p class="said" id=SAID role="status" data-print="none"></p>
    }
    .into_any()
}
