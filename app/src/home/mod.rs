//! Today: what runs, what waits for somebody, what was learnt; and the first steps of a new notebook.

mod coming;
mod first;
mod running;
mod today;
mod waiting;

pub use today::TodayPage;
