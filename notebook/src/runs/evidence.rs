//! What shows how a run was: links and images. What an image is, its content says; names and declared types
//! are not asked.

use serde::{Deserialize, Serialize};

use crate::{experiments::plan::vocabulary, text::Link};

vocabulary! {
    /// What kind of image.
    ImageKind {
        Png = "png", "PNG";
        Jpeg = "jpeg", "JPEG";
        Gif = "gif", "GIF";
        Webp = "webp", "WebP";
    }
}

/// One piece of evidence. An image is known by the SHA-256 of its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Evidence {
    Link { link: Link },
    Image { format: ImageKind, bytes: i64, sha256: String },
}

impl ImageKind {
    /// As browsers name it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
        }
    }

    // By hand: four signatures. A crate would know a hundred kinds, and each of the others is refused.
    fn of(content: &[u8]) -> Option<Self> {
        let at = |place: usize, bytes: &[u8]| content.get(place..).is_some_and(|rest| rest.starts_with(bytes));
        if at(0, b"\x89PNG\r\n\x1a\n") && at(12, b"IHDR") {
            Some(Self::Png)
        } else if at(0, &[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
            Some(Self::Gif)
        } else if at(0, b"RIFF") && at(8, b"WEBP") {
            Some(Self::Webp)
        } else {
            None
        }
    }
}

/// How far into a text one looks for a drawing.
const DRAWING_WITHIN_BYTES: usize = 1_024;

/// Which kind of image a file is by its content; otherwise a clause.
pub fn image_kind(content: &[u8]) -> Result<ImageKind, String> {
    if let Some(kind) = ImageKind::of(content) {
        return Ok(kind);
    }
    let start = content.get(..DRAWING_WITHIN_BYTES).unwrap_or(content);
    let start = String::from_utf8_lossy(start).to_lowercase();
    Err(if start.contains("<svg") {
        "is an SVG drawing, which can hold scripts; attach a PNG of it, or a link".into()
    } else {
        "is no PNG, JPEG, GIF or WebP image by its content, whatever its name says".into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_what_its_content_says() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01";
        let table: [(&[u8], Result<ImageKind, &str>); 12] = [
            (png, Ok(ImageKind::Png)),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Ok(ImageKind::Jpeg)),
            (b"GIF87a\x01\0", Ok(ImageKind::Gif)),
            (b"GIF89a\x01\0", Ok(ImageKind::Gif)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Ok(ImageKind::Webp)),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rXXXX", Err("is no PNG")),
            (b"RIFF\x10\0\0\0WAVEfmt ", Err("is no PNG")),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Err("SVG drawing")),
            (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x --><SVG onload='x'>", Err("SVG drawing")),
            (b"<!doctype html><script>alert(1)</script>", Err("is no PNG")),
            (b"%PDF-1.7", Err("is no PNG")),
            (b"", Err("is no PNG")),
        ];
        for (content, expected) in table {
            match (image_kind(content), expected) {
                (Ok(kind), Ok(expected)) => assert_eq!(kind, expected),
                (Err(says), Err(expected)) => assert!(says.contains(expected), "{content:?}: {says}"),
                (is, expected) => panic!("{content:?} is {is:?}, and not {expected:?}"),
            }
        }
    }

    #[test]
    fn evidence_keeps_its_spelling() {
        let image = Evidence::Image { format: ImageKind::Webp, bytes: 12, sha256: "ab".into() };
        let sent = serde_json::to_string(&image).unwrap();
        assert_eq!(sent, r#"{"is":"image","format":"webp","bytes":12,"sha256":"ab"}"#);
        assert_eq!(serde_json::from_str::<Evidence>(&sent).unwrap(), image);
    }
}
