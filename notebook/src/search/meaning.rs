//! What a query means at this moment, for whoever asks: people, teams and owners are looked up first.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Expr, Query, Value,
    engine::{Around, Owners, Tree, tree},
    keys::Key,
    rest::Rest,
    sql,
};
use crate::{actor::PersonId, desk::Desk, fault::Result, people, services, text::Slug, time::Zone};

/// What the index is asked for at this moment, for whoever asks.
pub(super) async fn tree_of(desk: &Desk, query: &Query) -> Result<Tree> {
    meaning(desk, query).await.map(|(tree, _)| tree)
}

/// The same, and what is left to be judged of each thing.
pub(super) async fn meaning(desk: &Desk, query: &Query) -> Result<(Tree, Rest)> {
    let (people, owners) = people_of(desk, query).await?;
    let owned = owned_of(desk, query).await?;
    let today = desk.now().civil(&Zone::utc()).date();
    let around = Around { me: desk.person_id(), people: &people, owned: &owned, owners: &owners, today };
    Ok((tree(query.wanted.as_ref(), around), Rest::of(query, around)))
}

/// People that a query names by address, and who owns services, where it asks for people.
async fn people_of(desk: &Desk, query: &Query) -> Result<(BTreeMap<String, PersonId>, Owners)> {
    let (mut known, mut owners) = (BTreeMap::new(), Owners::default());
    if !query.wanted.as_ref().is_some_and(|wanted| asks_for(wanted, Key::is_person)) {
        return Ok((known, owners));
    }
    let accounts = people::acts::list(desk).await?;
    if query.wanted.as_ref().is_some_and(|wanted| asks_for(wanted, |key| key == Key::Owner)) {
        let mut tx = desk.begin_read().await?;
        for (service, owner) in sql::owners(&mut tx).await? {
            if let Some(account) = people::meant(&accounts, &owner) {
                owners.of.entry(account.id).or_default().insert(service.clone());
            }
            owners.named.insert(service);
        }
    }
    known.extend(accounts.into_iter().map(|account| (account.email, account.id)));
    Ok((known, owners))
}

/// Services of the teams that a query names, which may change hands at any time.
async fn owned_of(desk: &Desk, query: &Query) -> Result<BTreeMap<String, Vec<String>>> {
    let mut owned = BTreeMap::new();
    let teams: BTreeSet<Slug> = query.wanted.as_ref().map(teams_in).unwrap_or_default();
    if teams.is_empty() {
        return Ok(owned);
    }
    let mut tx = desk.begin_read().await?;
    for team in teams {
        let services = services::acts::of_team(&mut tx, &team).await?;
        owned.insert(team.to_string(), services.into_iter().map(|(slug, _)| slug.to_string()).collect());
    }
    Ok(owned)
}

fn teams_in(expr: &Expr) -> BTreeSet<Slug> {
    match expr {
        Expr::And(members) | Expr::Or(members) => members.iter().flat_map(teams_in).collect(),
        Expr::Not(inner) => teams_in(inner),
        Expr::Qualifier { key: Key::Team, values } => {
            let slug = |value: &Value| if let Value::Word(word) = value { Slug::new(word).ok() } else { None };
            values.iter().filter_map(slug).collect()
        }
        Expr::Word { .. } | Expr::Phrase(_) | Expr::Qualifier { .. } | Expr::Amount(_) => BTreeSet::new(),
    }
}

fn asks_for(expr: &Expr, by: fn(Key) -> bool) -> bool {
    match expr {
        Expr::And(members) | Expr::Or(members) => members.iter().any(|member| asks_for(member, by)),
        Expr::Not(inner) => asks_for(inner, by),
        Expr::Qualifier { key, .. } => by(*key),
        Expr::Word { .. } | Expr::Phrase(_) | Expr::Amount(_) => false,
    }
}
