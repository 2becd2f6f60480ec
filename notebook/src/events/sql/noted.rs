//! What was noted in several runs, for whoever looks at all of them at once.

use super::{RUNS_READ_TOGETHER, Row};
use crate::{
    db::{Tx, on},
    events::Entry,
    fault::Result,
};

// Observations count from 1 in the order in which they were written, so their place is the number that a pin names.
const NOTED_IN: &str = "
    with pins as (
        select e.object, e.body
        from events e
        where e.kind = 'run' and e.act = 'pinned' and e.object in
            ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)),
    lines as (
        select
            e.seq, e.at, e.recorded_at, e.person, e.via, e.kind, e.object, e.act, e.body,
            row_number() over (partition by e.object, e.act order by e.seq) as number,
            row_number() over (partition by e.act order by e.seq desc) as newness
        from events e
        where e.kind = 'run' and e.act in ('observed', 'pinned') and e.object in
            ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20))
    select l.seq, l.at, l.recorded_at, l.person, p.name, l.via, l.kind, l.object, l.act, l.body
    from lines l left join people p on p.id = l.person
    where l.act = 'pinned'
        or l.newness <= $21
        or l.body like '%\"pinned\":true%'
        or exists (
            select 1 from pins x
            where x.object = l.object
                and x.body like '%\"observation\":' || cast(l.number as text) || ',%')
    order by l.seq";

/// The newest of all observations of the first [`RUNS_READ_TOGETHER`] of these runs and those that were ever pinned,
/// with every pin that was put or taken, oldest first.
pub(crate) async fn noted_in(tx: &mut Tx, objects: &[String], newest: i64) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = sqlx::query_as(NOTED_IN);
        for place in 0..RUNS_READ_TOGETHER {
            query = query.bind(objects.get(place).map_or("", String::as_str));
        }
        query.bind(newest).fetch_all(c).await
    })?;
    rows.into_iter().map(Entry::try_from).collect()
}
