//! What is sent, by the form each target takes. A body is written once and is the same over all tries.

use serde_json::json;

use super::topics::Topic;
use crate::{foreign::shorten, limits::NOTICE_CHARS_MAX, time::Moment};

/// What there is to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub topic: Topic,
    /// When it was so.
    pub at: Moment,
    /// `RUN-317`
    pub object: String,
    /// One sentence without its full stop.
    pub says: String,
    /// Who did it; empty for the system.
    pub by: String,
}

/// What the type of a test is called.
pub const TEST: &str = "test";
const TEST_SAYS: &str = "A test: messages from Retrial arrive here";

impl Message {
    /// Where it can be read, on the site with this origin.
    fn address(&self, origin: &str) -> String {
        format!("{origin}/{}", self.object)
    }
}

/// Standard Webhooks: type, time and data.
pub fn standard(message: &Message, origin: &str) -> String {
    let Message { topic, at, object, says, by } = message;
    json!({
        "type": topic.word(),
        "timestamp": at.rfc3339(),
        "data": { "id": object, "says": says, "by": by, "url": message.address(origin) },
    })
    .to_string()
}

pub fn standard_test(at: Moment, origin: &str) -> String {
    json!({ "type": TEST, "timestamp": at.rfc3339(), "data": { "says": TEST_SAYS, "url": origin } }).to_string()
}

/// An incoming webhook of Slack, which Mattermost and others take as well. What people wrote stays text:
/// it can neither mention a channel nor make a link.
pub fn slack(message: &Message, origin: &str) -> String {
    let says = escaped(&message.says);
    let by = if message.by.is_empty() { String::new() } else { format!(" · {}", escaped(&message.by)) };
    let text = format!("<{}|{}>: {says}", link_part(&message.address(origin)), link_part(&escaped(&message.object)));
    json!({
        "text": says,
        "blocks": [
            { "type": "section", "text": { "type": "mrkdwn", "text": text } },
            { "type": "context", "elements": [{ "type": "mrkdwn", "text": format!("{}{by}", message.topic.label()) }] },
        ],
    })
    .to_string()
}

pub fn slack_test() -> String {
    json!({ "text": TEST_SAYS }).to_string()
}

/// Subject and text of an e-mail.
pub fn mail(message: &Message, because: &str, origin: &str) -> Mail {
    let by = if message.by.is_empty() { String::new() } else { format!("\nBy {}.", message.by) };
    Mail {
        subject: shorten::line(&message.says, NOTICE_CHARS_MAX),
        text: format!(
            "{}.{by}\n\n{}\n\nYou get this because {because}. Change what you get: {origin}/profile/notifications\n",
            message.says,
            message.address(origin),
        ),
    }
}

pub fn mail_test(origin: &str) -> Mail {
    Mail { subject: "A test from Retrial".into(), text: format!("{TEST_SAYS}.\n\n{origin}\n") }
}

/// An e-mail as it waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mail {
    pub subject: String,
    pub text: String,
}

/// Behind an `@` stands a space of no width: Mattermost, which takes this form as well, calls everybody at `@channel`.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('@', "@\u{200b}")
}

/// What may stand on either side of the bar of a link.
fn link_part(text: &str) -> String {
    text.replace(['|', '>', '<'], "")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn message(says: &str) -> Message {
        Message {
            topic: Topic::RunStarted,
            at: Moment::parse("2026-11-02T10:00:00Z").unwrap(),
            object: "RUN-3".into(),
            says: says.into(),
            by: "Ana".into(),
        }
    }

    fn read(body: &str) -> Value {
        serde_json::from_str(body).unwrap()
    }

    #[test]
    fn a_standard_body_has_type_time_and_one_link() {
        let body = read(&standard(&message("RUN-3 was started"), "https://retrial.example.org"));
        assert_eq!(body["type"], "run.started");
        assert_eq!(body["timestamp"], "2026-11-02T10:00:00Z");
        assert_eq!(body["data"]["url"], "https://retrial.example.org/RUN-3");
        assert_eq!(read(&standard_test(message("").at, "https://a"))["type"], TEST);
    }

    #[test]
    fn what_people_wrote_stays_text_in_slack() {
        let body =
            read(&slack(&message("RUN-3 was started: <!channel> & <https://a|b>"), "https://retrial.example.org"));
        let text = body["text"].as_str().unwrap();
        assert_eq!(text, "RUN-3 was started: &lt;!channel&gt; &amp; &lt;https://a|b&gt;");
        let block = body["blocks"][0]["text"]["text"].as_str().unwrap();
        assert!(block.starts_with("<https://retrial.example.org/RUN-3|RUN-3>: RUN-3 was started"), "{block}");
        assert_eq!(block.matches('<').count(), 1, "one link, and it is ours: {block}");
        let calls = slack(&message("RUN-3 was started: @channel @all"), "https://retrial.example.org");
        assert!(!calls.contains("@channel") && !calls.contains("@all"), "{calls}");
    }

    #[test]
    fn a_mail_says_why_it_came_and_where_to_change_that() {
        let mail =
            mail(&message("RUN-3 was started: Restart\none ZooKeeper"), "you own ingest", "https://a.example.org");
        assert_eq!(mail.subject, "RUN-3 was started: Restart one ZooKeeper");
        for words in ["because you own ingest", "https://a.example.org/RUN-3", "/profile/notifications", "By Ana."] {
            assert!(mail.text.contains(words), "{}", mail.text);
        }
    }
}
