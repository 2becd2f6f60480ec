//! The field that leads anywhere as a dialog over any page. Closed without script: there `/go` is a page.

use leptos::prelude::*;

use super::steps::SAID;
use crate::parts::field::Field;
use crate::paths;

/// Once on every page of somebody who is signed in, with the place where keys say what they did.
pub fn palette() -> AnyView {
    view! {
        <dialog id="palette" aria-labelledby="palette-title" data-print="none">
            <form method="get" action=paths::go() role="search">
                <h2 id="palette-title">"Go to"</h2>
                <div class="row">
                    <Field form="palette" name="q" label="Where to?" autocomplete="off"
                        hint="An id, a page, an act or a name; > finds only acts, @ people, # faults."/>
                    <button>"Find"</button>
                </div>
            </form>
            <p class="unseen" id="palette-says" role="status"></p>
            <div class="stack" id="palette-found"></div>
            <form method="dialog"><button>"Close"</button></form>
        </dialog>
        <p class="said" id=SAID role="status" data-print="none"></p>
    }
    .into_any()
}
