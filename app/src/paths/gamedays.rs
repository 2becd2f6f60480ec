//! Addresses of game days.

use notebook::id::GameDayId;

pub fn gamedays() -> String {
    "/gamedays".into()
}

pub fn new_gameday() -> String {
    "/gamedays/new".into()
}

pub fn gameday(id: GameDayId) -> String {
    format!("/gamedays/{id}")
}

pub fn edit_gameday(id: GameDayId) -> String {
    format!("/gamedays/{id}/edit")
}
