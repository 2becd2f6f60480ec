//! The gate before a run, asked as advice, and the policy with its limits.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    gate::{
        Check, Gate, Line,
        acts::{self, Advice},
        drafts::{ApprovePolicyDraft, PolicyDraft},
        passed::BudgetSeen,
        policy::{KeptPolicy, Policy},
        reach::Radius,
    },
    id::ExperimentId,
    refusal::Refusal,
    shapes::{Day, Param},
    time::Moment,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::asked::{self, Asking};
use crate::{
    api::Api,
    operations::{Doors, act, look},
    reply::Door,
};

pub fn doors() -> Doors {
    Doors::of("gate", "May a run start now? Every check with its answer, and the limits people agreed on.")
        .read(
            "/gate",
            ask,
            look("ask", "Ask the gate about a service in an environment, as advice.").asks::<Asked>().answers::<Told>(),
        )
        .read(
            "/policy",
            policy,
            look("policy", "Show the gate's policy: what holds, and all versions.").answers::<Policies>(),
        )
        .act(
            "/policy/write",
            write,
            act(
                "write_policy",
                Act::WritePolicy,
                "Write the next version of the gate's policy; it holds once approved.",
            )
            .takes::<PolicyDraft>()
            .edits::<PolicyTold>(),
        )
        .act(
            "/policy/approve",
            approve,
            act("approve_policy", Act::ApprovePolicy, "Approve the newest version of the gate's policy.")
                .takes::<ApprovePolicyDraft>()
                .edits::<PolicyTold>(),
        )
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// The service a run would be on.
    service: String,
    environment: String,
    /// With it the gate is asked about this experiment's plan, too.
    #[schemars(with = "Param<ExperimentId>")]
    experiment: String,
}

/// What the gate says.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "GateAdvice")]
struct Told {
    /// The worst answer of all checks.
    answer: Gate,
    /// A freeze is what refuses.
    frozen: bool,
    checks: Vec<Line>,
    /// Checks that are asked once there is a plan or a run.
    left_out: Vec<Check>,
    /// Where working time refuses: the first moment that would do; none if nobody knows one.
    first_fit: Option<Moment>,
    budgets: Vec<BudgetSeen>,
    /// None without a plan, and while nobody listed what there is to hit.
    radius: Option<Radius>,
    /// The version of the policy whose limits hold; 0 is the usual ones.
    policy: u32,
}

impl From<Advice> for Told {
    fn from(advice: Advice) -> Self {
        let Advice { asked, left_out, first_fit } = advice;
        Self {
            answer: asked.answer(),
            frozen: asked.is_frozen(),
            checks: asked.lines,
            left_out,
            first_fit,
            budgets: asked.budgets,
            radius: asked.radius,
            policy: asked.policy,
        }
    }
}

async fn ask(Asking(asked): Asking<Asked>, api: Api) -> Response {
    let told = async {
        let place = |name: &str, text: &str| {
            asked::slug(text, name)?.ok_or_else(|| Refusal::unfit(name, "is empty; the gate is asked about one"))
        };
        let (service, environment) = (place("service", &asked.service)?, place("environment", &asked.environment)?);
        let experiment = asked::id(&asked.experiment, "experiment", "is no experiment's id")?;
        acts::of_service(&api.desk, &service, &environment, experiment).await.map(Told::from)
    };
    let told = told.await;
    api.answer(told)
}

/// One version of the policy.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "GatePolicy")]
struct PolicyTold {
    version: u32,
    /// The part of every budget that is kept back.
    reserve: String,
    at_once_max: Option<u32>,
    steady_state_minutes: i64,
    rehearsal_days: i64,
    /// The day on which it is looked at again; none for the usual limits.
    #[schemars(with = "Option<Day>")]
    revisit_on: Option<String>,
    /// Empty for the operator, and for the usual limits.
    written_by: String,
    written_at: Option<Moment>,
    approved_by: String,
    /// None while it is a proposal.
    approved_at: Option<Moment>,
}

impl From<&Policy> for PolicyTold {
    fn from(policy: &Policy) -> Self {
        Self {
            version: policy.version,
            reserve: policy.reserve.words(),
            at_once_max: policy.at_once_max,
            steady_state_minutes: policy.steady_state_minutes,
            rehearsal_days: policy.rehearsal_days,
            revisit_on: policy.revisit_on.map(|day| day.to_string()),
            written_by: String::new(),
            written_at: None,
            approved_by: String::new(),
            approved_at: None,
        }
    }
}

impl From<KeptPolicy> for PolicyTold {
    fn from(kept: KeptPolicy) -> Self {
        Self {
            written_by: kept.author_name,
            written_at: Some(kept.written_at),
            approved_by: kept.approver_name,
            approved_at: kept.approved_at,
            ..Self::from(&kept.policy)
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "GatePolicies")]
struct Policies {
    in_force: PolicyTold,
    /// The newest first.
    versions: Vec<PolicyTold>,
}

async fn policy(api: Api) -> Response {
    let told = acts::policies(&api.desk).await.map(|policies| {
        let version = policies.in_force.version;
        let usual = PolicyTold::from(&policies.in_force);
        let mut versions: Vec<PolicyTold> = Vec::new();
        let mut in_force = usual;
        for kept in policies.all {
            if kept.policy.version == version {
                in_force = kept.clone().into();
            }
            versions.push(kept.into());
        }
        Policies { in_force, versions }
    });
    api.answer(told)
}

async fn write(door: Door) -> Response {
    let done =
        |told: &PolicyTold| (paths::policy(), format!("Version {} is written and waits for approval.", told.version));
    door.page(paths::policy())
        .run(
            |desk, draft: PolicyDraft| async move { acts::write_policy(&desk, &draft).await.map(PolicyTold::from) },
            done,
        )
        .await
}

async fn approve(door: Door) -> Response {
    let done = |told: &PolicyTold| (paths::policy(), format!("Version {} holds now.", told.version));
    door.page(paths::policy())
        .run(
            |desk, draft: ApprovePolicyDraft| async move { acts::approve_policy(&desk, &draft).await.map(PolicyTold::from) },
            done,
        )
        .await
}
