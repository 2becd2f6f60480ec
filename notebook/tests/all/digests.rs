//! The weekly digest: what it says, and that each person is told once, by their own clock.

use notebook::{
    actor::Role,
    desk::Desk,
    gamedays::{
        self,
        drafts::{CancelDraft, Draft as GameDayDraft},
    },
    notifications::{
        Target,
        acts::{self, Channels, Filter},
        choices::Draft as ChoicesDraft,
        digest::DigestPart,
        topics::Topic,
    },
    people::{self, ProfileDraft},
    retrials,
    runs::{self, drafts::PlanDraft},
    time::Moment,
};

use crate::{
    cadences::tuesdays,
    each_db::Book,
    gamedays::quorum_day,
    lab::{Lab, Trial, refused, restart_one_zookeeper},
    notifications::{fixed, inbox},
};

const DAY_MS: i64 = 86_400_000;

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn channels(mail: bool) -> Channels {
    Channels { origin: "https://retrial.example.org".into(), mail }
}

async fn tell(book: &Book, mail: bool) -> usize {
    acts::tell_digests(&book.system(), &channels(mail)).await.unwrap()
}

fn ids(part: &DigestPart) -> Vec<&str> {
    part.lines.iter().map(|line| line.of.as_str()).collect()
}

/// A run that is planned for a time, so that there is something to tell.
async fn plan(lab: &Lab<'_>, time: &str) {
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let plan = PlanDraft { experiment: experiment.to_string(), planned_at: time.into(), ..PlanDraft::default() };
    runs::acts::plan(&lab.ana, &plan).await.unwrap();
}

/// Without the digest.
fn others(topics: &[String]) -> Vec<String> {
    topics.iter().filter(|topic| *topic != "digest").cloned().collect()
}

async fn digests(desk: &Desk) -> usize {
    inbox(desk).await.into_iter().filter(|(topic, _)| *topic == Topic::Digest).count()
}

each_db!(a_digest_says_what_a_week_came_to_and_what_comes, book => {
    let lab = Lab::open(book).await;
    let (experiment, finding, fix) = fixed(&lab).await;
    lab.run(experiment, Trial { answers: vec![(fix, finding, "held")], ..Trial::default() }).await;
    let waiting = lab.fix(finding, "warn about short lists").await.id;
    lab.deploy(waiting, "production").await;
    notebook::cadences::acts::set(&lab.ana, experiment, &tuesdays(0)).await.unwrap();
    plan(&lab, "2026-11-11T10:00:00Z").await;
    book.clock.set(at("2026-11-09T08:00:00Z"));
    let digest = acts::digest(&lab.ana).await.unwrap();
    assert_eq!((digest.week.as_str(), digest.from), ("2026-11-09", at("2026-11-01T23:00:00Z")));
    let learnt = ids(&digest.learnt);
    assert_eq!(learnt, ["RUN-2", finding.to_string().as_str(), "RUN-1"], "the newest first");
    assert_eq!(ids(&digest.verified), [fix.to_string()]);
    assert_eq!(ids(&digest.unverified), [waiting.to_string()]);
    assert_eq!(ids(&digest.next), ["EXP-1", "RUN-3"], "a slot without a run, and a planned run");
    assert!(digest.turned.lines.is_empty());
    retrials::acts::tell(&book.system()).await.unwrap();
    book.clock.pass_ms(31 * DAY_MS);
    retrials::acts::tell(&book.system()).await.unwrap();
    book.clock.set(at("2026-12-14T08:00:00Z"));
    let digest = acts::digest(&lab.ana).await.unwrap();
    let turned: Vec<(&str, &str)> =
        digest.turned.lines.iter().map(|line| (line.of.as_str(), line.says.as_str())).collect();
    assert!(turned.contains(&(fix.to_string().as_str(), "turned stale")), "{turned:?}");
    assert!(ids(&digest.due).contains(&fix.to_string().as_str()), "{:?}", digest.due);
    assert!(digest.learnt.lines.is_empty(), "that was another week");
    assert_eq!(refused(acts::digest(&book.nobody()).await).status(), 401);
});

each_db!(game_days_of_the_week_that_has_begun_come_next, book => {
    let lab = Lab::open(book).await;
    plan(&lab, "2026-11-11T10:00:00Z").await;
    let with_run = GameDayDraft { date: "2026-11-12".into(), ..quorum_day(&["RUN-1"]) };
    gamedays::acts::write(&lab.ana, &with_run).await.unwrap();
    let off = GameDayDraft { date: "2026-11-13".into(), ..quorum_day(&[]) };
    let off = gamedays::acts::write(&lab.ana, &off).await.unwrap().id;
    gamedays::acts::cancel(&lab.ana, off, &CancelDraft { why: "no release".into() }).await.unwrap();
    // Of the 24th.
    gamedays::acts::write(&lab.ana, &quorum_day(&[])).await.unwrap();
    for (now, comes) in [
        ("2026-11-09T08:00:00Z", vec![("RUN-1", "planned"), ("GD-1", "game day with RUN-1")]),
        ("2026-11-12T10:00:00Z", vec![("RUN-1", "planned"), ("GD-1", "game day with RUN-1")]),
        ("2026-11-13T10:00:00Z", vec![("RUN-1", "planned")]),
        ("2026-11-23T08:00:00Z", vec![("GD-3", "game day")]),
    ] {
        book.clock.set(at(now));
        let digest = acts::digest(&lab.ana).await.unwrap();
        let next: Vec<(&str, &str)> =
            digest.next.lines.iter().map(|line| (line.of.as_str(), line.says.as_str())).collect();
        assert_eq!(next, comes, "{now}");
    }
});

