//! What people type about people, and how it becomes checked words.

use serde::{Deserialize, Serialize};

use super::{Scope, Theme, email_of, passwords};
use crate::{
    actor::Role,
    limits::TOKEN_DAYS_MAX,
    refusal::{Checking, Refusal},
    text::Title,
    time::Zone,
};

macro_rules! drafts {
    ($($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $field:ident),* $(,)? })*) => {$(
        #[derive(Debug, Clone, Default, Serialize, Deserialize)]
        #[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
        $(#[$doc])*
        #[serde(default, deny_unknown_fields)]
        pub struct $name { $($(#[$about])* pub $field: String),* }
    )*};
}

drafts! {
    /// A new account made by the operator or an admin. The password may be empty: then its owner
    /// needs a reset link before the first sign-in.
    NewAccount { email, name, role, password, zone }
    /// The first admin. `solo` is "on" where one person works alone; `begin_with` is `sample`, or
    /// `empty` and nothing.
    #[cfg_attr(feature = "store", schemars(extend("required" = ["token", "name", "email", "password"])))]
    SetupDraft {
        token, name, email, password,
        /// A zone's IANA name, like Europe/Berlin; empty for UTC.
        zone,
        #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
        solo,
        /// `sample`, or `empty` and nothing.
        #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Beginning>"))]
        begin_with,
    }
    #[cfg_attr(feature = "store", schemars(extend("required" = ["email", "role"])))]
    InviteDraft {
        email,
        #[cfg_attr(feature = "store", schemars(with = "Role"))]
        role,
    }
    #[cfg_attr(feature = "store", schemars(extend("required" = ["token", "name", "password"])))]
    AcceptDraft {
        token, name, password,
        /// A zone's IANA name, like Europe/Berlin; empty for UTC.
        zone,
    }
    #[cfg_attr(feature = "store", schemars(extend("required" = ["token", "password"])))]
    ResetDraft { token, password }
    /// `can_revert` is "on" or empty.
    #[cfg_attr(feature = "store", schemars(extend("required" = ["role"])))]
    RightsDraft {
        #[cfg_attr(feature = "store", schemars(with = "Role"))]
        role,
        #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
        can_revert,
        #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
        version,
    }
    #[cfg_attr(feature = "store", schemars(extend("required" = ["name", "theme"])))]
    ProfileDraft {
        name,
        /// A zone's IANA name, like Europe/Berlin; empty for UTC.
        zone,
        #[cfg_attr(feature = "store", schemars(with = "Theme"))]
        theme,
        #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
        version,
    }
    #[cfg_attr(feature = "store", schemars(extend("required" = ["old", "new"])))]
    PasswordDraft { old, new }
    /// `solo` is "on" or empty.
    SoloDraft {
        #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Tick"))]
        solo,
    }
    /// `scope` is read, ingest or all; `days` is a number, or empty for no end.
    #[cfg_attr(feature = "store", schemars(extend("required" = ["name", "scope"])))]
    TokenDraft {
        name,
        #[cfg_attr(feature = "store", schemars(with = "Scope"))]
        scope,
        /// A number of days; empty for no end.
        days,
    }
}

/// What a new notebook begins with.
pub const BEGIN_WITH_SAMPLE: &str = "sample";
pub const BEGIN_EMPTY: &str = "empty";

/// A checked new account; the password is still to be hashed.
pub struct Checked {
    pub email: String,
    pub name: Title,
    pub role: Role,
    pub zone: Zone,
}

pub struct CheckedRights {
    pub role: Role,
    pub can_revert: bool,
}

pub struct CheckedToken {
    pub name: Title,
    pub scope: Scope,
    pub days: Option<i64>,
}

fn email(checking: &mut Checking, text: &str) -> Option<String> {
    let email = email_of(text);
    if email.is_none() {
        checking.say("email", "takes an address like ana@example.org");
    }
    email
}

fn role(checking: &mut Checking, text: &str) -> Option<Role> {
    let role = Role::named(text);
    if role.is_none() {
        checking.say("role", "takes viewer, contributor or admin");
    }
    role
}

fn zone(checking: &mut Checking, text: &str) -> Option<Zone> {
    if text.trim().is_empty() {
        return Some(Zone::utc());
    }
    let zone = Zone::named(text);
    if zone.is_none() {
        checking.say("zone", "takes a time zone's name, like Europe/Berlin or UTC");
    }
    zone
}

/// The password's rule, said beside `field`.
fn password(checking: &mut Checking, field: &str, text: &str, email: Option<&str>) -> Option<()> {
    passwords::check(text, email.unwrap_or_default()).map_err(|trouble| checking.say(field, trouble.to_string())).ok()
}

impl NewAccount {
    pub fn check(&self) -> Result<Checked, Refusal> {
        let mut checking = Checking::default();
        let email = email(&mut checking, &self.email);
        let name = checking.need("name", Title::new(&self.name));
        let role = role(&mut checking, &self.role);
        let zone = zone(&mut checking, &self.zone);
        if !self.password.is_empty() {
            password(&mut checking, "password", &self.password, email.as_deref());
        }
        checking.end(checked(email, name, role, zone))
    }
}

impl SetupDraft {
    pub fn check(&self) -> Result<Checked, Refusal> {
        let mut checking = Checking::default();
        let email = email(&mut checking, &self.email);
        let name = checking.need("name", Title::new(&self.name));
        password(&mut checking, "password", &self.password, email.as_deref());
        let zone = zone(&mut checking, &self.zone);
        checking.tick("solo", &self.solo);
        if !["", BEGIN_WITH_SAMPLE, BEGIN_EMPTY].contains(&self.begin_with.trim()) {
            checking.say("begin_with", format!("is not one of {BEGIN_WITH_SAMPLE}, {BEGIN_EMPTY}"));
        }
        checking.end(checked(email, name, Some(Role::Admin), zone))
    }

    pub fn is_solo(&self) -> bool {
        Checking::default().tick("solo", &self.solo)
    }

    pub fn begins_with_sample(&self) -> bool {
        self.begin_with.trim() == BEGIN_WITH_SAMPLE
    }
}

impl AcceptDraft {
    /// Address and role stand in the invitation.
    pub fn check(&self, invited: &str, role: Role) -> Result<Checked, Refusal> {
        let mut checking = Checking::default();
        let name = checking.need("name", Title::new(&self.name));
        password(&mut checking, "password", &self.password, Some(invited));
        let zone = zone(&mut checking, &self.zone);
        checking.end(checked(Some(invited.to_owned()), name, Some(role), zone))
    }
}

fn checked(email: Option<String>, name: Option<Title>, role: Option<Role>, zone: Option<Zone>) -> Option<Checked> {
    Some(Checked { email: email?, name: name?, role: role?, zone: zone? })
}

impl InviteDraft {
    pub fn check(&self) -> Result<(String, Role), Refusal> {
        let mut checking = Checking::default();
        let email = email(&mut checking, &self.email);
        let role = role(&mut checking, &self.role);
        checking.end(email.zip(role))
    }
}

impl ResetDraft {
    pub fn check(&self, email: &str) -> Result<(), Refusal> {
        let mut checking = Checking::default();
        let fits = password(&mut checking, "password", &self.password, Some(email));
        checking.end(fits)
    }
}

impl PasswordDraft {
    pub fn check(&self, email: &str) -> Result<(), Refusal> {
        let mut checking = Checking::default();
        let fits = password(&mut checking, "new", &self.new, Some(email));
        if self.old.is_empty() {
            checking.say("old", "is empty; write the password you use now");
        }
        checking.end(fits)
    }
}

impl RightsDraft {
    pub fn check(&self) -> Result<CheckedRights, Refusal> {
        let mut checking = Checking::default();
        let role = role(&mut checking, &self.role);
        let can_revert = checking.tick("can_revert", &self.can_revert);
        checking.end(role.map(|role| CheckedRights { role, can_revert }))
    }
}

impl SoloDraft {
    pub fn check(&self) -> Result<bool, Refusal> {
        let mut checking = Checking::default();
        let on = checking.tick("solo", &self.solo);
        checking.end(Some(on))
    }
}

impl ProfileDraft {
    pub fn check(&self) -> Result<(Title, Zone, Theme), Refusal> {
        let mut checking = Checking::default();
        let name = checking.need("name", Title::new(&self.name));
        let zone = zone(&mut checking, &self.zone);
        let theme = Theme::named(&self.theme);
        if theme.is_none() {
            checking.say("theme", "takes system, light or dark");
        }
        let all = (|| Some((name?, zone?, theme?)))();
        checking.end(all)
    }
}

impl TokenDraft {
    pub fn check(&self) -> Result<CheckedToken, Refusal> {
        let mut checking = Checking::default();
        let name = checking.need("name", Title::new(&self.name));
        let scope = Scope::named(&self.scope);
        if scope.is_none() {
            checking.say("scope", "takes read, ingest or all");
        }
        let days = match self.days.trim() {
            "" => Some(None),
            text => text.parse().ok().filter(|days| (1..=TOKEN_DAYS_MAX).contains(days)).map(Some),
        };
        if days.is_none() {
            checking
                .say("days", format!("takes a whole number of days from 1 to {TOKEN_DAYS_MAX}, or nothing for no end"));
        }
        let all = (|| Some(CheckedToken { name: name?, scope: scope?, days: days? }))();
        checking.end(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setup_form_says_everything_that_is_wrong_at_once() {
        let draft = SetupDraft {
            email: "ana".into(),
            password: "short".into(),
            zone: "Mars/Olympus".into(),
            ..SetupDraft::default()
        };
        let Err(refusal) = draft.check() else { panic!("taken") };
        let fields: Vec<_> = refusal.troubles().iter().map(|t| t.field.as_str()).collect();
        assert_eq!(fields, ["email", "name", "password", "zone"]);
    }

    #[test]
    fn days_of_a_token_are_a_whole_number_or_nothing() {
        let draft = |days: &str| TokenDraft { name: "ci".into(), scope: "ingest".into(), days: days.into() };
        assert_eq!(draft("").check().unwrap().days, None);
        assert_eq!(draft("90").check().unwrap().days, Some(90));
        for bad in ["0", "-1", "1.5", "many", "99999999"] {
            assert!(draft(bad).check().is_err(), "{bad}");
        }
    }
}
