//! Accounts, one-time links, sign-in, login sessions, tokens.

use notebook::{
    actor::{Actor, PersonId, Role, Via},
    desk::Desk,
    events::{self, about},
    fault::Error,
    people::{
        AcceptDraft, Account, InviteDraft, NewAccount, PasswordDraft, ProfileDraft, ResetDraft, RightsDraft, Scope,
        SetupDraft, SoloDraft, Theme, TokenDraft, acts, secrets,
    },
    refusal::Refusal,
};

use crate::each_db::Book;

const PASSWORD: &str = "correct horse battery";
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    match result {
        Err(Error::Refused(refusal)) => refusal.code(),
        other => panic!("not a refusal: {other:?}"),
    }
}

fn troubles<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<String> {
    match result {
        Err(Error::Refused(Refusal::Unfit { troubles })) => troubles.into_iter().map(|trouble| trouble.field).collect(),
        other => panic!("no troubles: {other:?}"),
    }
}

fn setup(token: &str, name: &str) -> SetupDraft {
    SetupDraft {
        token: token.into(),
        name: name.into(),
        email: format!("{name}@example.org"),
        password: PASSWORD.into(),
        zone: "Europe/Berlin".into(),
        ..SetupDraft::default()
    }
}

fn desk_of(book: &Book, account: &Account) -> Desk {
    book.notebook.desk(Actor::Person(account.as_person()), Via::Form)
}

async fn member(book: &Book, name: &str, role: Role) -> Account {
    let draft = NewAccount {
        email: format!("{name}@example.org"),
        name: name.into(),
        role: role.word().into(),
        password: PASSWORD.into(),
        zone: String::new(),
    };
    acts::add(&book.system(), &draft).await.unwrap()
}

async fn trail(book: &Book, kind: &str, object: &str) -> Vec<String> {
    let mut tx = book.system().begin_read().await.unwrap();
    events::of_object(&mut tx, kind, object).await.unwrap().into_iter().map(|line| line.act).collect()
}

each_db!(the_first_admin_comes_by_a_link_that_works_once, book => {
    let token = acts::setup_link(&book.system()).await.unwrap().unwrap();
    let bad = SetupDraft { email: "ana".into(), password: "short".into(), begin_with: "everything".into(), ..setup(&token, "Ana") };
    assert_eq!(troubles(acts::set_up(&book.nobody(), &bad).await), ["email", "password", "begin_with"]);

    let ana = acts::set_up(&book.nobody(), &SetupDraft { solo: "on".into(), ..setup(&token, "Ana") }).await.unwrap();
    assert_eq!((ana.role, ana.email.as_str(), ana.zone.as_str()), (Role::Admin, "ana@example.org", "Europe/Berlin"));
    assert!(acts::solo(&desk_of(book, &ana)).await.unwrap());
    assert!(ana.can_revert, "whoever is alone has nobody else to count on");
    assert!(!member(book, "zoe", Role::Admin).await.can_revert, "and whoever comes later is asked");
    assert_eq!(trail(book, about::PERSON, &ana.id.0.to_string()).await, ["set the notebook up"]);
    assert_eq!(trail(book, about::SETTING, "solo").await, ["changed"]);

    assert_eq!(code(acts::set_up(&book.nobody(), &setup(&token, "Ben")).await), "not_now");
    assert!(acts::setup_link(&book.system()).await.unwrap().is_none(), "a notebook with people offers no setup");
    assert!(acts::sign_in(&book.nobody(), " ANA@example.org ", PASSWORD).await.is_ok());
});

each_db!(a_setup_link_ends_after_thirty_minutes_and_a_newer_one_replaces_it, book => {
    let first = acts::setup_link(&book.system()).await.unwrap().unwrap();
    let second = acts::setup_link(&book.system()).await.unwrap().unwrap();
    assert_eq!(code(acts::set_up(&book.nobody(), &setup(&first, "Ana")).await), "not_now");
    book.clock.pass_ms(30 * MINUTE_MS);
    assert_eq!(code(acts::set_up(&book.nobody(), &setup(&second, "Ana")).await), "not_now");
    assert_eq!(acts::count(&book.notebook).await.unwrap(), 0);
});

