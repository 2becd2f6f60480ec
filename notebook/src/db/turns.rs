//! Whose turn it is among all nodes: a table of turns has a row for whatever comes due again and again, with
//! `claimed_until` and `next_at`.

/// Whether the turn of this row is now ours: it is due, and no other node has claimed it. A row that is not
/// there yet begins with the columns at the end.
macro_rules! claim_turn {
    ($tx:expr, $table:literal, $key:literal = $of:expr, $until:expr, $now:expr $(, $column:literal = $value:literal)*) => {{
        let claim = concat!(
            "insert into ", $table, " (", $key, ", claimed_until" $(, ", ", $column)*, ")
            values ($1, $2" $(, ", ", $value)*, ")
            on conflict (", $key, ") do update set claimed_until = excluded.claimed_until
            where (", $table, ".claimed_until is null or ", $table, ".claimed_until <= $3)
                and (", $table, ".next_at is null or ", $table, ".next_at <= $3)"
        );
        let claimed = $crate::db::on!($tx, c => sqlx::query(claim)
            .bind($of)
            .bind($until.micros())
            .bind($now.micros())
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(claimed == 1)
    }};
}
pub(crate) use claim_turn;
