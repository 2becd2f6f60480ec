//! E-mail over SMTP. Whom the server talks to is the operator's to say, so no rule judges that address.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use notebook::notifications::bodies::Mail;

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
            Some(("smtp", _)) => !url.contains("tls=required"),
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

    /// Or a clause that says why it was not taken. `id` stays the same over all tries.
    pub async fn send(&self, to: &str, id: &str, mail: &Mail) -> Result<(), String> {
        let to: Mailbox = to.parse().map_err(|_| "has no address that e-mail can go to".to_owned())?;
        let message = Message::builder()
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())
            .map_err(|trouble| format!("cannot be written: {trouble}"))?;
        match tokio::time::timeout(WHOLE, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(trouble)) => Err(format!("is not taken by the mail server: {trouble}")),
            Err(_) => Err("is not taken by the mail server in time".into()),
        }
    }
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
        for url in ["mail.example.org", "https://mail.example.org", "smtp://retrial:s3cret@mail.example.org"] {
            let says = taken(url).unwrap_err();
            assert!(!says.contains("s3cret"), "{says}");
        }
        assert!(Mailer::new("smtp://127.0.0.1", "nobody").is_err());
    }
}