each_db!(of_two_setups_at_the_same_time_one_wins, book => {
    let token = acts::setup_link(&book.system()).await.unwrap().unwrap();
    let (ana, ben) = (setup(&token, "Ana"), setup(&token, "Ben"));
    let (nobody, anyone) = (book.nobody(), book.nobody());
    let (first, second) = tokio::join!(acts::set_up(&nobody, &ana), acts::set_up(&anyone, &ben));
    let won = [first, second].into_iter().flatten().count();
    assert_eq!(won, 1);
    assert_eq!(acts::count(&book.notebook).await.unwrap(), 1);
});

each_db!(an_account_added_by_the_operator_ends_a_setup_under_way, book => {
    let token = acts::setup_link(&book.system()).await.unwrap().unwrap();
    member(book, "ben", Role::Admin).await;
    assert_eq!(code(acts::set_up(&book.nobody(), &setup(&token, "Ana")).await), "not_now");
});

each_db!(only_an_admin_or_the_operator_adds_people, book => {
    let viewer = book.person("Vera", Role::Viewer).await;
    let draft = NewAccount { email: "new@example.org".into(), name: "New".into(), role: "viewer".into(), ..NewAccount::default() };
    assert_eq!(code(acts::add(&viewer, &draft).await), "not_allowed");
    assert_eq!(code(acts::add(&book.nobody(), &draft).await), "sign_in");
    let admin = book.person("Ada", Role::Admin).await;
    let account = acts::add(&admin, &draft).await.unwrap();
    assert!(!account.has_password);
    assert_eq!(account.zone, "UTC");
    assert_eq!(code(acts::add(&admin, &draft).await), "taken");
    let names: Vec<String> = acts::list(&viewer).await.unwrap().into_iter().map(|account| account.name).collect();
    assert_eq!(names, ["Ada", "New", "Vera"]);
});

each_db!(an_invitation_makes_one_account_with_its_role, book => {
    let admin = book.person("Ada", Role::Admin).await;
    let draft = InviteDraft { email: "Ben@Example.org".into(), role: "contributor".into() };
    let token = acts::invite(&admin, &draft).await.unwrap();
    let open = acts::invitations(&admin).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].email.as_str(), open[0].role, open[0].made_by.as_deref()), ("ben@example.org", Role::Contributor, Some("Ada")));
    assert_eq!(acts::invitation(&book.notebook, &token).await.unwrap(), ("ben@example.org".into(), Role::Contributor));

    let accept = AcceptDraft { token: token.to_lowercase(), name: "Ben".into(), password: PASSWORD.into(), zone: "UTC".into() };
    let weak = AcceptDraft { password: "password1234".into(), ..accept.clone() };
    assert_eq!(troubles(acts::accept(&book.nobody(), &weak).await), ["password"]);
    let ben = acts::accept(&book.nobody(), &accept).await.unwrap();
    assert_eq!((ben.email.as_str(), ben.role), ("ben@example.org", Role::Contributor));
    assert_eq!(code(acts::accept(&book.nobody(), &accept).await), "not_now");
    assert!(acts::invitations(&admin).await.unwrap().is_empty());
    assert_eq!(code(acts::invite(&admin, &draft).await), "taken");
});

each_db!(an_invitation_ends_when_revoked_replaced_or_old, book => {
    let admin = book.person("Ada", Role::Admin).await;
    let draft = InviteDraft { email: "ben@example.org".into(), role: "viewer".into() };
    let first = acts::invite(&admin, &draft).await.unwrap();
    let second = acts::invite(&admin, &draft).await.unwrap();
    assert_eq!(code(acts::invitation(&book.notebook, &first).await), "not_now");
    let open = acts::invitations(&admin).await.unwrap();
    assert_eq!(open.len(), 1);
    acts::revoke_invitation(&admin, &open[0].key).await.unwrap();
    assert_eq!(code(acts::invitation(&book.notebook, &second).await), "not_now");
    assert_eq!(code(acts::revoke_invitation(&admin, &open[0].key).await), "missing");

    let third = acts::invite(&admin, &draft).await.unwrap();
    book.clock.pass_ms(7 * DAY_MS);
    assert_eq!(code(acts::invitation(&book.notebook, &third).await), "not_now");
    assert!(acts::invitations(&admin).await.unwrap().is_empty());
    assert_eq!(trail(book, about::PERSON, "invitation").await, ["invited", "invited", "revoked", "invited"]);
});

