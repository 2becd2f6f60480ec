//! The fields of an SLO, the same for a new one and for an edit.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::limits::{PROSE_CHARS_MAX, TITLE_CHARS_MAX};
use notebook::services::acts as services;
use notebook::slos::drafts::{Draft, OCCURRENCES, ROLLING, TIME_SLICES};
use notebook::slos::indicator::Direction;
use notebook::slos::measurements::Source;
use notebook::slos::window::Period;

use crate::form::FormState;
use crate::parts::field::{AreaField, Field, SelectField};

type Options = Vec<(String, String)>;

/// What the form offers to choose from.
#[derive(Debug, Clone, Default)]
pub struct Known {
    services: Options,
    environments: Options,
}

impl Known {
    pub async fn of(desk: &Desk) -> Result<Self> {
        let services = services::choices(desk).await?.into_iter();
        let environments = services::environments(desk).await?.into_iter();
        Ok(Self {
            services: services.map(|(slug, name)| (slug.into(), name)).collect(),
            environments: environments.map(|place| (place.slug.into(), place.name.into())).collect(),
        })
    }
}

/// What a new SLO's form begins with.
pub fn usual() -> Draft {
    Draft {
        window: ROLLING.into(),
        days: "28".into(),
        method: OCCURRENCES.into(),
        level_window: "1 h".into(),
        age_max: "1 d".into(),
        gap_max: "1 d".into(),
        source: Source::Manual.word().into(),
        ..Draft::default()
    }
}

/// One form and the texts its fields show until something was sent.
struct Typed {
    form: FormState,
    own: Vec<(&'static str, String)>,
}

impl Typed {
    fn value(&self, name: &str) -> String {
        let own = self.own.iter().find(|(known, _)| *known == name).map(|(_, text)| text.clone());
        self.form.value(name, own.unwrap_or_default())
    }

    fn line(&self, name: &'static str, label: &'static str, hint: &'static str) -> AnyView {
        let (form, value, error) = (self.form.name.clone(), self.value(name), self.form.error(name));
        view! { <Field form=form name=name label=label value=value hint=hint error=error max_length=TITLE_CHARS_MAX/> }
            .into_any()
    }

    fn needed(&self, name: &'static str, label: &'static str, hint: &'static str) -> AnyView {
        let (form, value, error) = (self.form.name.clone(), self.value(name), self.form.error(name));
        view! {
            <Field form=form name=name label=label value=value hint=hint error=error required=true
                max_length=TITLE_CHARS_MAX/>
        }
        .into_any()
    }