each_db!(each_person_is_told_once_by_one_of_several_servers, book => {
    let lab = Lab::open(book).await;
    assert_eq!(tell(book, false).await, 0, "whoever is seen first hears from the next week on");
    plan(&lab, "2026-11-11T10:00:00Z").await;
    book.clock.set(at("2026-11-09T06:59:59Z"));
    assert_eq!(tell(book, false).await, 0);
    book.clock.set(at("2026-11-09T07:00:00Z"));
    let told = book.by_four(|system| async move { acts::tell_digests(&system, &channels(false)).await.unwrap() }).await;
    assert_eq!((told, tell(book, false).await), (2, 0));
    assert_eq!((digests(&lab.ana).await, digests(&lab.ben).await), (1, 1));
    let shown = acts::read(&lab.ben, &Filter::default()).await.unwrap();
    let own = shown.notices.iter().find(|notice| notice.topic == Topic::Digest).unwrap();
    assert_eq!((own.object.as_str(), own.says.as_str()), ("digest", "Digest of 9 Nov 2026: 1 to come this week"));
    book.person("Nora", Role::Viewer).await;
    assert_eq!(tell(book, false).await, 0, "who came after it");
    book.clock.set(at("2026-11-16T07:00:00Z"));
    assert_eq!(tell(book, false).await, 0, "nothing happened and nothing comes");
});

each_db!(the_week_in_which_clocks_change_is_told_by_ones_own_clock_once, book => {
    book.clock.set(at("2026-10-19T12:00:00Z"));
    let lab = Lab::open(book).await;
    let own = people::acts::own(&lab.ben).await.unwrap();
    let profile = ProfileDraft {
        name: "Ben".into(),
        zone: "America/New_York".into(),
        theme: "system".into(),
        version: own.version.to_string(),
    };
    people::acts::change_profile(&lab.ben, &profile).await.unwrap();
    tell(book, false).await;
    plan(&lab, "2026-10-28T10:00:00Z").await;
    // Clocks went back in Berlin on the 25th; those of New York follow a week later.
    for (now, told) in [
        ("2026-10-26T06:00:00Z", 0),
        ("2026-10-26T06:59:59Z", 0),
        ("2026-10-26T07:00:00Z", 1),
        ("2026-10-26T11:59:59Z", 0),
        ("2026-10-26T12:00:00Z", 1),
        ("2026-10-26T13:00:00Z", 0),
        ("2026-11-01T23:30:00Z", 0),
    ] {
        book.clock.set(at(now));
        assert_eq!(tell(book, false).await, told, "{now}");
    }
    assert_eq!((digests(&lab.ana).await, digests(&lab.ben).await), (1, 1));
    let digest = acts::digest(&lab.ana).await.unwrap();
    assert_eq!((digest.from, digest.until), (at("2026-10-18T22:00:00Z"), at("2026-10-25T23:00:00Z")));
});

each_db!(its_mail_is_one_and_waits_until_quiet_hours_end, book => {
    let lab = Lab::open(book).await;
    let choices = ChoicesDraft::of(&acts::chosen(&lab.ben).await.unwrap());
    let quiet = ChoicesDraft { quiet_from: "07:00".into(), quiet_to: "09:30".into(), ..choices };
    acts::choose(&lab.ben, &quiet).await.unwrap();
    tell(book, true).await;
    plan(&lab, "2026-11-11T10:00:00Z").await;
    book.clock.set(at("2026-11-09T07:00:00Z"));
    assert_eq!(tell(book, true).await, 2);
    assert_eq!(digests(&lab.ben).await, 1, "the inbox waits for nobody");
    let (system, ana) = (book.system(), Target::Mail(lab.ana.person_id().unwrap()));
    let ben = Target::Mail(lab.ben.person_id().unwrap());
    assert_eq!(acts::due(&system, true).await.unwrap(), [ana]);
    book.clock.set(at("2026-11-09T08:30:00Z"));
    assert_eq!(acts::due(&system, true).await.unwrap(), [ana, ben]);
    let job = acts::claim(&system, ben).await.unwrap().unwrap();
    for words in ["Digest of 9 Nov 2026: 1 to come this week", "RUN-1", "11 Nov 2026, 11:00 CET", "/digest", "a week is over"] {
        assert!(job.body.contains(words), "{words}: {}", job.body);
    }
});

each_db!(who_turns_it_off_is_not_told, book => {
    let lab = Lab::open(book).await;
    let choices = ChoicesDraft::of(&acts::chosen(&lab.ben).await.unwrap());
    let without = ChoicesDraft { inbox: others(&choices.inbox), mail: others(&choices.mail), ..choices };
    acts::choose(&lab.ben, &without).await.unwrap();
    tell(book, true).await;
    plan(&lab, "2026-11-11T10:00:00Z").await;
    book.clock.set(at("2026-11-09T07:00:00Z"));
    assert_eq!(tell(book, true).await, 1);
    assert_eq!((digests(&lab.ana).await, digests(&lab.ben).await), (1, 0));
    assert_eq!(acts::due(&book.system(), true).await.unwrap(), [Target::Mail(lab.ana.person_id().unwrap())]);
});