each_db!(a_setup_token_opens_no_other_door, book => {
    let setup_token = acts::setup_link(&book.system()).await.unwrap().unwrap();
    assert_eq!(code(acts::invitation(&book.notebook, &setup_token).await), "not_now");
    assert_eq!(code(acts::reset_for(&book.notebook, &setup_token).await), "not_now");
    let ana = member(book, "ana", Role::Admin).await;
    let reset = acts::reset_link(&book.system(), ana.id).await.unwrap();
    assert_eq!(code(acts::invitation(&book.notebook, &reset).await), "not_now");
});

each_db!(a_reset_link_sets_a_password_and_ends_every_login_session, book => {
    let ana = member(book, "ana", Role::Admin).await;
    let session = acts::Kept { key: "k1", person: Some(ana.id), data: "{}", agent: "Firefox" };
    assert!(acts::create_session(&book.notebook, &session).await.unwrap());
    let token = acts::reset_link(&book.system(), ana.id).await.unwrap();
    assert_eq!(acts::reset_for(&book.notebook, &token).await.unwrap().id, ana.id);
    let draft = ResetDraft { token, password: "an entirely new one".into() };
    acts::reset_password(&book.nobody(), &draft).await.unwrap();
    assert_eq!(acts::load_session(&book.notebook, "k1").await.unwrap(), None);
    assert_eq!(code(acts::reset_password(&book.nobody(), &draft).await), "not_now");
    assert_eq!(troubles(acts::sign_in(&book.nobody(), "ana@example.org", PASSWORD).await), ["password"]);
    assert!(acts::sign_in(&book.nobody(), "ana@example.org", "an entirely new one").await.is_ok());
    let person = ana.id.0.to_string();
    assert_eq!(trail(book, about::PERSON, &person).await, ["added", "reset link made", "password reset"]);
});

each_db!(the_last_admin_stays, book => {
    let ana = member(book, "ana", Role::Admin).await;
    let desk = desk_of(book, &ana);
    let viewer = RightsDraft { role: "viewer".into(), can_revert: String::new(), version: ana.version.to_string() };
    assert_eq!(code(acts::set_rights(&desk, ana.id, &viewer).await), "not_now");
    assert_eq!(code(acts::disable(&desk, ana.id).await), "not_now");
    let can_revert = RightsDraft { role: "admin".into(), can_revert: "on".into(), ..viewer.clone() };
    assert!(acts::set_rights(&desk, ana.id, &can_revert).await.unwrap().can_revert);
    assert_eq!(code(acts::set_rights(&desk, ana.id, &can_revert).await), "stale");

    let ben = member(book, "ben", Role::Admin).await;
    acts::disable(&desk, ben.id).await.unwrap();
    assert_eq!(code(acts::disable(&desk, ana.id).await), "not_now");
    acts::enable(&desk, ben.id).await.unwrap();
    assert!(acts::disable(&desk, ana.id).await.unwrap().disabled);
});

each_db!(two_admins_cannot_take_the_last_right_from_each_other, book => {
    let (ana, ben) = (member(book, "ana", Role::Admin).await, member(book, "ben", Role::Admin).await);
    let (by_ana, by_ben) = (desk_of(book, &ana), desk_of(book, &ben));
    let (first, second) = tokio::join!(acts::disable(&by_ana, ben.id), acts::disable(&by_ben, ana.id));
    assert_eq!([first, second].into_iter().flatten().count(), 1);
    let left = acts::list(&book.system()).await.unwrap().into_iter().filter(|account| !account.disabled).count();
    assert_eq!(left, 1);
});

