//! How Retrial works, on one page.

use leptos::prelude::*;

use crate::frame::{Crumb, Frame};
use crate::parts::page::PageHead;
use crate::safe::PageTitle;

#[component]
pub fn HelpPage() -> impl IntoView {
    view! {
        <Frame crumbs=vec![Crumb { label: "Help".into(), href: None }]>
            <PageTitle text="Help"/>
            <PageHead title="How Retrial works"/>
            <section>
                <h2>"Seven steps"</h2>
                <ol>
                    <li>"Observe: what is normal? Say it as checks with numbers."</li>
                    <li>"Question: what happens if…"</li>
                    <li>"Hypothesis: if this fault, then that behaviour, because of that safeguard."</li>
                    <li>"Experiment: a plan that somebody else has read, then a run with everybody watching."</li>
                    <li>"Observe more: each check is answered before, during and after the fault."</li>
                    <li>"Decide: sign the verdict, answer for every open fix, record a decision."</li>
                    <li>"Try again: only a rerun of the same experiment makes a fix verified."</li>
                </ol>
            </section>
            <section>
                <h2>"What nobody can set"</h2>
                <p>"Verified, regressed, stale: these follow from deployments, runs and answers. Beside each such word stands why."</p>
            </section>
            <section>
                <h2>"Separate questions"</h2>
                <dl>
                    <dt>"Execution"</dt><dd>"Did the run happen, and how did it end?"</dd>
                    <dt>"Validity"</dt><dd>"Does it count? Invalid runs count nowhere."</dd>
                    <dt>"Verdict"</dt><dd>"Was the hypothesis upheld or refuted? Proposed from the checks, signed by a person."</dd>
                    <dt>"Telemetry"</dt><dd>"Did monitoring say what really happened?"</dd>
                </dl>
            </section>
        </Frame>
    }
}
