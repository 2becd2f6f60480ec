//! How Chaos Toolkit and the notebook talk: plans out, experiments in, and results by hand, from a
//! pipeline or by the tool's own notifications.

use leptos::prelude::*;

use crate::parts::table::TableRegion;
use crate::paths;

const SEND: &str = "\
chaos run --journal-path journal.json experiment.yaml
curl -fsS --data-binary @journal.json \\
  -H \"Authorization: Bearer $RETRIAL_TOKEN\" \\
  -H 'Content-Type: application/json' \\
  \"$RETRIAL_URL/api/v1/ingest/chaostoolkit/journal?experiment=EXP-1&targets=zk-1\"";

const SETTINGS: &str = "\
notifications:
  - type: http
    url: https://retrial.example.org/api/v1/ingest/chaostoolkit?targets=zk-1
    headers: {Authorization: \"Bearer rtl_p_...\"}
    events: [run-started, run-completed, run-failed, run-deviated]
auths:
  retrial.example.org: {type: bearer, value: rtl_p_...}";

const RUN: &str = "\
chaos run --journal-path journal.json \\
  \"$RETRIAL_URL/api/v1/experiments/EXP-1/plan/3/chaostoolkit?run=RUN-7\"";

const TAKE: &str = "\
curl -fsS --data-binary @experiment.yaml \\
  -H \"Authorization: Bearer $RETRIAL_TOKEN\" \\
  -H 'Content-Type: application/yaml' \\
  \"$RETRIAL_URL/api/v1/import/chaostoolkit/experiment?services=zookeeper&environment=staging&dry_run=true\"";

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
    view! {
        <p>"A journal becomes a run with the tool's own times, steps and checks. It "<em>"proposes"</em>" execution, validity and verdict, each with its reasons; a person signs. The tool's word "<q>"completed"</q>" is never a verdict: a run whose steady state was not met completes, too."</p>
        <p>"By hand: open "<a href=paths::imports()>"Import"</a>" and choose the file or paste its text. "<q>"Look first"</q>" says what it would become and keeps nothing."</p>
        <Pipeline/>
        <Out/>
        <In/>
        <h3>"Naming the experiment in the plan"</h3>
        <p>"An experiment file can carry its own place, and the address needs no query; a file from here carries it already:"</p>
        <pre><code>{NAME}</code></pre>
        <p>"Without a named experiment the document waits. Where checks of the journal are called like the checks of the plan, the run is a run of that plan; otherwise it counts as a different one and verifies nothing."</p>
    }
    .into_any()
}

#[component]
fn Pipeline() -> impl IntoView {
    let rows = ANSWERS
        .map(|(status, meaning)| view! { <tr><th scope="row"><code>{status}</code></th><td>{meaning}</td></tr> });
    view! {
        <h3>"From a pipeline"</h3>
        <p>"Make a token under "<a href=paths::profile()>"Profile"</a>" with the scope ingest: it may send results and read, nothing else. It is shown once. Then, after each run, whatever its exit code was:"</p>
        <pre><code>{SEND}</code></pre>
        <p>"The same journal sent twice is one run, so a pipeline may repeat. Journals with "<code>"NaN"</code>" are read. Secrets, authorization headers and passwords in addresses are taken out before anything is kept."</p>
        <TableRegion id="answers" caption="What the answer says">
            <thead><tr><th scope="col">"Status"</th><th scope="col">"Means"</th></tr></thead>
            <tbody>{rows}</tbody>
        </TableRegion>
        <h3>"By the tool itself"</h3>
        <p>"The tool can tell of its runs while they happen; this goes into "<code>"~/.chaostoolkit/settings.yaml"</code>":"</p>
        <pre><code>{SETTINGS}</code></pre>
        <p>"It tells once and does not ask whether it was heard, so the journal sent afterwards is the dependable way; both together are one run, in any order. A started run opens the planned run it names if the gate lets it, and is otherwise a note on the experiment."</p>
    }
    .into_any()
}

#[component]
fn Out() -> impl IntoView {
    view! {
        <h3>"Plans for the tool"</h3>
        <p>"Every plan's page has "<q>"Download for Chaos Toolkit"</q>": a whole experiment with hypothesis, method and rollbacks. What a tool does and asks is written in the plan's form under "<q>"How Chaos Toolkit does it"</q>"; a step that is not written there waits for a person and Enter, and fails where nobody is. The tool can fetch it by itself:"</p>
        <pre><code>{RUN}</code></pre>
        <p>"A run named there takes the result. If the file was changed before it ran, the run says so as a deviation, and counts as a different experiment until somebody else rules."</p>
        <p>"The tool asks all its probes in every phase. Where one fails in a phase in which the plan does not check it, the plan's own checks decide what is proposed."</p>
    }
    .into_any()
}

#[component]
fn In() -> impl IntoView {
    view! {
        <h3>"Experiments from the tool"</h3>
        <p>"An experiment file becomes a draft: title, question, a step for each action, a check for each probe in every phase it is asked in, the rollbacks as the revert procedure, and the document itself. The same document twice is one experiment. With "<code>"dry_run=true"</code>" nothing is kept and the answer says what it would become:"</p>
        <pre><code>{TAKE}</code></pre>
        <p>"Without services, those are taken that are called like its tags. A bare "<code>"yes"</code>" or "<code>"off"</code>" in YAML is refused by its place, because tools read it differently."</p>
    }
    .into_any()
}
