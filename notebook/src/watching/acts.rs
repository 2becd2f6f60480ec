//! Servers say who watches at them, again and again, and read who watches at all. Nobody asks for
//! it, and it changes no word, so it takes no desk and leaves no line in the trail.

use super::{Watching, sql};
use crate::{
    actor::PersonId, desk::Notebook, fault::Result, id::RunId, limits::WATCHERS_SAID_S, time::MICROS_A_SECOND,
};

/// Says that these watch at this server and nobody else does. It holds for a while: whoever stays is
/// said again, and a server that was killed is forgotten.
pub async fn say(notebook: &Notebook, node: &str, watching: &[(RunId, PersonId)]) -> Result<()> {
    let now = notebook.now();
    let mut tx = notebook.db.begin_unsynced().await?;
    sql::forget(&mut tx, node, now).await?;
    let until = now.plus_micros(WATCHERS_SAID_S * MICROS_A_SECOND);
    for (run, person) in watching {
        sql::insert(&mut tx, node, (*run, *person), until).await?;
    }
    tx.commit().await
}

/// Everybody who watches, by run and name.
pub async fn all(notebook: &Notebook) -> Result<Vec<Watching>> {
    let mut tx = notebook.db.begin_glance().await?;
    sql::all(&mut tx, notebook.now()).await
}
