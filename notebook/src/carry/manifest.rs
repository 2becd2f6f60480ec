//! The first member of an archive: what it is, and what each other member holds.

use serde::{Deserialize, Serialize};

use super::tables::Shape;
use crate::{desk::sha256_hex, time::Moment};

/// The archive's member.
pub const MANIFEST: &str = "manifest.json";
/// What the archive says it is.
pub const FORMAT: &str = "retrial-notebook";
/// The form of archives this program writes, and the latest it reads.
pub const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: String,
    pub version: u32,
    /// The program that wrote it.
    pub program: String,
    /// Which notebook it is; an archive goes into the same one or into an empty one.
    pub notebook: String,
    /// Whether password hashes, tokens and open links are in it.
    pub accounts: bool,
    /// The one thing that differs between two archives of the same contents.
    pub made_at: Moment,
    /// SHA-256 over everything else in the manifest but the program; equal for equal notebooks.
    pub contents: String,
    pub members: Vec<Member>,
    pub attachments: Attachments,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub name: String,
    pub lines: u64,
    pub bytes: u64,
    pub sha256: String,
}

impl Member {
    fn fact(&self) -> String {
        let Self { name, lines, bytes, sha256 } = self;
        format!("{name} {lines} {bytes} {sha256}")
    }
}

/// Their names are their checksums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachments {
    pub count: u64,
    pub bytes: u64,
}

/// What a manifest of any version says, asked before the rest is looked at.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

impl Manifest {
    pub fn new(
        notebook: &str,
        accounts: bool,
        made_at: Moment,
        members: Vec<Member>,
        attachments: Attachments,
    ) -> Self {
        let mut manifest = Self {
            format: FORMAT.into(),
            version: VERSION,
            program: env!("CARGO_PKG_VERSION").into(),
            notebook: notebook.into(),
            accounts,
            made_at,
            contents: String::new(),
            members,
            attachments,
        };
        manifest.contents = manifest.hash();
        manifest
    }

    /// One line for each fact that two archives of the same contents share.
    fn hash(&self) -> String {
        let Self { format, version, program: _, notebook, accounts, made_at: _, contents: _, members, attachments } =
            self;
        let mut facts = vec![format!("{format} {version}"), notebook.clone(), accounts.to_string()];
        facts.extend(members.iter().map(Member::fact));
        facts.push(format!("{} {}", attachments.count, attachments.bytes));
        sha256_hex(facts.join("\n").as_bytes())
    }

    pub fn lines(&self) -> u64 {
        self.members.iter().map(|member| member.lines).sum()
    }

    /// As the archive holds it: laid out for people.
    pub fn text(&self) -> String {
        // Names, numbers and texts only: this cannot fail.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The manifest in this text; otherwise a clause that follows its name.
    pub fn read(text: &str) -> Result<Self, String> {
        let head: Head = serde_json::from_str(text).map_err(|trouble| format!("does not read: {trouble}"))?;
        if head.format != FORMAT {
            return Err("belongs to no archive of Retrial".into());
        }
        if head.version > VERSION {
            return Err(format!(
                "says format {}, and this program reads formats up to {VERSION}; use a later Retrial",
                head.version
            ));
        }
        let manifest: Self = serde_json::from_str(text).map_err(|trouble| format!("does not read: {trouble}"))?;
        if manifest.hash() != manifest.contents {
            return Err("does not fit its own checksum: it was damaged or changed".into());
        }
        manifest.names_every_table()?;
        Ok(manifest)
    }

    fn names_every_table(&self) -> Result<(), String> {
        let shapes = Shape::all(self.accounts);
        let expected: Vec<String> = shapes.iter().map(Shape::member).collect();
        if let Some(unknown) = self.members.iter().find(|member| !expected.contains(&member.name)) {
            return Err(format!("names {}, which this version does not know; use a later Retrial", unknown.name));
        }
        if let Some(missing) = expected.iter().find(|name| self.members.iter().all(|member| member.name != **name)) {
            return Err(format!("does not name {missing}"));
        }
        let in_order = self.members.iter().map(|member| &member.name).eq(&expected);
        if in_order { Ok(()) } else { Err("names its members in another order or twice".into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(at: i64) -> Manifest {
        let member = |shape: &Shape| Member { name: shape.member(), lines: 0, bytes: 0, sha256: sha256_hex(b"") };
        let members = Shape::all(false).iter().map(member).collect();
        Manifest::new("n1", false, Moment::from_micros(at), members, Attachments::default())
    }

    #[test]
    fn two_manifests_of_the_same_contents_differ_in_their_time_only() {
        let (one, other) = (manifest(1).text(), manifest(2).text());
        let differing: Vec<_> = one.lines().zip(other.lines()).filter(|(one, other)| one != other).collect();
        assert_eq!(differing, [("  \"made_at\": 1,", "  \"made_at\": 2,")]);
        assert_eq!(Manifest::read(&one).unwrap(), manifest(1));
    }

    #[test]
    fn a_manifest_that_is_not_ours_is_refused_by_its_reason() {
        let good = manifest(1).text();
        for (text, says) in [
            (good.replace("\"version\": 1", "\"version\": 2"), "use a later Retrial"),
            (good.replace(FORMAT, "shopping-list"), "no archive of Retrial"),
            (good.replace("\"n1\"", "\"n2\""), "its own checksum"),
            (good.replace("\"lines\": 0", "\"lines\": 1"), "its own checksum"),
            (good.replace("\"accounts\"", "\"account\""), "unknown field `account`"),
            ("{}".into(), "does not read"),
        ] {
            let trouble = Manifest::read(&text).unwrap_err();
            assert!(trouble.contains(says), "{trouble}");
        }
        let mut less = manifest(1);
        less.members.pop();
        let trouble = Manifest::new("n1", false, less.made_at, less.members, less.attachments);
        assert!(Manifest::read(&trouble.text()).unwrap_err().contains("does not name events.jsonl"));
    }
}
