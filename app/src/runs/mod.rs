//! Pages of runs: the list, planning, writing down what happens, closing, and the record that stays.

pub mod loaded;
pub mod told;
pub(crate) mod fields;
pub mod clock;
mod why;
mod zones;

mod list;
pub mod compare;
mod charts;
mod planning;
mod targets;
mod new;
mod past;
mod report;

mod one;
mod head;
mod planned;
pub(crate) mod moving;
mod live;
mod now;
mod method;
pub(crate) mod watch;
mod lanes;
mod abort;
mod observe;
mod evidence;
mod checks;
mod signals;
mod heard;
mod effects;
mod deviations;
mod timeline;
mod marks;

mod ended;
mod answers;
mod steady;
pub(crate) mod measured;
mod since;
mod spent;
mod imported;
mod judging;
mod closing;
mod decision;
mod corrections;
mod history;

pub use compare::CompareRunsPage;
pub use list::RunsPage;
pub use new::NewRunPage;
pub use one::RunPage;
pub use past::PastRunPage;
pub use report::ReportPage;
