//! E-mail to a mail server of the test's own: what arrives says why it came, and what is refused comes later.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::http::StatusCode;
use notebook::{
    actor::Role,
    runs::{
        self,
        drafts::{PlanDraft, WordsDraft},
    },
};
use server::{
    config::{Flags, Settings, Surroundings},
    delivering::{Deliverer, Means},
    mail::Mailer,
    outgoing::{Outgoing, Rules},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::{story::Story, world::HTTPS};

#[derive(Clone)]
struct Post {
    address: SocketAddr,
    taken: Arc<Mutex<Vec<String>>>,
    refuses: Arc<AtomicBool>,
    knows_nobody: Arc<AtomicBool>,
}

impl Post {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let post = Self { address, taken: Arc::default(), refuses: Arc::default(), knows_nobody: Arc::default() };
        let of_task = post.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(of_task.clone().talk(stream));
            }
        });
        post
    }

    /// As much SMTP as a sender needs. Whoever hangs up is no trouble of the test.
    async fn talk(self, stream: TcpStream) {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut answer = "220 post.example.org".to_owned();
        loop {
            if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                return;
            }
            let Ok(Some(line)) = lines.next_line().await else { return };
            answer = match line.split([' ', ':']).next().unwrap_or_default().to_uppercase().as_str() {
                "MAIL" if self.refuses.load(Ordering::SeqCst) => "451 come again later".into(),
                "RCPT" if self.knows_nobody.load(Ordering::SeqCst) => "550 no such mailbox".into(),
                "DATA" => {
                    drop(write.write_all(b"354 go on\r\n").await);
                    let mut message = String::new();
                    while let Ok(Some(line)) = lines.next_line().await {
                        if line == "." {
                            break;
                        }
                        message.push_str(&line);
                        message.push('\n');
                    }
                    self.taken.lock().unwrap().push(message);
                    "250 taken".into()
                }
                "QUIT" => "221 bye".into(),
                _ => "250 post.example.org".into(),
            };
        }
    }

    fn mailer(&self) -> Mailer {
        let values =
            [("smtp_url", format!("smtp://{}", self.address)), ("smtp_from", "retrial@example.org".to_owned())];
        let flags = Flags { config: None, values: values.into() };
        let settings = Settings::read(&flags, &Surroundings::default()).unwrap();
        Mailer::of(&settings).unwrap().unwrap()
    }
}

fn deliverer(story: &Story, mailer: Option<Mailer>) -> Deliverer {
    let means = Means { origin: HTTPS.into(), keys: story.world.state.keys.clone(), mailer };
    Deliverer::new(story.world.notebook.clone(), Outgoing::new(Rules::default(), None), means)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_says_why_it_came_and_is_tried_again_where_it_was_not_taken() {
    let (story, post) = (Story::new().await, Post::start().await);
    // What happened before goes to inboxes only.
    deliverer(&story, None).round().await;
    let deliverer = deliverer(&story, Some(post.mailer()));
    let experiment = story.experiment.to_string();
    let plan = PlanDraft { experiment, observers: "Ben".into(), ..PlanDraft::default() };
    let run = runs::acts::plan(&story.ana, &plan).await.unwrap().id;
    post.refuses.store(true, Ordering::SeqCst);
    deliverer.round().await;
    assert!(post.taken.lock().unwrap().is_empty());
    post.refuses.store(false, Ordering::SeqCst);
    story.world.clock.pass_ms(10_000);
    deliverer.round().await;
    deliverer.round().await;
    let taken = post.taken.lock().unwrap().clone();
    assert_eq!(taken.len(), 1, "Ana is not told of what she did: {taken:?}");
    for words in [
        "To: ben@example.org",
        &format!("Subject: {run} is planned"),
        "Message-ID: <msg_",
        &format!("{HTTPS}/{run}"),
        "because you are on the run",
    ] {
        assert!(taken[0].contains(words), "{words}: {}", taken[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_that_is_not_there_holds_up_nothing_that_comes_later() {
    let (story, post) = (Story::new().await, Post::start().await);
    deliverer(&story, None).round().await;
    let deliverer = deliverer(&story, Some(post.mailer()));
    let experiment = story.experiment.to_string();
    let plan = PlanDraft { experiment, observers: "Ben".into(), ..PlanDraft::default() };
    let run = runs::acts::plan(&story.ana, &plan).await.unwrap().id;
    post.knows_nobody.store(true, Ordering::SeqCst);
    deliverer.round().await;
    post.knows_nobody.store(false, Ordering::SeqCst);
    let why = WordsDraft { text: "Release day".into(), ..WordsDraft::default() };
    runs::acts::cancel(&story.ana, run, &why).await.unwrap();
    deliverer.round().await;
    let taken = post.taken.lock().unwrap().clone();
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert!(taken[0].contains("was cancelled") && taken[0].contains("List-Unsubscribe: "), "{}", taken[0]);

    let mut ben = story.world.browser();
    ben.sign_in("Ben").await;
    let page = ben.get("/profile/mail").await;
    let says = page.says("#deliveries");
    assert!(says.contains(&format!("{run} is planned")) && says.contains("is not taken by the mail server"), "{says}");
    let again = page.all("form[action$=\"/resend\"]", "action").pop().unwrap();
    let sent = ben.fill(&page, &again, &[]).await;
    assert_eq!(sent.header("location"), "/profile/mail", "{}", sent.says("main"));
    deliverer.round().await;
    assert!(post.taken.lock().unwrap()[1].contains("is planned"));
    assert_eq!(ben.get("/mail").await.status, StatusCode::FORBIDDEN);
    let mut root = story.world.signed_in("Root", Role::Admin).await;
    let page = root.get("/mail").await;
    let says = page.says("#deliveries");
    assert!(says.contains("Ben") && says.contains("run.planned"), "{says}");
    assert!(!page.text().contains("is planned"), "what it says is not shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_a_mail_server_leaves_mail_to_one_that_has_it() {
    let (story, post) = (Story::new().await, Post::start().await);
    let (without, with) = (deliverer(&story, None), deliverer(&story, Some(post.mailer())));
    without.round().await;
    with.announce().await;
    let experiment = story.experiment.to_string();
    let plan = PlanDraft { experiment, observers: "Ben".into(), ..PlanDraft::default() };
    let run = runs::acts::plan(&story.ana, &plan).await.unwrap().id;
    without.round().await;
    assert!(post.taken.lock().unwrap().is_empty(), "it cannot send any itself");
    with.round().await;
    let taken = post.taken.lock().unwrap().clone();
    assert!(taken.len() == 1 && taken[0].contains(&format!("{run} is planned")), "{taken:?}");
}
