//! How a run is opened, whichever command does that: planned with its targets and people, those who are
//! here marked, and started.

use clap::Args;
use notebook::gate::preflight::{Look, Sight};
use serde_json::{Map, Value, json};

use super::{answer::id_of, connection::Connection, names::Place, present::Here};
use crate::cli::{Stopped, exit};

/// Who is there, and what is hit.
#[derive(Debug, Args)]
pub struct Opening {
    /// You are here: present as the Owner, and able to revert if your account has that mark
    #[arg(long)]
    here: bool,
    /// Who else is here, with their part: Ben or Ben=observer; can be repeated
    #[arg(long = "present", value_name = "NAME[=PART]")]
    present: Vec<String>,
    /// You looked both ways just now: no incident is open on these services, nor on what they depend on
    #[arg(long)]
    no_incident: bool,
    /// What is hit, with its role where that matters: zk-1 or zk-1=leader; can be repeated
    #[arg(long = "target", value_name = "NAME[=ROLE]")]
    targets: Vec<String>,
    /// What could have been hit too; can be repeated
    #[arg(long = "eligible", value_name = "NAME[=ROLE]")]
    eligible: Vec<String>,
    /// Who decides
    #[arg(long)]
    owner: Option<String>,
    /// Who executes
    #[arg(long)]
    coordinator: Option<String>,
    /// Who writes
    #[arg(long)]
    reporter: Option<String>,
    /// Who watches; can be repeated
    #[arg(long = "observer", value_name = "NAME")]
    observers: Vec<String>,
    /// What the others should know
    #[arg(long)]
    note: Option<String>,
}

impl Opening {
    /// Asked before anything is planned, so that a name that is no account leaves nothing behind.
    pub async fn here(&self, connection: &Connection) -> Result<Here, Stopped> {
        Here::of(connection, self.here, &self.present).await
    }

    /// Plans a run of the approved plan, and gives its id.
    pub async fn planned(&self, connection: &Connection, experiment: &Place) -> Result<String, Stopped> {
        let planned = connection.post("runs/plan", &self.plan(&experiment.name)).await?;
        id_of(&planned).ok_or_else(|| Stopped::new("the server planned a run and did not say which"))
    }

    /// Marks who is here, says what was looked at, and starts. Targets of a run that was planned just now stand in its plan.
    pub async fn begin_on(
        &self,
        connection: &Connection,
        page: &str,
        here: &Here,
        was_planned: bool,
    ) -> Result<Value, Stopped> {
        here.mark(connection, page).await?;
        if self.no_incident {
            let looks = json!([{ "look": Look::Incidents.word(), "sight": Sight::Clear.word() }]);
            connection.post(&format!("{page}/look-both-ways"), &json!({ "looks": looks })).await?;
        }
        let rows = if was_planned { self.targets() } else { Vec::new() };
        connection.post(&format!("{page}/start"), &json!({ "targets": rows })).await
    }

    fn targets(&self) -> Vec<Value> {
        let rows = self.targets.iter().map(|text| target(text, "on"));
        rows.chain(self.eligible.iter().map(|text| target(text, ""))).collect()
    }

    fn plan(&self, experiment: &str) -> Value {
        let mut plan = Map::new();
        plan.insert("experiment".to_owned(), json!(experiment));
        plan.insert("targets".to_owned(), json!(self.targets()));
        plan.insert("observers".to_owned(), json!(self.observers.join("\n")));
        let texts = [
            ("owner", &self.owner),
            ("coordinator", &self.coordinator),
            ("reporter", &self.reporter),
            ("note", &self.note),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                plan.insert(name.to_owned(), json!(text));
            }
        }
        Value::Object(plan)
    }
}

/// The identity of the approved plan. A plan is for one environment; whoever means another one must not find
/// out afterwards. Null without an approved plan: then the server says what is missing.
pub async fn approved(connection: &Connection, experiment: &Place, env: &str) -> Result<Value, Stopped> {
    let shown = connection.get(&experiment.path, &[]).await?.value;
    let identity = shown.pointer("/approved/plan/identity").cloned().unwrap_or_default();
    match identity.get("environment").and_then(Value::as_str) {
        Some(planned) if planned != env => Err(Stopped::with(
            exit::USAGE,
            format!(
                "{} is planned for {planned}, not for {env}; nothing was started. Another environment takes a revision of the plan",
                experiment.name
            ),
        )),
        _ => Ok(identity),
    }
}

/// What can be done about a run whose gate is closed.
pub fn later(id: &str) -> String {
    format!(
        "{id} stays planned. Start it once its gate is open with retrial run start --run {id} --here --present NAME=observer \
         --no-incident, which marks who is here as retrial act {id} attend does and that you looked for incidents, or call it off with retrial act {id} cancel text=WHY"
    )
}

/// `zk-1`, or `zk-1=leader`.
fn target(text: &str, hit: &str) -> Value {
    let (name, role) = text.split_once('=').unwrap_or((text, ""));
    json!({ "name": name, "role": role, "hit": hit })
}
