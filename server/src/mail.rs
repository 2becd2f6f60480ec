//! E-mail over SMTP. Whom the server talks to is the operator's to say, so no rule judges that address.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use notebook::notifications::{bodies::Mail, retry::Outcome};
use reqwest::Url;

use crate::{config::Settings, outgoing::use_one_crypto};

/// For each answer of the mail server.
const ANSWER: Duration = Duration::from_secs(10);
/// From connecting to the last answer: shorter than a turn lasts.
const WHOLE: Duration = Duration::from_secs(30);

/// Sends e-mail.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// As the settings say; None where they say nothing, or a clause about what is wrong.
    pub fn of(settings: &Settings) -> Result<Option<Self>, String> {
        match (&settings.smtp_url, &settings.smtp_from) {
            (None, None) => Ok(None),
            (Some(_), None) => Err("needs smtp_from beside it, whom e-mail comes from".into()),
            (None, Some(_)) => Err("needs smtp_url beside it, where e-mail goes out".into()),
            (Some(url), Some(from)) => Self::new(url, from).map(Some),
        }
    }

    fn new(url: &str, from: &str) -> Result<Self, String> {
        const WANTED: &str = "takes an address like smtps://user:password@mail.example.org";
        let is_plain = match url.split_once("://") {
            Some(("smtps", _)) => false,
            Some(("smtp", _)) => !demands_tls(url),
            _ => return Err(WANTED.into()),
        };
        if is_plain && url.contains('@') {
            return Err("would send a password that others can read; write smtps://, or ?tls=required behind it".into());
        }
        let from = from.parse().map_err(|_| "stands beside an smtp_from that is no address".to_owned())?;
        use_one_crypto();
        // What a parser says of an address can hold the password in it.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| WANTED.to_owned())?;
        Ok(Self { transport: transport.timeout(Some(ANSWER)).build(), from })
    }

    /// What came of it. `id` stays the same over all tries; `choices` is where its reader changes what comes.
    pub async fn send(&self, to: &str, id: &str, mail: &Mail, choices: &str) -> Outcome {
        let message = match self.written(to, id, mail, choices) {
            Ok(message) => message,
            Err(says) => return Outcome::Gone(says),
        };
        match tokio::time::timeout(WHOLE, self.transport.send(message)).await {
            Ok(Ok(_)) => Outcome::Delivered,
            Ok(Err(trouble)) => {
                let says = format!("is not taken by the mail server: {trouble}");
                let is_final = trouble.status().is_some_and(|code| is_about_the_mailbox(code.into()));
                if is_final { Outcome::Gone(says) } else { Outcome::Later(says, None) }
            }
            Err(_) => Outcome::Later("is not taken by the mail server in time".into(), None),
        }
    }

    /// Or a clause that says why it cannot be.
    fn written(&self, to: &str, id: &str, mail: &Mail, choices: &str) -> Result<Message, String> {
        let to: Mailbox = to.parse().map_err(|_| "has no address that e-mail can go to".to_owned())?;
        let raw = |name, value| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        Message::builder()
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .raw_header(raw("List-Unsubscribe", format!("<{choices}>")))
            // RFC 3834: nobody's "out of office" answers to it.
            .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()))
            .body(mail.text.clone())
            .map_err(|trouble| format!("cannot be written: {trouble}"))
    }
}

/// As whoever connects reads the address, so that no other part of it counts.
fn demands_tls(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| {
        let said = url.query_pairs().find(|(name, _)| name == "tls");
        said.is_some_and(|(_, value)| value == "required")
    })
}

/// Whether a mail server says that this mailbox takes no mail, now or later. Any other refusal can be a setting that
/// the operator mends: a password, a sender, a list of those who send too much.
fn is_about_the_mailbox(code: u16) -> bool {
    matches!(code, 550..=553 | 556)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_where_nobody_can_read_the_password() {
        let taken = |url: &str| Mailer::new(url, "Retrial <retrial@example.org>").map(|_| ());
        for url in [
            "smtps://retrial:s3cret@mail.example.org",
            "smtp://retrial:s3cret@mail.example.org:587?tls=required",
            "smtp://127.0.0.1:25",
        ] {
            assert_eq!(taken(url), Ok(()), "{url}");
        }
        for url in [
            "mail.example.org",
            "https://mail.example.org",
            "smtp://retrial:s3cret@mail.example.org",
            "smtp://retrial:s3cret@mail.example.org?tls=opportunistic&tls=required",
            "smtp://tls=required:s3cret@mail.example.org",
        ] {
            let says = taken(url).unwrap_err();
            assert!(!says.contains("s3cret"), "{says}");
        }
        assert!(Mailer::new("smtp://127.0.0.1", "nobody").is_err());
    }

    #[test]
    fn what_people_wrote_adds_no_header() {
        let mailer = Mailer::new("smtp://127.0.0.1", "Retrial <retrial@example.org>").unwrap();
        let mail = Mail { subject: "RUN-1\r\nBcc: eve@example.org".into(), text: "Words".into() };
        let written = mailer.written("ben@example.org", "msg_1", &mail, "https://a.example.org/x").unwrap();
        let text = String::from_utf8(written.formatted()).unwrap();
        assert!(text.lines().all(|line| !line.starts_with("Bcc")), "{text}");
        for words in ["List-Unsubscribe: <https://a.example.org/x>", "Auto-Submitted: auto-generated"] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(mailer.written("nobody", "msg_1", &mail, "https://a.example.org/x").is_err());
    }
}
