//! E-mail over SMTP. Whom the server talks to is the operator's to say, so no rule judges that address.

use std::{fs, path::Path, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        AsyncSmtpTransportBuilder,
        client::{Certificate, Tls, TlsParameters},
    },
};
use notebook::notifications::{bodies::Mail, retry::Outcome};
use reqwest::Url;

use crate::{config::Settings, outgoing::use_one_crypto};

/// For each answer of the mail server.
const ANSWER: Duration = Duration::from_secs(10);
/// From connecting to the last answer: shorter than a turn lasts.
const WHOLE: Duration = Duration::from_secs(30);

/// What e-mail will be sent with.
struct Making {
    transport: AsyncSmtpTransportBuilder,
    from: Mailbox,
}

impl Making {
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
        Ok(Self { transport, from })
    }

    /// Takes a mail server's certificate from the authorities in this file as well.
    fn trusting(self, url: &str, path: &Path) -> Result<Self, String> {
        let pem = fs::read(path).map_err(|trouble| format!("cannot be read: {}", trouble.kind()))?;
        let tls = with_authorities(url, &pem)?;
        Ok(Self { transport: self.transport.tls(tls), ..self })
    }

    fn build(self) -> Mailer {
        Mailer { transport: self.transport.timeout(Some(ANSWER)).build(), from: self.from }
    }
}

/// The encryption that an address says, with these authorities beside the usual ones.
fn with_authorities(url: &str, pem: &[u8]) -> Result<Tls, String> {
    const WANTED: &str = "holds no certificate in PEM";
    let url = Url::parse(url).map_err(|_| "stands beside an smtp_url that is no address".to_owned())?;
    if !pem.windows(PEM_BEGINS.len()).any(|part| part == PEM_BEGINS) {
        return Err(WANTED.into());
    }
    let authorities = Certificate::from_pem(pem).map_err(|_| WANTED.to_owned())?;
    let parameters = TlsParameters::builder(url.host_str().unwrap_or_default().to_owned())
        .add_root_certificate(authorities)
        .build()
        .map_err(|_| WANTED.to_owned())?;
    match (url.scheme(), said_of_tls(&url).as_deref()) {
        ("smtps", _) => Ok(Tls::Wrapper(parameters)),
        (_, Some("required")) => Ok(Tls::Required(parameters)),
        (_, Some(_)) => Ok(Tls::Opportunistic(parameters)),
        (_, None) => Err("stands beside an smtp_url without encryption".into()),
    }
}

const PEM_BEGINS: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Sends e-mail.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// As the settings say; None where they say nothing, or which setting is wrong and a clause about that.
    pub fn of(settings: &Settings) -> Result<Option<Self>, (&'static str, String)> {
        match (&settings.smtp_url, &settings.smtp_from) {
            (None, None) if settings.smtp_ca_file.is_some() => {
                Err(("smtp_ca_file", "needs smtp_url beside it, where e-mail goes out".into()))
            }
            (None, None) => Ok(None),
            (Some(_), None) => Err(("smtp_url", "needs smtp_from beside it, whom e-mail comes from".into())),
            (None, Some(_)) => Err(("smtp_from", "needs smtp_url beside it, where e-mail goes out".into())),
            (Some(url), Some(from)) => {
                let mailer = Making::new(url, from).map_err(|says| ("smtp_url", says))?;
                let Some(path) = &settings.smtp_ca_file else { return Ok(Some(mailer.build())) };
                let mailer = mailer.trusting(url, path).map_err(|says| ("smtp_ca_file", says))?;
                Ok(Some(mailer.build()))
            }
        }
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
    Url::parse(url).is_ok_and(|url| said_of_tls(&url).as_deref() == Some("required"))
}

fn said_of_tls(url: &Url) -> Option<String> {
    url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned())
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
        let taken = |url: &str| Making::new(url, "Retrial <retrial@example.org>").map(|_| ());
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
        assert!(Making::new("smtp://127.0.0.1", "nobody").is_err());
    }

    /// Of an authority that signs nothing.
    const AUTHORITY: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBmTCCAT+gAwIBAgIUW3Nbo3fTu82Rv2yUPnd0F2YasagwCgYIKoZIzj0EAwIw\n\
ITEfMB0GA1UEAwwWTWFpbCBDQSBvZiBleGFtcGxlLm9yZzAgFw0yNjExMjcxODMx\n\
NTBaGA8yMTI2MTEwMzE4MzE1MFowITEfMB0GA1UEAwwWTWFpbCBDQSBvZiBleGFt\n\
cGxlLm9yZzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBEPieAF8Q9q/ECdtqdg\n\
x/kLSz3zWbRvM3Rzv5nPuBghnEXLoq/v2F3+4u7Di91U4L2UpGZScozh5yJnlCKV\n\
cj+jUzBRMB0GA1UdDgQWBBTI2+ZIP0hNNubxuCLZx268N9NYUTAfBgNVHSMEGDAW\n\
gBTI2+ZIP0hNNubxuCLZx268N9NYUTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49\n\
BAMCA0gAMEUCIB+zQh0r+lNsGEG5Y/rZgcS6pVlubftbtJo8lDqQcRhgAiEAlaWV\n\
4UC09kgmsZ8ZhiOrnpPcnwQUorXptjUtqYDtOR0=\n\
-----END CERTIFICATE-----\n";

    #[test]
    fn an_authority_of_ones_own_is_taken_where_anything_is_encrypted() {
        let taken = |url: &str, pem: &str| with_authorities(url, pem.as_bytes()).map(|_| ());
        for url in
            ["smtps://mail.example.org", "smtp://a:b@mail.example.org?tls=required", "smtp://a?tls=opportunistic"]
        {
            assert_eq!(taken(url, AUTHORITY), Ok(()), "{url}");
        }
        assert!(taken("smtp://mail.example.org", AUTHORITY).unwrap_err().contains("without encryption"));
        for pem in ["", "mail.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            assert!(taken("smtps://mail.example.org", pem).unwrap_err().contains("no certificate"), "{pem}");
        }
    }

    #[test]
    fn what_people_wrote_adds_no_header() {
        let mailer = Making::new("smtp://127.0.0.1", "Retrial <retrial@example.org>").unwrap().build();
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
