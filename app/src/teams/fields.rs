//! The fields of a team, the same for a new one and for an edit.

use leptos::prelude::*;
use notebook::calendar::week::Day;
use notebook::limits::{SLUG_CHARS_MAX, TITLE_CHARS_MAX};
use notebook::teams::drafts::Draft;

use crate::form::FormState;
use crate::frame::Crumb;
use crate::kept;
use crate::parts::choices::CheckField;
use crate::parts::field::{AreaField, Field};
use crate::paths;

/// All holidays are typed into one field, a line each.
pub const HOLIDAYS: &str = "holidays.0";

pub fn crumbs(label: &str) -> Vec<Crumb> {
    vec![
        Crumb { label: "Services".into(), href: Some(paths::services()) },
        Crumb { label: "Teams".into(), href: Some(paths::teams()) },
        Crumb { label: label.to_owned(), href: None },
    ]
}

/// What a new team's form begins with, in the zone of whoever adds it.
pub fn usual(zone: &str) -> Draft {
    let hours = || "09:00–17:00".to_owned();
    Draft {
        zone: zone.to_owned(),
        monday: hours(),
        tuesday: hours(),
        wednesday: hours(),
        thursday: hours(),
        friday: hours(),
        ..Draft::default()
    }
}

/// As they are typed.
pub fn holidays(own: &Draft) -> String {
    own.holidays.join("\n")
}

pub fn fields(form: &FormState, own: &Draft) -> AnyView {
    let name = form.name.clone();
    let slug = own.version.is_empty().then(|| {
        view! {
            <Field form=name.clone() name="slug" label="Slug" value=form.value("slug", own.slug.clone())
                hint="The name in addresses, such as data-platform. Empty makes one from the name; it stays for good."
                error=form.error("slug") max_length=SLUG_CHARS_MAX/>
        }
    });
    view! {
        <input type="hidden" name="version" value=kept::version(form, &own.version)/>
        <Field form=name.clone() name="name" label="Name" value=form.value("name", own.name.clone())
            error=form.error("name") required=true max_length=TITLE_CHARS_MAX/>
        {slug}
        <Field form=name.clone() name="zone" label="Zone" value=form.value("zone", own.zone.clone())
            hint="Like Europe/Berlin: its clock holds for hours and holidays." error=form.error("zone") required=true
            max_length=TITLE_CHARS_MAX/>
        {week(form, own)}
        <AreaField form=name.clone() name=HOLIDAYS label="Holidays" value=form.value(HOLIDAYS, holidays(own))
            hint="One a line, with what it is called: 2026-12-25 Christmas Day." error=form.error(HOLIDAYS) rows=6/>
        <CheckField form=name name="solo" label="One person is the whole team" value="on"
            checked=form.ticked("solo", !own.solo.is_empty()) error=form.error("solo")
            hint="Where somebody else would be asked, \u{201c}no second person\u{201d} is recorded."/>
    }
    .into_any()
}

fn week(form: &FormState, own: &Draft) -> AnyView {
    let days = Day::ALL.iter().map(|day| {
        let (name, word) = (form.name.clone(), day.word());
        let (value, error) = (form.value(word, own.on(*day)), form.error(word));
        view! {
            <Field form=name name=word label=day.label() value=value error=error max_length=TITLE_CHARS_MAX/>
        }
    });
    view! {
        <fieldset>
            <legend>"Working hours"</legend>
            <p class="hint">
                "Like 09:00–17:00, or 09:00–12:00, 13:00–17:00. Empty where nobody works. A run with its revert fits inside."
            </p>
            <div class="fields">{days.collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