each_db!(a_disabled_person_is_out_everywhere, book => {
    member(book, "ana", Role::Admin).await;
    let ben = member(book, "ben", Role::Contributor).await;
    let desk = desk_of(book, &ben);
    let (_, plain) = acts::make_token(&desk, &TokenDraft { name: "ci".into(), scope: "all".into(), days: String::new() }).await.unwrap();
    let session = acts::Kept { key: "k1", person: Some(ben.id), data: "{}", agent: "" };
    assert!(acts::create_session(&book.notebook, &session).await.unwrap());
    let reset = acts::reset_link(&book.system(), ben.id).await.unwrap();

    acts::disable(&book.system(), ben.id).await.unwrap();
    assert_eq!(code(acts::sign_in(&book.nobody(), "ben@example.org", PASSWORD).await), "not_now");
    assert_eq!(troubles(acts::sign_in(&book.nobody(), "ben@example.org", "some other password").await), ["password"]);
    assert_eq!(acts::load_session(&book.notebook, "k1").await.unwrap(), None);
    assert_eq!(acts::person_of_token(&book.notebook, &plain).await.unwrap(), None);
    assert_eq!(acts::find(&book.notebook, ben.id).await.unwrap(), None);
    assert_eq!(code(acts::reset_for(&book.notebook, &reset).await), "not_now");
    assert_eq!(code(acts::reset_link(&book.system(), ben.id).await), "not_now");

    acts::enable(&book.system(), ben.id).await.unwrap();
    assert!(acts::sign_in(&book.nobody(), "ben@example.org", PASSWORD).await.is_ok());
    assert_eq!(trail(book, about::PERSON, &ben.id.0.to_string()).await, ["added", "token made", "reset link made", "disabled", "enabled"]);
});

each_db!(after_five_wrong_passwords_even_the_right_one_waits, book => {
    member(book, "ana", Role::Admin).await;
    for address in ["ana@example.org", "unknown@example.org"] {
        for _ in 0..5 {
            assert_eq!(troubles(acts::sign_in(&book.nobody(), address, "wrong").await), ["password"], "{address}");
        }
        let Err(Error::Refused(Refusal::TooOften { wait_s })) = acts::sign_in(&book.nobody(), address, PASSWORD).await else {
            panic!("{address} did not have to wait")
        };
        assert_eq!(wait_s, 30);
    }
    book.clock.pass_ms(30_000);
    assert_eq!(troubles(acts::sign_in(&book.nobody(), "ana@example.org", "wrong").await), ["password"]);
    book.clock.pass_ms(59_000);
    assert_eq!(code(acts::sign_in(&book.nobody(), "ana@example.org", PASSWORD).await), "too_often");
    book.clock.pass_ms(1_000);
    assert!(acts::sign_in(&book.nobody(), "ana@example.org", PASSWORD).await.is_ok());
    assert!(acts::sign_in(&book.nobody(), "ana@example.org", PASSWORD).await.is_ok(), "a right password clears the count");
});

each_db!(wrong_passwords_are_forgotten_after_fifteen_minutes, book => {
    member(book, "ana", Role::Admin).await;
    for _ in 0..4 {
        assert_eq!(troubles(acts::sign_in(&book.nobody(), "ana@example.org", "wrong").await), ["password"]);
    }
    book.clock.pass_ms(15 * MINUTE_MS);
    for _ in 0..5 {
        assert_eq!(troubles(acts::sign_in(&book.nobody(), "ana@example.org", "wrong").await), ["password"]);
    }
});

each_db!(an_endless_password_is_wrong_without_being_hashed, book => {
    member(book, "ana", Role::Admin).await;
    let endless = "x".repeat(5_000_000);
    assert_eq!(troubles(acts::sign_in(&book.nobody(), "ana@example.org", &endless).await), ["password"]);
});

each_db!(changing_ones_password_takes_the_old_one_and_ends_other_sessions, book => {
    let ana = member(book, "ana", Role::Admin).await;
    let desk = desk_of(book, &ana);
    for key in ["here", "elsewhere"] {
        let session = acts::Kept { key, person: Some(ana.id), data: "{}", agent: "Firefox" };
        assert!(acts::create_session(&book.notebook, &session).await.unwrap());
    }
    let wrong = PasswordDraft { old: "not it at all".into(), new: "an entirely new one".into() };
    assert_eq!(troubles(acts::change_password(&desk, &wrong, "here").await), ["old"]);
    let weak = PasswordDraft { old: PASSWORD.into(), new: "short".into() };
    assert_eq!(troubles(acts::change_password(&desk, &weak, "here").await), ["new"]);
    let right = PasswordDraft { old: PASSWORD.into(), new: "an entirely new one".into() };
    acts::change_password(&desk, &right, "here").await.unwrap();
    assert!(acts::load_session(&book.notebook, "here").await.unwrap().is_some());
    assert!(acts::load_session(&book.notebook, "elsewhere").await.unwrap().is_none());
    assert!(acts::sign_in(&book.nobody(), "ana@example.org", "an entirely new one").await.is_ok());
});

