//! The contrast of the token file's colours, by the formula of WCAG 2: at least 4.5 for text and 3.0 for
//! solids, strong borders and focus, in light and in dark.

use std::collections::BTreeMap;

use crate::Complaint;
use crate::css::{Kind, pieces};

const SURFACES: &[&str] = &["bg", "surface", "sunken", "overlay"];
const TEXTS: &[&str] = &["text", "text-muted", "text-subtle", "link", "accent"];
const FAMILIES: &[&str] = &["neutral", "info", "violet", "good", "caution", "notable", "danger"];

const TEXT_MIN: f64 = 4.5;
const SHAPE_MIN: f64 = 3.0;

/// What stands on what, and how clearly it must.
struct Pair {
    front: String,
    back: String,
    least: f64,
}

fn pairs() -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut add = |front: &str, back: &str, least: f64| {
        pairs.push(Pair { front: front.to_owned(), back: back.to_owned(), least });
    };
    for surface in SURFACES {
        for text in TEXTS {
            add(text, surface, TEXT_MIN);
        }
        add("border-strong", surface, SHAPE_MIN);
        add("focus", surface, SHAPE_MIN);
    }
    for button in ["accent", "accent-hover"] {
        add("on-accent", button, TEXT_MIN);
    }
    for back in ["accent-tint", "selection", "mark"] {
        add("text", back, TEXT_MIN);
    }
    add("accent", "accent-tint", TEXT_MIN);
    for family in FAMILIES {
        let (foreground, tint, solid) = (format!("{family}-fg"), format!("{family}-tint"), format!("{family}-solid"));
        add(&foreground, &tint, TEXT_MIN);
        add("text", &tint, TEXT_MIN);
        for surface in SURFACES {
            add(&foreground, surface, TEXT_MIN);
            add(&solid, surface, SHAPE_MIN);
        }
    }
    pairs
}

pub fn unreadable_pairs(path: &str, css: &str) -> Vec<Complaint> {
    let tokens = tokens(css);
    let mut complaints = Vec::new();
    for pair in pairs() {
        let line = tokens.get(pair.front.as_str()).map_or(1, |token| token.line);
        match (colours(&tokens, &pair.front), colours(&tokens, &pair.back)) {
            (Ok(front), Ok(back)) => {
                for (theme, front, back) in [("light", front.0, back.0), ("dark", front.1, back.1)] {
                    let measured = contrast(front, back);
                    if measured < pair.least {
                        let advice = format!(
                            "--{} on --{} has a contrast of {measured:.2} in {theme}, less than {}; move its lightness away",
                            pair.front, pair.back, pair.least
                        );
                        complaints.push(Complaint::new(path, line, advice));
                    }
                }
            }
            (Err(reason), _) | (_, Err(reason)) => {
                complaints.push(Complaint::new(path, line, reason));
            }
        }
    }
    complaints.sort();
    complaints.dedup();
    complaints
}

struct Token {
    value: String,
    line: usize,
}

/// The first definition of each custom property.
fn tokens(css: &str) -> BTreeMap<String, Token> {
    let mut tokens = BTreeMap::new();
    for piece in pieces(css).into_iter().filter(|piece| piece.kind == Kind::Declaration) {
        let Some((name, value)) = piece.text.split_once(':') else {
            continue;
        };
        if let Some(name) = name.trim().strip_prefix("--") {
            let token = Token { value: value.trim().to_lowercase(), line: piece.line };
            tokens.entry(name.to_owned()).or_insert(token);
        }
    }
    tokens
}

/// Red, green and blue as light, each from 0 to 1.
type Light = [f64; 3];

/// A token's colours in light and in dark. An error says what is wrong with it.
fn colours(tokens: &BTreeMap<String, Token>, name: &str) -> Result<(Light, Light), String> {
    // A name may stand for another one, but not in a circle.
    const NAMES_MAX: usize = 8;
    let mut name = name.to_owned();
    for _ in 0..NAMES_MAX {
        let token = tokens.get(&name).ok_or_else(|| format!("--{name} is missing; the contrast rules need it"))?;
        if let Some(other) = token.value.strip_prefix("var(--").and_then(|rest| rest.strip_suffix(')')) {
            other.clone_into(&mut name);
            continue;
        }
        let (light, dark) = match token.value.strip_prefix("light-dark(").and_then(|rest| rest.strip_suffix(')')) {
            Some(both) => both.split_once(',').unwrap_or((both, both)),
            None => (token.value.as_str(), token.value.as_str()),
        };
        let read = |text: &str| {
            colour(text.trim())
                .ok_or_else(|| format!("--{name}: `{}` is neither #rrggbb nor oklch(l c h)", text.trim()))
        };
        return Ok((read(light)?, read(dark)?));
    }
    Err(format!("--{name} stands for itself"))
}

