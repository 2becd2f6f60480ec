//! Measures the colours of `style/tokens.css` by the WCAG formula, light and dark.

const TOKENS: &str = include_str!("../../../style/tokens.css");
const SURFACES: [&str; 4] = ["bg", "surface", "sunken", "overlay"];
const FAMILIES: [&str; 7] = ["neutral", "info", "violet", "good", "caution", "notable", "danger"];
const TEXT_RATIO_MIN: f64 = 4.5;
const MARK_RATIO_MIN: f64 = 3.0;

/// Light and dark value of `--name: light-dark(#rrggbb, #rrggbb);`.
fn colours(name: &str) -> [[f64; 3]; 2] {
    let start = format!("--{name}: light-dark(");
    let (_, rest) = TOKENS.split_once(&start).unwrap_or_else(|| panic!("no {name}"));
    let (pair, _) = rest.split_once(')').expect("a closing bracket");
    let (light, dark) = pair.split_once(',').expect("two colours");
    [light, dark].map(|hex| {
        let hex = hex.trim().strip_prefix('#').expect("a hex colour");
        [0, 2, 4].map(|at| {
            let byte = u8::from_str_radix(&hex[at..at + 2], 16).expect("two hex digits");
            f64::from(byte) / 255.0
        })
    })
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] =
        colour.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The lower of the ratios in light and dark.
fn ratio(front: &str, back: &str) -> f64 {
    let (front, back) = (colours(front), colours(back));
    let of = |scheme: usize| {
        let (a, b) = (luminance(front[scheme]), luminance(back[scheme]));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    };
    of(0).min(of(1))
}

fn at_least(minimum: f64, pairs: impl IntoIterator<Item = (String, String)>) {
    for (front, back) in pairs {
        let ratio = ratio(&front, &back);
        assert!(ratio >= minimum, "{front} on {back}: {ratio:.2} is below {minimum}");
    }
}

fn on_surfaces(front: &str) -> impl Iterator<Item = (String, String)> {
    SURFACES.into_iter().map(move |back| (front.to_owned(), back.to_owned()))
}

#[test]
fn text_is_readable_on_every_surface() {
    let texts = ["text", "text-muted", "text-subtle", "link", "danger-fg"];
    at_least(TEXT_RATIO_MIN, texts.into_iter().flat_map(on_surfaces));
}

#[test]
fn text_is_readable_on_every_tint() {
    let tints = FAMILIES.map(|family| format!("{family}-tint"));
    let others = ["accent-tint", "selection", "mark"].map(str::to_owned);
    let backs = tints.into_iter().chain(others);
    at_least(TEXT_RATIO_MIN, backs.map(|back| ("text".to_owned(), back)));
    let own = FAMILIES.map(|family| (format!("{family}-fg"), format!("{family}-tint")));
    at_least(TEXT_RATIO_MIN, own);
}

#[test]
fn words_on_buttons_are_readable() {
    let pairs = [
        ("on-accent", "accent"),
        ("on-accent", "accent-hover"),
        ("accent", "accent-tint"),
        ("on-destroy", "destroy"),
        ("on-destroy", "destroy-hover"),
    ];
    let owned = pairs.map(|(front, back)| (front.to_owned(), back.to_owned()));
    at_least(TEXT_RATIO_MIN, owned);
}

#[test]
fn marks_and_edges_are_visible_on_every_surface() {
    let solids = FAMILIES.map(|family| format!("{family}-solid"));
    for front in solids.iter().map(String::as_str).chain(["border-strong", "focus"]) {
        at_least(MARK_RATIO_MIN, on_surfaces(front));
    }
}
