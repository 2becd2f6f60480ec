//! The one list path -> page. Every page is `SsrMode::Async`: the whole document first, so that
//! status, title and headers are right and no script is needed.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{MatchNestedRoutes, SsrMode, path};

use crate::alerts::AlertsPage;
use crate::cadences::CadencePage;
use crate::calendar::{CalendarPage, SubscriptionsPage};
use crate::decisions::list::DecisionsPage;
use crate::decisions::new::NewDecisionPage;
use crate::decisions::one::DecisionPage;
use crate::due::list::DuePage;
use crate::experiments::form::{EditPlanPage, NewExperimentPage};
use crate::experiments::list::ExperimentsPage;
use crate::experiments::one::ExperimentPage;
use crate::experiments::revision::RevisionPage;
use crate::findings::edit::EditFindingPage;
use crate::findings::list::FindingsPage;
use crate::findings::new::NewFindingPage;
use crate::findings::one::FindingPage;
use crate::fixes::edit::EditFixPage;
use crate::fixes::list::FixesPage;
use crate::fixes::new::NewFixPage;
use crate::fixes::one::FixPage;
use crate::freezes::list::FreezesPage;
use crate::gamedays::edit::EditGameDayPage;
use crate::gamedays::list::GameDaysPage;
use crate::gamedays::new::NewGameDayPage;
use crate::gamedays::one::GameDayPage;
use crate::gate::policy::PolicyPage;
use crate::help::HelpPage;
use crate::help::api::{ApiPage, ApiWordPage};
use crate::home::TodayPage;
use crate::imports::{ImportPage, ImportsPage};
use crate::instead::InsteadPage;
use crate::keys::go::GoPage;
use crate::keys::sheet::KeyboardPage;
use crate::ledger::LedgerPage;
use crate::notifications::{
    DigestPage, InboxPage, MailPage, NewWebhookPage, NotificationsPage, OwnMailPage, WebhookPage, WebhooksPage,
};
use crate::people::{InvitePage, LoginPage, PeoplePage, ProfilePage, ResetPage, SetupPage};
use crate::runs::{CompareRunsPage, NewRunPage, PastRunPage, ReportPage, RunPage, RunsPage};
use crate::sample::SamplePage;
use crate::search::SearchPage;
use crate::seen::page::SeenPage;
use crate::services::change::ChangePage;
use crate::services::chef::ChefPage;
use crate::services::coverage::CoveragePage;
use crate::services::environments::EnvironmentsPage;
use crate::services::form::{EditServicePage, NewServicePage};
use crate::services::list::ServicesPage;
use crate::services::one::ServicePage;
use crate::slos::edit::EditSloPage;
use crate::slos::list::SlosPage;
use crate::slos::new::NewSloPage;
use crate::slos::one::SloPage;
use crate::teams::edit::EditTeamPage;
use crate::teams::list::TeamsPage;
use crate::teams::new::NewTeamPage;
use crate::teams::one::TeamPage;
use crate::templates::list::TemplatesPage;
use crate::templates::one::{TemplatePage, TemplateVersionPage};
use crate::templates::promote::{PromotePage, RenewPage};

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=InsteadPage>
                <Route path=path!("/") view=TodayPage ssr=SsrMode::Async/>
                <Route path=path!("/services") view=ServicesPage ssr=SsrMode::Async/>
                <Route path=path!("/services/new") view=NewServicePage ssr=SsrMode::Async/>
                <Route path=path!("/services/:slug") view=ServicePage ssr=SsrMode::Async/>
                <Route path=path!("/services/:slug/edit") view=EditServicePage ssr=SsrMode::Async/>
                <Route path=path!("/environments") view=EnvironmentsPage ssr=SsrMode::Async/>
                <Route path=path!("/import") view=ImportsPage ssr=SsrMode::Async/>
                <Route path=path!("/import/:id") view=ImportPage ssr=SsrMode::Async/>
                <Route path=path!("/help") view=HelpPage ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async/>
                <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
                <Route path=path!("/invite") view=InvitePage ssr=SsrMode::Async/>
                <Route path=path!("/reset") view=ResetPage ssr=SsrMode::Async/>
                <Route path=path!("/people") view=PeoplePage ssr=SsrMode::Async/>
                <Route path=path!("/profile") view=ProfilePage ssr=SsrMode::Async/>
                <Planned/>
                <Tried/>
                <LookedAfter/>
                <ToldOf/>
                <Promised/>
                <Learnt/>
            </Routes>
        </Router>
    }
}

