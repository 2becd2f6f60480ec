//! How this browser reads: the address that its choices are sent to, the switch of single keys, and that of density.

use leptos::prelude::*;

use crate::keys::Singles;
use crate::keys::steps::DENSITY;
use crate::look::Look;
use crate::parts::icon::{Icon, IconName};

/// Where its forms are sent.
pub const ADDRESS: &str = "/reading";
/// The hidden field of a form whose times are meant in another zone than the reader's own.
pub const ZONE: &str = "_zone";
/// Sent for one's own zone.
pub const OWN: &str = "own";
/// Sent to turn single keys on.
pub const ON: &str = "on";
/// Sent to turn them off.
pub const OFF: &str = "off";
/// Sent to have them with Ctrl and Alt only.
pub const HELD: &str = "held";

/// Sent for rows that stand closer together.
pub const COMPACT: &str = "compact";
/// Sent for rows as they are otherwise.
pub const COMFORTABLE: &str = "comfortable";

/// In the menu of whoever is signed in; it comes back to this page.
pub fn density_switch(look: &Look) -> AnyView {
    let (value, pressed) = if look.reading.compact { (COMFORTABLE, "true") } else { (COMPACT, "false") };
    view! {
        <form method="post" action=ADDRESS>
            <input type="hidden" name="next" value=look.path.clone()/>
            <div class="links">
                <button name="density" value=value aria-pressed=pressed data-key=DENSITY>
                    <Icon of=IconName::Rows/>
                    "Compact rows"
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// Says when single keys act, with the buttons that change it; it comes back to this page.
pub fn keys_switch() -> AnyView {
    let look = Look::here();
    let (off, held) = ((OFF, "Turn single keys off"), (HELD, "Require Ctrl Alt"));
    let (says, others) = match look.reading.keys {
        Singles::Always => ("Single keys are on in this browser.", [off, held]),
        Singles::Held => {
            ("Single keys act in this browser while Ctrl and Alt are held.", [(ON, "Require no Ctrl Alt"), off])
        }
        Singles::Never => ("Single keys are off in this browser.", [(ON, "Turn single keys on"), held]),
    };
    let buttons = others.map(|(value, words)| view! { <button name="keys" value=value>{words}</button> });
    view! {
        <form method="post" action=ADDRESS class="row">
            <input type="hidden" name="next" value=look.path/>
            <span>{says}</span>
            {buttons.into_iter().collect_view()}
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::Reading;

    #[test]
    fn the_switch_offers_what_is_not_so() {
        for (keys, offers) in [(Singles::Always, [OFF, HELD]), (Singles::Held, [ON, OFF]), (Singles::Never, [ON, HELD])]
        {
            let html = Owner::new().with(|| {
                provide_context(Look { reading: Reading { keys, ..Reading::default() }, ..Look::default() });
                keys_switch().to_html()
            });
            assert_eq!(html.matches("<button").count(), 2, "{html}");
            for value in offers {
                assert!(html.contains(&format!("value=\"{value}\"")), "{value} in {html}");
            }
        }
    }

    #[test]
    fn density_is_a_button_that_is_pressed_or_not() {
        for (compact, sends, pressed) in [(false, COMPACT, "false"), (true, COMFORTABLE, "true")] {
            let look = Look { reading: Reading { compact, ..Reading::default() }, ..Look::default() };
            let html = Owner::new().with(|| density_switch(&look).to_html());
            for part in [format!("value=\"{sends}\""), format!("aria-pressed=\"{pressed}\""), "data-key=\"d\"".into()] {
                assert!(html.contains(&part), "{part} in {html}");
            }
        }
    }
}
