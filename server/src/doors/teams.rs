//! Teams with their working time.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    shapes::{Limit, Param},
    teams::{
        Team,
        acts::{self, Filter},
        drafts::Draft,
        words::week_words,
    },
    text::Slug,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    asked::{self, Asking},
    services::found_at,
};
use crate::{
    api::Api,
    openapi::in_words,
    operations::{Doors, act, look},
    paging::List,
    reply::{At, Door},
};

pub fn doors() -> Doors {
    Doors::of("teams", "Who looks after services, and when they work.")
        .names::<Slug>("slug", "The team's slug.")
        .read("/teams", list, look("list", "List teams by slug.").pages::<Asked>().answers::<Listed>())
        .read("/teams/{slug}", show, look("show", "Show a team with the services it owns.").versioned::<Whole>())
        .act(
            "/teams",
            write,
            act("write", Act::ManageTeams, "Add a team.").takes::<Draft>().without(&["version"]).creates::<Told>(),
        )
        .act(
            "/teams/{slug}/edit",
            edit,
            act("edit", Act::ManageTeams, "Change a team; its slug stays.").takes::<Draft>().edits::<Told>(),
        )
}

async fn write(door: Door) -> Response {
    let page = |thing: &str| Slug::new(thing).map_or_else(|_| paths::teams(), |slug| paths::team(&slug));
    let done = |told: &Told| (paths::team(&told.slug), format!("{} is added.", told.text.name));
    let act = |desk, draft: Draft| async move {
        acts::write(&desk, &draft).await.map(Told::from).map_err(|error| found_at(error, page))
    };
    door.page(paths::new_team()).make(act, done).await
}

async fn edit(At(slug): At<Slug>, door: Door) -> Response {
    let page = paths::team(&slug);
    let done = |told: &Told| (paths::team(&told.slug), format!("{} is saved.", told.text.name));
    door.page(paths::edit_team(&slug))
        .run(
            |desk, draft: Draft| async move {
                let edited = acts::edit(&desk, slug.as_str(), &draft).await.map(Told::from);
                edited.map_err(|error| found_at(error, |_| page))
            },
            done,
        )
        .await
}

// --- for programs

/// A team and its working time.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Team")]
struct Told {
    slug: Slug,
    /// "Monday–Friday 09:00–17:00", by the clock of its zone.
    works: String,
    /// In the words in which it is sent.
    #[schemars(schema_with = "in_words::<Draft>")]
    text: Draft,
    version: i64,
}

impl From<Team> for Told {
    fn from(team: Team) -> Self {
        Self { works: week_words(&team.week), text: Draft::of(&team), version: team.version, slug: team.slug }
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// The last slug on the page before.
    #[schemars(with = "Param<Slug>")]
    after: String,
    /// Teams on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Teams")]
struct Listed {
    teams: Vec<Told>,
    /// Whether there is a next page.
    more: bool,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let filter = Filter { after: asked::slug(&asked.after, "after")?, rows: asked::rows(&asked.limit)? };
        let (teams, more) = acts::list(list.desk(), &filter).await?;
        let last = teams.last().filter(|_| more).map(|team| team.slug.to_string());
        Ok((Listed { teams: teams.into_iter().map(Told::from).collect(), more }, last))
    };
    let listed = listed.await;
    list.answer("after", listed)
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TeamWhole")]
struct Whole {
    team: Told,
    /// The services whose runs lie in its working time.
    services: Vec<Slug>,
}

async fn show(At(slug): At<Slug>, api: Api) -> Response {
    let whole = acts::show(&api.desk, slug.as_str()).await.map(|shown| Whole {
        team: shown.team.into(),
        services: shown.services.into_iter().map(|(slug, _)| slug).collect(),
    });
    api.thing(whole, |whole| whole.team.version)
}