each_db!(guessing_the_old_password_is_limited_like_signing_in, book => {
    let ana = member(book, "ana", Role::Admin).await;
    let desk = desk_of(book, &ana);
    let wrong = PasswordDraft { old: "not it at all".into(), new: "an entirely new one".into() };
    for _ in 0..5 {
        assert_eq!(troubles(acts::change_password(&desk, &wrong, "").await), ["old"]);
    }
    assert_eq!(code(acts::change_password(&desk, &wrong, "").await), "too_often");
});

each_db!(ones_own_profile_keeps_name_zone_and_theme, book => {
    let ana = member(book, "ana", Role::Viewer).await;
    let desk = desk_of(book, &ana);
    let draft = ProfileDraft { name: "Ana B.".into(), zone: "Asia/Tokyo".into(), theme: "dark".into(), version: ana.version.to_string() };
    let changed = acts::change_profile(&desk, &draft).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.zone.as_str(), changed.theme), ("Ana B.", "Asia/Tokyo", Theme::Dark));
    assert_eq!(code(acts::change_profile(&desk, &draft).await), "stale");
    assert_eq!(acts::set_theme(&desk, Theme::Light).await.unwrap().theme, Theme::Light);
    assert_eq!(acts::own(&desk).await.unwrap(), acts::load(&desk, ana.id).await.unwrap());
    let bad = ProfileDraft { zone: "Mars/Olympus".into(), theme: "sepia".into(), ..draft };
    assert_eq!(troubles(acts::change_profile(&desk, &bad).await), ["zone", "theme"]);
});

each_db!(working_alone_is_a_switch_of_admins, book => {
    let viewer = book.person("Vera", Role::Viewer).await;
    let admin = book.person("Ada", Role::Admin).await;
    assert!(!acts::solo(&viewer).await.unwrap());
    assert_eq!(code(acts::set_solo(&viewer, &SoloDraft { solo: "on".into() }).await), "not_allowed");
    assert!(acts::set_solo(&admin, &SoloDraft { solo: "on".into() }).await.unwrap());
    assert!(acts::set_solo(&admin, &SoloDraft { solo: "on".into() }).await.unwrap());
    assert!(acts::solo(&viewer).await.unwrap());
    assert!(!acts::set_solo(&admin, &SoloDraft::default()).await.unwrap());
    assert_eq!(trail(book, about::SETTING, "solo").await, ["changed", "changed"], "switching to what it is already is no change");
});

each_db!(working_alone_does_not_hold_while_somebody_else_can_act, book => {
    let ada = book.person("Ada", Role::Admin).await;
    let on = SoloDraft { solo: "on".into() };
    assert!(acts::set_solo(&ada, &on).await.unwrap());
    let ben = member(book, "ben", Role::Contributor).await;
    assert!(!acts::solo(&ada).await.unwrap() && !acts::set_solo(&ada, &on).await.unwrap());
    let now = acts::solo_now(&ada).await.unwrap();
    assert_eq!((now.is_on, now.people, now.holds()), (true, 2, false), "the switch stays as it was set");
    acts::disable(&ada, ben.id).await.unwrap();
    assert!(acts::solo(&ada).await.unwrap());
});