fn colour(text: &str) -> Option<Light> {
    match text.strip_prefix('#') {
        Some(digits) => hex(digits),
        None => oklch(text.strip_prefix("oklch(")?.strip_suffix(')')?),
    }
}

fn hex(digits: &str) -> Option<Light> {
    let whole: String = match digits.len() {
        3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        6 => digits.to_owned(),
        _ => return None,
    };
    let number = u32::from_str_radix(&whole, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue].map(|part| linear(f64::from(part) / 255.0)))
}

/// sRGB's curve, undone.
fn linear(part: f64) -> f64 {
    if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

/// Lightness (0 to 1, or percent), chroma, hue in degrees. What sRGB cannot show is cut off.
fn oklch(text: &str) -> Option<Light> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let [lightness, chroma, hue] = parts.as_slice() else {
        return None;
    };
    let lightness = match lightness.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().ok()? / 100.0,
        None => lightness.parse().ok()?,
    };
    let (chroma, hue): (f64, f64) = (chroma.parse().ok()?, hue.trim_end_matches("deg").parse().ok()?);
    let (sine, cosine) = hue.to_radians().sin_cos();
    let (green_red, blue_yellow) = (chroma * cosine, chroma * sine);
    let cone = |first: f64, second: f64| (lightness + first * green_red + second * blue_yellow).powi(3);
    let long = cone(0.396_337_777_4, 0.215_803_757_3);
    let middle = cone(-0.105_561_345_8, -0.063_854_172_8);
    let short = cone(-0.089_484_177_5, -1.291_485_548);
    let light = [
        4.076_741_662_1 * long - 3.307_711_591_3 * middle + 0.230_969_929_2 * short,
        -1.268_438_004_6 * long + 2.609_757_401_1 * middle - 0.341_319_396_5 * short,
        -0.004_196_086_3 * long - 0.703_418_614_7 * middle + 1.707_614_701 * short,
    ];
    Some(light.map(|part: f64| part.clamp(0.0, 1.0)))
}

fn luminance([red, green, blue]: Light) -> f64 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(front: Light, back: Light) -> f64 {
    let (front, back) = (luminance(front), luminance(back));
    (front.max(back) + 0.05) / (front.min(back) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::{colour, colours, contrast, tokens, unreadable_pairs};

    fn between(front: &str, back: &str) -> f64 {
        contrast(colour(front).unwrap(), colour(back).unwrap())
    }

    #[test]
    fn black_on_white_is_21_and_known_pairs_have_their_figures() {
        assert!((between("#000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((between("#767676", "#fff") - 4.54).abs() < 0.01);
        assert!((between("#777777", "#fff") - 4.48).abs() < 0.01);
    }

    #[test]
    fn oklch_and_hex_name_the_same_colour() {
        // sRGB red, green and white in OKLCH
        for (first, second) in [
            ("oklch(62.796% 0.25768 29.234)", "#ff0000"),
            ("oklch(0.86644 0.29483 142.495)", "#00ff00"),
            ("oklch(100% 0 0)", "#fff"),
        ] {
            assert!((between(first, second) - 1.0).abs() < 0.01, "{first}");
        }
    }

    #[test]
    fn a_pair_too_close_in_one_theme_is_found() {
        let css = ":root { --bg: light-dark(#ffffff, #000000); --text: light-dark(#000, #222222); }";
        let found = unreadable_pairs("style/tokens.css", css);
        assert!(found.iter().any(|found| { found.advice.starts_with("--text on --bg has a contrast of 1.3") }));
        assert!(
            !found.iter().any(|found| found.advice.contains("--text on --bg") && found.advice.contains("in light"))
        );
    }

    #[test]
    fn a_missing_colour_is_found_and_a_second_name_is_followed() {
        let css = ":root { --a: var(--b); --b: #fff; --c: var(--c) }";
        let tokens = tokens(css);
        assert_eq!(colours(&tokens, "a"), Ok(([1.0; 3], [1.0; 3])));
        assert_eq!(colours(&tokens, "c"), Err("--c stands for itself".to_owned()));
        assert!(colours(&tokens, "d").is_err());
    }
}
