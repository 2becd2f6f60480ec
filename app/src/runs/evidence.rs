//! Links and images that show how a run was: the forms that attach them, and how the timeline shows them.

use leptos::prelude::*;
use notebook::id::RunId;
use notebook::limits::EVIDENCE_BYTES_MAX;
use notebook::runs::evidence::Evidence;
use notebook::runs::steps::Step;

use crate::form::Form;
use crate::parts::disclosure::Disclosure;
use crate::parts::field::Field;
use crate::paths;
use crate::runs::fields::{line, moment};
use crate::runs::loaded::Loaded;

/// What browsers offer in their window for files; what a file is, its content says.
const ACCEPT: &str = "image/png,image/jpeg,image/gif,image/webp";

/// Both forms, folded away until somebody wants them.
pub fn forms(run: &Loaded) -> Option<AnyView> {
    if !run.can(Step::Observe) {
        return None;
    }
    let (image, link) = (image(run), link(run));
    Some(view! { <div class="row" id="evidence">{image}{link}</div> }.into_any())
}

fn image(run: &Loaded) -> AnyView {
    let form = run.form("attach-image");
    let open = form.came_back();
    let (id, error) = (form.name.clone(), form.error("image"));
    let hint = format!(
        "PNG, JPEG, GIF or WebP up to {} MiB, kept as it is. An image that is pasted into a note lands here.",
        EVIDENCE_BYTES_MAX / 1024 / 1024
    );
    let says = line(&form, "says", "What it shows", "", "Read out to those who cannot see it.");
    let (observation, moment) = (observation(&form), moment(&form));
    view! {
        <Disclosure name="Attach image" open=open>
            <Form state=form enctype="multipart/form-data">
                <Field form=id name="image" label="Image" kind="file" accept=ACCEPT error=error hint=hint/>
                {says}
                {observation}
                {moment}
                <div class="row"><button>"Attach image"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

fn link(run: &Loaded) -> AnyView {
    let form = run.form("attach-link");
    let open = form.came_back();
    let link = line(&form, "link", "Link", "", "A dashboard, a trace, a ticket: https://…");
    let says = line(&form, "says", "What it shows", "", "");
    let (observation, moment) = (observation(&form), moment(&form));
    view! {
        <Disclosure name="Attach link" open=open>
            <Form state=form>
                {link}
                {says}
                {observation}
                {moment}
                <div class="row"><button>"Attach link"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

fn observation(form: &crate::form::FormState) -> AnyView {
    line(form, "observation", "Belongs to", "", "An observation's number, like o12; may be empty.")
}

/// One piece of evidence in the timeline.
pub fn shown(id: RunId, evidence: &Evidence, says: String, observation: Option<i64>, who: Option<AnyView>) -> AnyView {
    let of = observation.map(|number| {
        let name = format!("o{number}");
        view! { <a class="id" href=paths::observation(id, number)>{name}</a>" " }
    });
    match evidence {
        Evidence::Link { link } => {
            let href = link.to_string();
            view! { <p>{of}<a href=href rel="nofollow noopener noreferrer">{says}</a>{who}</p> }.into_any()
        }
        Evidence::Image { sha256, .. } => {
            let src = paths::image(id, sha256);
            view! {
                <figure>
                    <img src=src alt=says.clone() loading="lazy"/>
                    <figcaption>{of}{says}{who}</figcaption>
                </figure>
            }
            .into_any()
        }
    }
}
