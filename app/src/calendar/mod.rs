//! What is when: a month, a week or a list, and the addresses at which other calendars read it.

mod days;
mod entries;
mod free;
mod page;
mod shade;
mod span;
mod subscriptions;

pub use page::CalendarPage;
pub use subscriptions::SubscriptionsPage;