/// Runs, alone and side by side: a group of its own like the next.
#[component(transparent)]
fn Tried() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/runs") view=RunsPage ssr=SsrMode::Async/>
        <Route path=path!("/runs/new") view=NewRunPage ssr=SsrMode::Async/>
        <Route path=path!("/runs/past") view=PastRunPage ssr=SsrMode::Async/>
        <Route path=path!("/runs/compare") view=CompareRunsPage ssr=SsrMode::Async/>
        <Route path=path!("/runs/:id") view=RunPage ssr=SsrMode::Async/>
        <Route path=path!("/runs/:id/report") view=ReportPage ssr=SsrMode::Async/>
    }
    .into_inner()
}

/// Experiments, and what they begin from: a group of its own like the next.
#[component(transparent)]
fn Planned() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/experiments") view=ExperimentsPage ssr=SsrMode::Async/>
        <Route path=path!("/experiments/new") view=NewExperimentPage ssr=SsrMode::Async/>
        <Route path=path!("/experiments/:id") view=ExperimentPage ssr=SsrMode::Async/>
        <Route path=path!("/experiments/:id/edit") view=EditPlanPage ssr=SsrMode::Async/>
        <Route path=path!("/experiments/:id/plan/:number") view=RevisionPage ssr=SsrMode::Async/>
        <Route path=path!("/seen") view=SeenPage ssr=SsrMode::Async/>
        <Route path=path!("/templates") view=TemplatesPage ssr=SsrMode::Async/>
        <Route path=path!("/templates/:slug") view=TemplatePage ssr=SsrMode::Async/>
        <Route path=path!("/templates/:slug/renew") view=RenewPage ssr=SsrMode::Async/>
        <Route path=path!("/templates/:slug/versions/:number") view=TemplateVersionPage ssr=SsrMode::Async/>
        <Route path=path!("/experiments/:id/promote") view=PromotePage ssr=SsrMode::Async/>
    }
    .into_inner()
}

/// Who looks after services and when, when nobody breaks anything, and what is known of services: a group of its own
/// like the next.
#[component(transparent)]
fn LookedAfter() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/teams") view=TeamsPage ssr=SsrMode::Async/>
        <Route path=path!("/teams/new") view=NewTeamPage ssr=SsrMode::Async/>
        <Route path=path!("/teams/:slug") view=TeamPage ssr=SsrMode::Async/>
        <Route path=path!("/teams/:slug/edit") view=EditTeamPage ssr=SsrMode::Async/>
        <Route path=path!("/freezes") view=FreezesPage ssr=SsrMode::Async/>
        <Route path=path!("/coverage") view=CoveragePage ssr=SsrMode::Async/>
        <Route path=path!("/chef") view=ChefPage ssr=SsrMode::Async/>
        <Route path=path!("/changes/:id") view=ChangePage ssr=SsrMode::Async/>
        <Route path=path!("/alerts") view=AlertsPage ssr=SsrMode::Async/>
    }
    .into_inner()
}

