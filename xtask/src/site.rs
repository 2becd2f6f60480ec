//! The site in `target/site`: islands as wasm, one stylesheet, static files, each with a compressed twin.
//!
//! It must be finished before a release server is compiled, because that embeds it.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions};
use lightningcss::targets::{Browsers, Targets};

use crate::command;
use crate::hash;
use crate::progress::Step;
use crate::stamp::{Asset, Stamp};
use crate::tools;

/// The name pages ask for: `retrial.js`, `retrial_bg.wasm`, `retrial.css`.
const OUTPUT_NAME: &str = "retrial";

/// Builds what changed and returns the site's folder.
pub fn build() -> Result<PathBuf, String> {
    let site = crate::target("site");
    tools::wasm_target()?;
    let wasm = compile_islands()?;
    let mut stamp = Stamp::load(site.clone());
    publish(&mut stamp, "islands", islands_inputs(&wasm)?, || pack_islands(&wasm))?;
    publish(&mut stamp, "stylesheet", hash::folder(&crate::at("style"))?, || Ok(vec![stylesheet()?]))?;
    publish(&mut stamp, "static files", hash::folder(&crate::at("style/static"))?, static_files)?;
    stamp.sweep()?;
    Ok(site)
}

/// One part as one step: kept when fresh, else made and written.
fn publish(
    stamp: &mut Stamp,
    part: &str,
    inputs: u64,
    make: impl FnOnce() -> Result<Vec<Asset>, String>,
) -> Result<(), String> {
    let step = Step::begin(part);
    // Another build of this program may make other files from the same inputs.
    let inputs = hash::bytes(&[&inputs.to_le_bytes(), &own_build()]);
    if stamp.is_fresh(part, inputs) {
        step.done("unchanged");
        return Ok(());
    }
    let result = make().and_then(|assets| {
        let bytes: usize = assets.iter().map(|asset| asset.content.len()).sum();
        stamp.publish(part, inputs, assets).map(|()| bytes)
    });
    match result {
        Ok(bytes) => step.done(&format!("{} bytes", thousands(bytes))),
        Err(_) => step.failed(),
    }
    result.map(|_| ())
}

fn own_build() -> Vec<u8> {
    let described = std::env::current_exe().and_then(std::fs::metadata).ok().map(|facts| {
        let seconds = facts.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        format!("{} {:?}", facts.len(), seconds)
    });
    described.unwrap_or_default().into_bytes()
}

fn compile_islands() -> Result<PathBuf, String> {
    let build = command::cargo(&[
        "build",
        "--locked",
        "--package=app",
        "--lib",
        "--no-default-features",
        "--features=hydrate",
        "--target=wasm32-unknown-unknown",
        "--profile=wasm-release",
    ]);
    command::as_step("wasm", build)?;
    Ok(crate::target("wasm32-unknown-unknown/wasm-release/app.wasm"))
}

fn islands_inputs(wasm: &Path) -> Result<u64, String> {
    let optimizer = match tools::wasm_opt() {
        Some(_) => hash::read(&crate::at("end2end/node_modules/binaryen/package.json"))?,
        None => Vec::new(),
    };
    Ok(hash::bytes(&[&hash::read(wasm)?, &optimizer]))
}

fn pack_islands(wasm: &Path) -> Result<Vec<Asset>, String> {
    let folder = crate::target("site-islands");
    remove_folder(&folder)?;
    bind(wasm, &folder)?;
    let bound = folder.join(format!("{OUTPUT_NAME}_bg.wasm"));
    match tools::wasm_opt() {
        Some(wasm_opt) => optimize(wasm_opt, &bound)?,
        None => println!(
            "\n  wasm-opt is not installed: pages load about twice the wasm they need. `npm ci` in end2end/ brings it."
        ),
    }
    let mut assets = Vec::new();
    for path in hash::files_below(&folder)? {
        let inside = path.strip_prefix(&folder).map_err(|e| format!("{}: {e}", path.display()))?;
        assets.push(Asset { path: format!("pkg/{}", url_path(inside)), content: hash::read(&path)? });
    }
    Ok(assets)
}

fn bind(wasm: &Path, folder: &Path) -> Result<(), String> {
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen
        .input_path(wasm)
        .web(true)
        .map_err(|e| format!("wasm-bindgen: {e:#}"))?
        .typescript(false)
        .out_name(OUTPUT_NAME)
        .omit_default_module_path(true);
    bindgen.generate(folder).map_err(|e| format!("wasm-bindgen: {e:#}"))
}

fn optimize(wasm_opt: PathBuf, wasm: &Path) -> Result<(), String> {
    let path = wasm.to_string_lossy();
    let mut command = command::program(wasm_opt, &["-Oz", &path, "-o", &path]);
    let ended = command::follow(&mut command, "wasm-opt", None, |_| false)?;
    if ended.success { Ok(()) } else { Err(format!("wasm-opt: {}", ended.lines.join("\n"))) }
}

fn stylesheet() -> Result<Asset, String> {
    let main = crate::at("style/main.css");
    let css = bundle(&main)?;
    Ok(Asset { path: format!("pkg/{OUTPUT_NAME}.css"), content: css.into_bytes() })
}

fn bundle(main: &Path) -> Result<String, String> {
    // The oldest browsers that know nesting and light-dark(); both stay as they are written.
    let targets = Targets::from(Browsers {
        chrome: Some(123 << 16),
        firefox: Some(120 << 16),
        safari: Some(17 << 16 | 5 << 8),
        ..Browsers::default()
    });
    let files = FileProvider::new();
    let mut sheet =
        Bundler::new(&files, None, ParserOptions::default()).bundle(main).map_err(|e| format!("style: {e}"))?;
    sheet.minify(MinifyOptions { targets, ..MinifyOptions::default() }).map_err(|e| format!("style: {e}"))?;
    let printed = sheet
        .to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() })
        .map_err(|e| format!("style: {e}"))?;
    Ok(printed.code)
}

fn static_files() -> Result<Vec<Asset>, String> {
    let folder = crate::at("style/static");
    let mut assets = Vec::new();
    for path in hash::files_below(&folder)? {
        let inside = path.strip_prefix(&folder).map_err(|e| format!("{}: {e}", path.display()))?;
        assets.push(Asset { path: url_path(inside), content: hash::read(&path)? });
    }
    Ok(assets)
}

fn url_path(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn remove_folder(folder: &Path) -> Result<(), String> {
    if !folder.exists() {
        return Ok(());
    }
    std::fs::remove_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))
}

/// A count people can read: `172,249`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn large_numbers_have_commas() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1000), "1,000");
        assert_eq!(thousands(1_172_249), "1,172,249");
    }
}
