//! How journals of Chaos Toolkit get here: by hand, from a pipeline, and what the answers mean.

use leptos::prelude::*;

use crate::parts::table::TableRegion;
use crate::paths;

const SEND: &str = "\
chaos run --journal-path journal.json experiment.yaml
curl -fsS --data-binary @journal.json \\
  -H \"Authorization: Bearer $RETRIAL_TOKEN\" \\
  -H 'Content-Type: application/json' \\
  \"$RETRIAL_URL/api/v1/ingest/chaostoolkit/journal?experiment=EXP-1&targets=zk-1\"";

const NAME: &str = "\
extensions:
  - name: retrial
    experiment: EXP-1";

/// Status and what it means; all but the first three keep nothing.
const ANSWERS: [(&str, &str); 8] = [
    ("201", "A run was made; the answer names it and links to it."),
    ("200", "The same journal was here before; the answer names its run."),
    ("202", "The document is kept and waits for its experiment; give it one on its page."),
    ("401", "The token is missing, ended or revoked."),
    ("403", "The token's scope or its person does not reach this."),
    ("413", "The journal is larger than 10 MiB."),
    ("415", "The content type is not application/json."),
    ("422", "It does not read. The answer names the place: line and column, or a JSON pointer."),
];

#[component]
pub fn Journals() -> impl IntoView {
    let rows = ANSWERS
        .map(|(status, meaning)| view! { <tr><th scope="row"><code>{status}</code></th><td>{meaning}</td></tr> });
    view! {
        <p>"A journal becomes a run with the tool's own times, steps and checks. It "<em>"proposes"</em>" execution, validity and verdict, each with its reasons; a person signs. The tool's word "<q>"completed"</q>" is never a verdict: a run whose steady state was not met completes, too."</p>
        <p>"By hand: open "<a href=paths::imports()>"Import"</a>" and choose the file or paste its text."</p>
        <h3>"From a pipeline"</h3>
        <p>"Make a token under "<a href=paths::profile()>"Profile"</a>" with the scope ingest: it may send results and read, nothing else. It is shown once. Then, after each run, whatever its exit code was:"</p>
        <pre><code>{SEND}</code></pre>
        <p>"The same journal sent twice is one run, so a pipeline may repeat. Journals with "<code>"NaN"</code>" are read. Secrets, authorization headers and passwords in addresses are taken out before anything is kept."</p>
        <TableRegion id="answers" caption="What the answer says">
            <thead><tr><th scope="col">"Status"</th><th scope="col">"Means"</th></tr></thead>
            <tbody>{rows}</tbody>
        </TableRegion>
        <h3>"Naming the experiment in the plan"</h3>
        <p>"An experiment file can carry its own place, and the address needs no query:"</p>
        <pre><code>{NAME}</code></pre>
        <p>"Without a named experiment the document waits. Where checks of the journal are called like the checks of the plan, the run is a run of that plan; otherwise it counts as a different one and verifies nothing."</p>
    }
    .into_any()
}