    fn choice(&self, name: &'static str, label: &'static str, options: Options) -> AnyView {
        let (form, value, error) = (self.form.name.clone(), self.value(name), self.form.error(name));
        view! { <SelectField form=form name=name label=label options=options value=value error=error/> }.into_any()
    }
}

/// The draft's texts by the names of their fields.
pub fn texts(draft: &Draft) -> Vec<(&'static str, &'static str, String)> {
    let Draft {
        title,
        service,
        environment,
        promise,
        measure,
        definition,
        direction,
        limit,
        unit,
        limit_is,
        target,
        window,
        days,
        zone,
        method,
        slice,
        slice_good,
        good_enough,
        too_broken,
        level_window,
        age_max,
        gap_max,
        source,
        begins,
        version: _,
    } = draft.clone();
    vec![
        ("title", "Title", title),
        ("service", "Service", service),
        ("environment", "Environment", environment),
        ("promise", "Customer promise", promise),
        ("measure", "What is measured", measure),
        ("definition", "How tools measure it", definition),
        ("direction", "Gets worse", direction),
        ("limit", "Limit", limit),
        ("unit", "Unit", unit),
        ("limit_is", "Exactly the limit is", limit_is),
        ("target", "Target", target),
        ("window", "Window", window),
        ("days", "Days", days),
        ("zone", "Zone", zone),
        ("method", "Counts", method),
        ("slice", "Length of a slice", slice),
        ("slice_good", "A slice is good from", slice_good),
        ("good_enough", "Good enough", good_enough),
        ("too_broken", "Too broken", too_broken),
        ("level_window", "Now means the last", level_window),
        ("age_max", "Newest measurement at most", age_max),
        ("gap_max", "Gap shorter than", gap_max),
        ("source", "Source", source),
        ("begins", "Begins", begins),
    ]
}

/// All fields, in the order in which people think of them.
pub fn fields(form: &FormState, own: &Draft, known: Known) -> AnyView {
    let own = texts(own).into_iter().map(|(name, _, text)| (name, text)).collect();
    let typed = Typed { form: form.clone(), own };
    view! {
        {promise(&typed, known)}
        {indicator(&typed)}
        {target(&typed)}
        {levels(&typed)}
        {patience(&typed)}
    }
    .into_any()
}

fn promise(typed: &Typed, known: Known) -> AnyView {
    let (form, value, error) = (typed.form.name.clone(), typed.value("promise"), typed.form.error("promise"));
    view! {
        <fieldset>
            <legend>"1 Promise"</legend>
            {typed.needed("title", "Title", "In one line: Events are stored.")}
            <div class="fields">
                {typed.choice("service", "Service", with_none(known.services))}
                {typed.choice("environment", "Environment", with_none(known.environments))}
            </div>
            <AreaField form=form name="promise" label="Customer promise" value=value error=error rows=3
                hint="What customers can rely on, in words they would use. Approval needs it." max_length=PROSE_CHARS_MAX/>
        </fieldset>
    }
    .into_any()
}

fn indicator(typed: &Typed) -> AnyView {
    let (form, value, error) = (typed.form.name.clone(), typed.value("definition"), typed.form.error("definition"));
    let directions = Direction::ALL.iter().map(|way| (way.word().to_owned(), way.label().to_owned()));
    let directions = [(String::new(), "each event says whether it was good".to_owned())].into_iter().chain(directions);
    let limit_is = [("good", "still good"), ("bad", "bad already")];
    view! {
        <fieldset>
            <legend>"2 What is measured"</legend>
            {typed.needed("measure", "What is measured", "Such as time to first byte, or stored events.")}
            <div class="fields">
                {typed.choice("direction", "Gets worse", directions.collect())}
                {typed.line("limit", "Limit", "A number, where the direction says that larger or smaller is worse.")}
                {typed.line("unit", "Unit", "Such as s or MB.")}
                {typed.choice("limit_is", "Exactly the limit is", owned(&limit_is))}
            </div>
            <AreaField form=form name="definition" label="How tools measure it" value=value error=error rows=2
                hint="A query in its own language, or the indicator of an OpenSLO document. May stay empty." max_length=PROSE_CHARS_MAX/>
        </fieldset>
    }
    .into_any()
}

fn target(typed: &Typed) -> AnyView {
    let periods = Period::ALL.iter().map(|period| (period.word().to_owned(), format!("calendar {}", period.label())));
    let windows = [(ROLLING.to_owned(), "the last days".to_owned())].into_iter().chain(periods).collect();
    let methods = [(OCCURRENCES, "events"), (TIME_SLICES, "slices of time")];
    view! {
        <fieldset>
            <legend>"3 Target"</legend>
            {typed.needed("target", "Target", "At least 99.99 % good; or strictly: less than 0.1 % bad, where exactly 0.1 % is too much.")}
            <div class="fields">
                {typed.choice("window", "Window", windows)}
                {typed.line("days", "Days", "Of a window that moves along.")}
                {typed.line("zone", "Zone", "Of a calendar window: Europe/Berlin.")}
            </div>
            <div class="fields">
                {typed.choice("method", "Counts", owned(&methods))}
                {typed.line("slice", "Length of a slice", "Whole minutes, like 5 min.")}
                {typed.line("slice_good", "A slice is good from", "A share of its events, like 95 %.")}
            </div>
        </fieldset>
    }
    .into_any()
}

fn levels(typed: &Typed) -> AnyView {
    view! {
        <fieldset>
            <legend>"4 Level now"</legend>
            <div class="fields">
                {typed.line("good_enough", "Good enough", "Empty means the target itself.")}
                {typed.needed("too_broken", "Too broken", "This share of good events or less: runs stop. Like 99 %.")}
                {typed.line("level_window", "Now means the last", "Like 5 min or 1 h.")}
            </div>
        </fieldset>
    }
    .into_any()
}

fn patience(typed: &Typed) -> AnyView {
    let sources: Vec<_> = Source::ALL.iter().map(|source| (source.word(), source.label())).collect();
    view! {
        <fieldset>
            <legend>"5 Measurements"</legend>
            <p class="hint">"Unmeasured time counts as unknown, not as good."</p>
            <div class="fields">
                {typed.choice("source", "Source", owned(&sources))}
                {typed.line("age_max", "Newest measurement at most", "Older, and the budget is unknown: like 1 d.")}
                {typed.line("gap_max", "Gap shorter than", "As long or longer, and the budget is unknown.")}
                {typed.line("begins", "Begins", "Before, nothing was promised: 2026-11-22T15:04. May stay empty.")}
            </div>
        </fieldset>
    }
    .into_any()
}

fn owned(options: &[(&str, &str)]) -> Options {
    options.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect()
}

fn with_none(options: Options) -> Options {
    [(String::new(), "not chosen yet".to_owned())].into_iter().chain(options).collect()
}
