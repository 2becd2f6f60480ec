//! `retrial verify`: an exported file, or the notebook itself, beside a running server too.

use std::path::{Path, PathBuf};

use clap::Args;
use notebook::{
    actor::{Actor, Via},
    carry::{self, Check},
};

use super::{
    Home, Stopped, import,
    progress::{Teller, thousands},
};
use crate::boot;

#[derive(Debug, Args)]
pub struct Verify {
    /// A file that `retrial export` wrote; without it the notebook itself
    file: Option<PathBuf>,
    /// Say it as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    home: Home,
}

pub async fn run(verify: Verify) -> Result<(), Stopped> {
    let checks = match &verify.file {
        Some(file) => vec![archive(file)],
        None => notebook(&verify.home).await?,
    };
    if verify.json {
        println!("{}", json(&checks)?);
    } else {
        print!("{}", words(&checks));
    }
    match checks.iter().map(|check| check.troubles).sum() {
        0 => Ok(()),
        1 => Err(Stopped::new("1 trouble")),
        troubles => Err(Stopped::new(format!("{} troubles", thousands(troubles)))),
    }
}

async fn notebook(home: &Home) -> Result<Vec<Check>, Stopped> {
    let notebook = boot::look(&home.settings()?).await?;
    let desk = notebook.desk(Actor::System, Via::CommandLine);
    let mut teller = Teller::new();
    let checks = carry::verify(&desk, &mut |progress| teller.tell(progress)).await;
    teller.end();
    notebook.db.close().await;
    Ok(checks?)
}

/// Its first trouble is all there is to say of a file: nothing behind it can be trusted.
fn archive(path: &Path) -> Check {
    let (says, told) = match import::checked(path) {
        Ok(archive) => {
            let manifest = &archive.manifest;
            let (lines, documents) = (thousands(manifest.lines()), thousands(manifest.attachments.count));
            let says = format!("notebook {}: {lines} lines, {documents} documents", manifest.notebook);
            (format!("{says}, contents {}", manifest.contents), Vec::new())
        }
        Err(trouble) => (String::new(), vec![trouble.to_string().lines().next().unwrap_or_default().to_owned()]),
    };
    Check { name: "archive", says, troubles: u64::try_from(told.len()).unwrap_or_default(), told }
}

fn json(checks: &[Check]) -> Result<String, Stopped> {
    let clean = checks.iter().all(Check::is_clean);
    let answer = serde_json::json!({ "ok": clean, "checks": checks });
    serde_json::to_string_pretty(&answer).map_err(|trouble| Stopped::new(trouble.to_string()))
}

fn words(checks: &[Check]) -> String {
    let mut lines = Vec::new();
    for check in checks {
        let answer = if check.is_clean() { "ok" } else { "no" };
        lines.push(format!("{:<14}{answer:<4}{}", check.name, check.says).trim_end().to_owned());
        lines.extend(check.told.iter().map(|says| format!("    {says}")));
        let untold = check.troubles - u64::try_from(check.told.len()).unwrap_or_default();
        if untold > 0 {
            lines.push(format!("    and {} more", thousands(untold)));
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_check_has_its_line_and_its_troubles_below() {
        let clean = Check { name: "schema", says: "1 steps".into(), troubles: 0, told: Vec::new() };
        let told = vec!["RUN-3 says another execution than its trail".to_owned()];
        let runs = Check { name: "runs", says: "3 with 40 lines".into(), troubles: 1_202, told };
        let text = words(&[clean.clone(), runs.clone()]);
        assert_eq!(
            text,
            "schema        ok  1 steps\nruns          no  3 with 40 lines\n    \
             RUN-3 says another execution than its trail\n    and 1,201 more\n"
        );
        let value: serde_json::Value = serde_json::from_str(&json(&[clean, runs]).unwrap()).unwrap();
        assert_eq!((value["ok"].as_bool(), value["checks"][1]["troubles"].as_u64()), (Some(false), Some(1_202)));
    }
}
