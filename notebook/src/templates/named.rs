//! `dns-failure@2`: one version of a template, by name.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{id::number_of, text::Slug};

/// A template's slug with the number of one of its versions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TemplateName {
    pub slug: Slug,
    pub version: i64,
}

impl fmt::Display for TemplateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.slug, self.version)
    }
}

impl FromStr for TemplateName {
    type Err = String;

    /// Otherwise a clause that follows the field's name.
    fn from_str(text: &str) -> Result<Self, String> {
        let no = || "takes a template with its version, like dns-failure@1".to_owned();
        let (slug, version) = text.trim().split_once('@').ok_or_else(no)?;
        Ok(Self { slug: Slug::new(slug).map_err(|_| no())?, version: number_of(version).ok_or_else(no)? })
    }
}

impl Serialize for TemplateName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TemplateName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_what_it_prints() {
        let name: TemplateName = " dns-failure@2 ".parse().unwrap();
        assert_eq!((name.slug.as_str(), name.version), ("dns-failure", 2));
        assert_eq!(name.to_string(), "dns-failure@2");
        assert_eq!(serde_json::from_str::<TemplateName>(&serde_json::to_string(&name).unwrap()).unwrap(), name);
        for bad in ["", "dns-failure", "dns-failure@", "dns-failure@0", "dns-failure@01", "DNS@1", "@1", "a@1@2"] {
            assert!(bad.parse::<TemplateName>().is_err(), "{bad} was taken");
        }
    }
}