each_db!(a_login_session_ends_after_twelve_quiet_hours_or_seven_days, book => {
    let ana = member(book, "ana", Role::Admin).await;
    let session = acts::Kept { key: "k1", person: Some(ana.id), data: r#"{"a":1}"#, agent: "Firefox" };
    assert!(acts::create_session(&book.notebook, &session).await.unwrap());
    assert!(!acts::create_session(&book.notebook, &session).await.unwrap(), "a taken key is not overwritten");
    for _ in 0..14 {
        book.clock.pass_ms(DAY_MS / 2 - 1_000);
        assert_eq!(acts::load_session(&book.notebook, "k1").await.unwrap().as_deref(), Some(r#"{"a":1}"#));
        acts::save_session(&book.notebook, &session).await.unwrap();
    }
    book.clock.pass_ms(15_000);
    assert_eq!(acts::load_session(&book.notebook, "k1").await.unwrap(), None, "seven days are over");

    let idle = acts::Kept { key: "k2", ..session };
    assert!(acts::create_session(&book.notebook, &idle).await.unwrap());
    book.clock.pass_ms(DAY_MS / 2);
    assert_eq!(acts::load_session(&book.notebook, "k2").await.unwrap(), None);
});

each_db!(an_ended_login_session_does_not_come_back_from_a_request_under_way, book => {
    let ana = member(book, "ana", Role::Admin).await;
    let session = acts::Kept { key: "k1", person: Some(ana.id), data: "{}", agent: "" };
    assert!(acts::create_session(&book.notebook, &session).await.unwrap());
    acts::delete_session(&book.notebook, "k1").await.unwrap();
    acts::save_session(&book.notebook, &session).await.unwrap();
    assert_eq!(acts::load_session(&book.notebook, "k1").await.unwrap(), None);
});

each_db!(people_see_and_end_their_own_login_sessions_only, book => {
    let (ana, ben) = (member(book, "ana", Role::Admin).await, member(book, "ben", Role::Viewer).await);
    for (key, person, agent) in [("a1", ana.id, "Firefox\r\nX: y"), ("a2", ana.id, "Safari"), ("a3", ana.id, "curl"), ("b1", ben.id, "Chrome")] {
        let session = acts::Kept { key, person: Some(person), data: "{}", agent };
        assert!(acts::create_session(&book.notebook, &session).await.unwrap());
        book.clock.pass_ms(1_000);
    }
    let desk = desk_of(book, &ana);
    let agents: Vec<String> = acts::sessions(&desk).await.unwrap().into_iter().map(|session| session.agent).collect();
    assert_eq!(agents, ["curl", "Safari", "FirefoxX: y"]);
    assert_eq!(code(acts::end_session(&desk, "b1").await), "missing");
    acts::end_session(&desk, "a3").await.unwrap();
    assert_eq!(acts::end_other_sessions(&desk, "a1").await.unwrap(), 1);
    assert!(acts::load_session(&book.notebook, "a1").await.unwrap().is_some());
    assert!(acts::load_session(&book.notebook, "b1").await.unwrap().is_some());
    assert_eq!(code(acts::end_all_sessions(&desk_of(book, &ben), None).await), "not_allowed");
    assert_eq!(acts::end_all_sessions(&desk, Some(ben.id)).await.unwrap(), 1);
    assert_eq!(acts::end_all_sessions(&book.system(), None).await.unwrap(), 1);
});

each_db!(a_token_stands_for_its_person_until_revoked_or_expired, book => {
    let ana = member(book, "ana", Role::Contributor).await;
    let ben = member(book, "ben", Role::Viewer).await;
    let desk = desk_of(book, &ana);
    let draft = TokenDraft { name: "ci".into(), scope: "ingest".into(), days: "30".into() };
    let (token, plain) = acts::make_token(&desk, &draft).await.unwrap();
    assert!(plain.ends_with(&token.ending));
    assert_eq!(acts::person_of_token(&book.notebook, &plain).await.unwrap(), Some((ana.as_person(), Scope::Ingest)));
    let used_at = acts::tokens(&desk).await.unwrap()[0].used_at;
    assert_eq!(used_at, Some(book.notebook.now()));

    book.clock.pass_ms(59_000);
    acts::person_of_token(&book.notebook, &plain).await.unwrap();
    assert_eq!(acts::tokens(&desk).await.unwrap()[0].used_at, used_at, "noted at most once a minute");
    book.clock.pass_ms(1_000);
    acts::person_of_token(&book.notebook, &plain).await.unwrap();
    assert_eq!(acts::tokens(&desk).await.unwrap()[0].used_at, Some(book.notebook.now()));

    let unknown = secrets::token().unwrap();
    for wrong in ["", "rtl_p_", plain.trim_end_matches(|c: char| c.is_ascii_alphanumeric()), unknown.as_str()] {
        assert_eq!(acts::person_of_token(&book.notebook, wrong).await.unwrap(), None, "{wrong}");
    }
    assert_eq!(code(acts::revoke_token(&desk_of(book, &ben), token.id).await), "missing");
    let (second, other) = acts::make_token(&desk, &draft).await.unwrap();
    acts::revoke_token(&desk, second.id).await.unwrap();
    assert_eq!(acts::person_of_token(&book.notebook, &other).await.unwrap(), None);
    book.clock.pass_ms(30 * DAY_MS);
    assert_eq!(acts::person_of_token(&book.notebook, &plain).await.unwrap(), None);
    assert_eq!(acts::tokens(&desk).await.unwrap().len(), 1, "an expired token is still listed");
});

each_db!(no_secret_stands_in_the_database_as_it_was_given_out, book => {
    let setup_token = acts::setup_link(&book.system()).await.unwrap().unwrap();
    let ana = acts::set_up(&book.nobody(), &setup(&setup_token, "Ana")).await.unwrap();
    let desk = desk_of(book, &ana);
    let invite = acts::invite(&desk, &InviteDraft { email: "ben@example.org".into(), role: "viewer".into() }).await.unwrap();
    let reset = acts::reset_link(&desk, ana.id).await.unwrap();
    let (_, token) = acts::make_token(&desk, &TokenDraft { name: "ci".into(), scope: "all".into(), days: String::new() }).await.unwrap();
    let session = acts::Kept { key: &secrets::session_key("cookie-value"), person: Some(ana.id), data: "{}", agent: "" };
    acts::create_session(&book.notebook, &session).await.unwrap();
    let typed = "a password in the address field";
    assert_eq!(troubles(acts::sign_in(&book.nobody(), typed, "wrong").await), ["password"]);

    let text = everything(book).await;
    assert!(text.contains("ana@example.org"), "the dump holds the tables");
    for secret in [setup_token.as_str(), &invite, &reset, &token, PASSWORD, "cookie-value", typed] {
        assert!(!text.contains(secret), "{secret} stands in the database");
        assert!(!text.contains(&secret.replace('-', "")), "{secret} stands in the database without hyphens");
    }
});

/// Every column of every table that could hold a secret, as one text.
async fn everything(book: &Book) -> String {
    const TABLES: [&str; 9] = [
        "people",
        "links",
        "login_sessions",
        "login_failures",
        "tokens",
        "settings",
        "events",
        "once_keys",
        "counters",
    ];
    let mut text = String::new();
    match &book.notebook.db {
        notebook::db::Db::Sqlite { read, .. } => {
            for table in TABLES {
                let columns: Vec<String> = sqlx::query_scalar("select name from pragma_table_info($1)")
                    .bind(table)
                    .fetch_all(read)
                    .await
                    .unwrap();
                for column in columns {
                    let query = format!("select coalesce(cast({column} as text), '') from {table}");
                    let values: Vec<String> =
                        sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_all(read).await.unwrap();
                    text.push_str(&values.join("\n"));
                }
            }
        }
        notebook::db::Db::Postgres(pool) => {
            for table in TABLES {
                let query = format!("select cast(t as text) from {table} t");
                let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_all(pool).await.unwrap();
                text.push_str(&rows.join("\n"));
            }
        }
    }
    text
}

each_db!(a_form_sent_twice_adds_one_person, book => {
    let mut desk = book.system();
    desk.once = Some("form-1".into());
    let draft = NewAccount { email: "ana@example.org".into(), name: "Ana".into(), role: "admin".into(), ..NewAccount::default() };
    acts::add(&desk, &draft).await.unwrap();
    assert_eq!(code(acts::add(&desk, &draft).await), "done");
    assert_eq!(acts::count(&book.notebook).await.unwrap(), 1);
});

each_db!(what_is_not_there_is_missing, book => {
    let admin = book.person("Ada", Role::Admin).await;
    let nobody = PersonId(999);
    assert_eq!(code(acts::load(&admin, nobody).await), "missing");
    assert_eq!(code(acts::disable(&admin, nobody).await), "missing");
    assert_eq!(code(acts::reset_link(&admin, nobody).await), "missing");
    assert_eq!(code(acts::revoke_token(&admin, 999).await), "missing");
    assert_eq!(code(acts::own(&book.nobody()).await), "sign_in");
    assert_eq!(code(acts::find_by_email(&admin, "nobody@example.org").await), "missing");
});
