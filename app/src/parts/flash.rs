//! What the last act did, once, at the top of the next page.

use crate::look::{Note, NoteKind};
use crate::parts::badge::Family;
use crate::parts::icon::{Icon, IconName};
use leptos::prelude::*;

/// The children are an act that answers the note, such as Undo.
#[component]
pub fn Flash(note: Note, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let (icon, family, role) = match note.kind {
        NoteKind::Done => (IconName::CircleCheck, Family::Good, "status"),
        NoteKind::Aware => (IconName::TriangleAlert, Family::Caution, "status"),
        NoteKind::Refused => (IconName::OctagonAlert, Family::Danger, "alert"),
    };
    view! {
        <div class="flash" role=role data-family=family.as_str()>
            <Icon of=icon size=20/>
            <p>{note.sentence}</p>
            {children.map(|act| act())}
        </div>
    }
    .into_any()
}
