//! The one place where chance comes from, and the forms of what only its owner may know.

use rand::{TryRng, rngs::SysRng};

use crate::{
    desk::sha256_hex,
    fault::{Fault, Result},
};

/// Random bytes from the operating system.
pub fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(|e| Fault::Work(format!("no random bytes: {e}")))?;
    Ok(bytes)
}

/// A random word in hexadecimal, two letters for each of its bytes.
pub fn word<const N: usize>() -> Result<String> {
    Ok(hex(&bytes::<N>()?))
}

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// No I, L, O, U: nothing that reads like something else.
const CODE_LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The token of a one-time link: 140 random bits as `7K4Q-M2XD-…`, fit for reading aloud.
pub fn code() -> Result<String> {
    let random = bytes::<28>()?;
    let mut code = String::with_capacity(34);
    for (index, byte) in random.iter().enumerate() {
        if index > 0 && index % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(CODE_LETTERS[usize::from(byte % 32)]));
    }
    Ok(code)
}

/// What is stored of a one-time link's token. Hyphens, spaces and case do not matter.
pub(crate) fn code_key(code: &str) -> String {
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).take(200).map(|c| c.to_ascii_uppercase()).collect();
    sha256_hex(format!("link|{plain}").as_bytes())
}

/// What is stored of a login session's cookie.
pub fn session_key(id: &str) -> String {
    sha256_hex(format!("session|{id}").as_bytes())
}

/// What is stored of an account's name while its wrong passwords are counted. People type
/// passwords into the wrong field.
pub(crate) fn failures_key(email: &str) -> String {
    sha256_hex(format!("account|{email}").as_bytes())
}

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const TOKEN_START: &str = "rtl_p_";
const TOKEN_LETTERS: usize = 36;
const SUM_LETTERS: usize = 6;

/// A personal token: `rtl_p_`, 36 random letters (214 bits), 6 letters of checksum. The fixed form
/// lets secret scanners find it, and the checksum lets them and the server drop typing errors.
pub fn token() -> Result<String> {
    let mut text = String::from(TOKEN_START);
    while text.len() < TOKEN_START.len() + TOKEN_LETTERS {
        // 248 = 4 × 62: beyond it the first letters would come more often.
        let fair = bytes::<48>()?.into_iter().filter(|byte| *byte < 248);
        let missing = TOKEN_START.len() + TOKEN_LETTERS - text.len();
        text.extend(fair.take(missing).map(|byte| char::from(BASE62[usize::from(byte % 62)])));
    }
    let sum = checksum(&text);
    Ok(text + &sum)
}

fn checksum(text: &str) -> String {
    let mut rest = crc32fast::hash(text.as_bytes());
    let mut letters = [b'0'; SUM_LETTERS];
    for letter in letters.iter_mut().rev() {
        *letter = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    letters.iter().map(|letter| char::from(*letter)).collect()
}

/// What is stored of a token, if the text has a token's form and checksum.
pub(crate) fn token_key(text: &str) -> Option<String> {
    let letters = text.strip_prefix(TOKEN_START)?;
    let formed = letters.len() == TOKEN_LETTERS + SUM_LETTERS && letters.bytes().all(|b| b.is_ascii_alphanumeric());
    if !formed {
        return None;
    }
    let (body, sum) = text.split_at(TOKEN_START.len() + TOKEN_LETTERS);
    (checksum(body) == sum).then(|| sha256_hex(format!("token|{text}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_its_form_and_a_typing_error_is_seen() {
        let plain = token().unwrap();
        assert_eq!(plain.len(), 48);
        assert!(token_key(&plain).is_some());
        for index in TOKEN_START.len()..plain.len() {
            let mut letters: Vec<u8> = plain.bytes().collect();
            letters[index] = if letters[index] == b'x' { b'y' } else { b'x' };
            assert_eq!(token_key(&String::from_utf8(letters).unwrap()), None, "letter {index}");
        }
        assert_eq!(token_key(""), None);
        assert_eq!(token_key("rtl_p_"), None);
        assert_eq!(token_key(&format!("rtl_s_{}", &plain[6..])), None);
    }

    #[test]
    fn the_checksum_never_moves() {
        // Tokens in use are checked by it.
        assert_eq!(checksum("rtl_p_000000000000000000000000000000000000"), "1SfPkW");
    }

    #[test]
    fn a_link_code_reads_the_same_with_other_hyphens_and_case() {
        let plain = code().unwrap();
        assert_eq!(plain.len(), 34);
        assert_eq!(code_key(&plain), code_key(&plain.replace('-', " ").to_lowercase()));
        assert_ne!(code_key(&plain), code_key(&code().unwrap()));
    }
}
