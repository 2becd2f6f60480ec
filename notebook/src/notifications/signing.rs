//! Signatures by Standard Webhooks: who receives a message can tell that it came from here, whole and now.
//!
//! Secrets are made from the server's key and kept nowhere, so neither the database nor an archive holds one.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::{
    desk::sha256_hex,
    fault::{Fault, Result},
};

/// The key of a server, or of all servers of one notebook.
#[derive(Clone)]
pub struct ServerKey([u8; 32]);

/// One signing secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl ServerKey {
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.trim().as_bytes()).into())
    }

    /// What tells one key from another and gives none away.
    pub fn fingerprint(&self) -> String {
        let mut hex = sha256_hex(&[b"fingerprint|".as_slice(), &self.0].concat());
        hex.truncate(16);
        hex
    }

    /// A webhook's secret with this number.
    pub fn secret(&self, webhook: i64, number: i64) -> Result<Secret> {
        mac(&self.0, format!("webhook|{webhook}|{number}").as_bytes()).map(Secret)
    }
}

impl Secret {
    /// As Standard Webhooks writes secrets: `whsec_` and base64.
    pub fn shown(&self) -> String {
        format!("whsec_{}", STANDARD.encode(&self.0))
    }
}

/// `webhook-signature`: one for each secret, so that a receiver that has any of them can tell.
pub fn signatures(secrets: &[Secret], message: &str, timestamp_s: i64, body: &str) -> Result<String> {
    let signed = format!("{message}.{timestamp_s}.{body}");
    let each = secrets.iter().map(|secret| Ok(format!("v1,{}", STANDARD.encode(mac(&secret.0, signed.as_bytes())?))));
    Ok(each.collect::<Result<Vec<_>>>()?.join(" "))
}

fn mac(key: &[u8], text: &[u8]) -> Result<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|e| Fault::Work(format!("signing: {e}")))?;
    mac.update(text);
    Ok(mac.finalize().into_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_standard_webhooks_comes_out() {
        let secret = Secret(STANDARD.decode("C2FVsBQIhrscChlQIMV+b5sSYspob7oD").unwrap());
        let body = r#"{"email":"test@example.com","username":"test_user"}"#;
        let id = "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk";
        let signed = signatures(std::slice::from_ref(&secret), id, 1_649_367_553, body).unwrap();
        assert_eq!(signed, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
        assert_eq!(secret.shown(), "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
        let both = signatures(&[secret.clone(), secret], id, 1_649_367_553, body).unwrap();
        assert_eq!(both, format!("{signed} {signed}"));
    }

    #[test]
    fn every_secret_is_another_one_and_comes_out_again() {
        let (key, other) = (ServerKey::of("a key\n"), ServerKey::of("another"));
        assert!(key.secret(1, 1).unwrap() == ServerKey::of("a key").secret(1, 1).unwrap());
        let all = [key.secret(1, 1), key.secret(1, 2), key.secret(2, 1), other.secret(1, 1)];
        let all: std::collections::BTreeSet<String> = all.into_iter().map(|secret| secret.unwrap().shown()).collect();
        assert_eq!(all.len(), 4);
        assert!(all.iter().all(|text| text.len() == "whsec_".len() + 44), "32 bytes each: {all:?}");
        assert_ne!(key.fingerprint(), other.fingerprint());
    }
}
