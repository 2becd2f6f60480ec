//! How this browser reads: the address that its choices are sent to, and the switch of single keys.

use leptos::prelude::*;

use crate::look::Look;

/// Where its forms are sent.
pub const ADDRESS: &str = "/reading";
/// Sent for one's own zone.
pub const OWN: &str = "own";
/// Sent to turn single keys on.
pub const ON: &str = "on";
/// Sent to turn them off.
pub const OFF: &str = "off";

/// Says whether single keys act, with the button that changes it; it comes back to this page.
pub fn keys_switch() -> AnyView {
    let look = Look::here();
    let (says, value, button) = if look.reading.keys_off {
        ("Single keys are off in this browser.", ON, "Turn single keys on")
    } else {
        ("Single keys are on in this browser.", OFF, "Turn single keys off")
    };
    view! {
        <form method="post" action=ADDRESS class="row">
            <input type="hidden" name="next" value=look.path/>
            <span>{says}</span>
            <button name="keys" value=value>{button}</button>
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
        for (keys_off, offers) in [(false, "value=\"off\""), (true, "value=\"on\"")] {
            let html = Owner::new().with(|| {
                provide_context(Look { reading: Reading { zone: None, keys_off }, ..Look::default() });
                keys_switch().to_html()
            });
            assert!(html.contains(offers), "{html}");
        }
    }
}