/// Who is told of what, and what became of it: a group of its own like the next.
#[component(transparent)]
fn ToldOf() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/inbox") view=InboxPage ssr=SsrMode::Async/>
        <Route path=path!("/digest") view=DigestPage ssr=SsrMode::Async/>
        <Route path=path!("/profile/notifications") view=NotificationsPage ssr=SsrMode::Async/>
        <Route path=path!("/profile/mail") view=OwnMailPage ssr=SsrMode::Async/>
        <Route path=path!("/mail") view=MailPage ssr=SsrMode::Async/>
        <Route path=path!("/webhooks") view=WebhooksPage ssr=SsrMode::Async/>
        <Route path=path!("/webhooks/new") view=NewWebhookPage ssr=SsrMode::Async/>
        <Route path=path!("/webhooks/:id") view=WebhookPage ssr=SsrMode::Async/>
    }
    .into_inner()
}

/// What is promised: a group of its own like the next.
#[component(transparent)]
fn Promised() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/slos") view=SlosPage ssr=SsrMode::Async/>
        <Route path=path!("/slos/new") view=NewSloPage ssr=SsrMode::Async/>
        <Route path=path!("/slos/:id") view=SloPage ssr=SsrMode::Async/>
        <Route path=path!("/slos/:id/edit") view=EditSloPage ssr=SsrMode::Async/>
        <Route path=path!("/ledger") view=LedgerPage ssr=SsrMode::Async/>
        <Route path=path!("/policy") view=PolicyPage ssr=SsrMode::Async/>
    }
    .into_inner()
}

/// What runs have shown, what was done about it, what was decided, and the API: a group of its own, because
/// one tuple of routes holds no more than 26.
#[component(transparent)]
fn Learnt() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/api/docs") view=ApiPage ssr=SsrMode::Async/>
        <Route path=path!("/api/docs/:word") view=ApiWordPage ssr=SsrMode::Async/>
        <Route path=path!("/findings") view=FindingsPage ssr=SsrMode::Async/>
        <Route path=path!("/findings/new") view=NewFindingPage ssr=SsrMode::Async/>
        <Route path=path!("/findings/:id") view=FindingPage ssr=SsrMode::Async/>
        <Route path=path!("/findings/:id/edit") view=EditFindingPage ssr=SsrMode::Async/>
        <Route path=path!("/fixes") view=FixesPage ssr=SsrMode::Async/>
        <Route path=path!("/fixes/new") view=NewFixPage ssr=SsrMode::Async/>
        <Route path=path!("/fixes/:id") view=FixPage ssr=SsrMode::Async/>
        <Route path=path!("/fixes/:id/edit") view=EditFixPage ssr=SsrMode::Async/>
        <Route path=path!("/decisions") view=DecisionsPage ssr=SsrMode::Async/>
        <Route path=path!("/decisions/new") view=NewDecisionPage ssr=SsrMode::Async/>
        <Route path=path!("/decisions/:id") view=DecisionPage ssr=SsrMode::Async/>
        <Route path=path!("/due") view=DuePage ssr=SsrMode::Async/>
        <Route path=path!("/sample") view=SamplePage ssr=SsrMode::Async/>
        <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async/>
        <Route path=path!("/go") view=GoPage ssr=SsrMode::Async/>
        <Route path=path!("/help/keyboard") view=KeyboardPage ssr=SsrMode::Async/>
        <Route path=path!("/calendar") view=CalendarPage ssr=SsrMode::Async/>
        <Route path=path!("/calendar/subscriptions") view=SubscriptionsPage ssr=SsrMode::Async/>
        <Route path=path!("/experiments/:id/cadence") view=CadencePage ssr=SsrMode::Async/>
        <Route path=path!("/gamedays") view=GameDaysPage ssr=SsrMode::Async/>
        <Route path=path!("/gamedays/new") view=NewGameDayPage ssr=SsrMode::Async/>
        <Route path=path!("/gamedays/:id") view=GameDayPage ssr=SsrMode::Async/>
        <Route path=path!("/gamedays/:id/edit") view=EditGameDayPage ssr=SsrMode::Async/>
    }
    .into_inner()
}
