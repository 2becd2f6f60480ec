//! What `retrial doctor` says of the credentials for other servers: each file is one, and nobody else reads it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Look, bad, is_open_to_others, ok, warn};
use crate::outgoing::look_at_credential;

const CHECK: &str = "credentials";

/// Every trouble is told, since each has its own way out. What the files hold is not.
pub(super) fn looks(folder: &Path) -> Vec<Look> {
    let name = folder.display();
    let files = match files(folder) {
        Ok(files) => files,
        Err(trouble) => {
            let says = format!("{name} cannot be looked into: {}", trouble.kind());
            return vec![bad(CHECK, says, "give it to the user that runs retrial, or leave credentials_dir out")];
        }
    };
    let found: Vec<Look> = unfit(&files).into_iter().chain(open(folder, &files)).collect();
    if found.is_empty() {
        return vec![ok(CHECK, format!("{} in {name}, for its owner only", files.len()))];
    }
    found
}

/// What a source can name. Other files beside them are nobody's matter.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files = entries.collect::<io::Result<Vec<PathBuf>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    Ok(files)
}

fn unfit(files: &[PathBuf]) -> Option<Look> {
    let says = files.iter().filter_map(|file| Some(format!("{}, {}", file.display(), look_at_credential(file).err()?)));
    let says: Vec<String> = says.collect();
    let advice = "a file holds an origin, and a bearer, a user with a password or a header with its value; it belongs to the user that runs retrial";
    (!says.is_empty()).then(|| bad(CHECK, format!("these cannot be used: {}", says.join("; ")), advice))
}

fn open(folder: &Path, files: &[PathBuf]) -> Option<Look> {
    let open = files.iter().map(PathBuf::as_path).filter(|file| is_open_to_others(file));
    let mut open: Vec<String> = open.map(|file| format!("chmod 600 {}", file.display())).collect();
    if is_open_to_others(folder) {
        open.insert(0, format!("chmod 700 {}", folder.display()));
    }
    (!open.is_empty()).then(|| warn(CHECK, "others on this machine can look at them", open.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::{super::Answer, *};

    fn answers(folder: &Path) -> Vec<Answer> {
        looks(folder).iter().map(|look| look.answer).collect()
    }

    #[cfg(unix)]
    fn restrict(path: &Path, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let place = tempfile::tempdir().unwrap();
        assert_eq!(answers(&place.path().join("none")), [Answer::Bad]);
    }

    #[cfg(unix)]
    #[test]
    fn each_file_is_a_credential_for_its_owner_only() {
        let place = tempfile::tempdir().unwrap();
        restrict(place.path(), 0o700);
        assert_eq!(answers(place.path()), [Answer::Ok], "none is needed");
        let main = place.path().join("main.toml");
        fs::write(&main, "origin = \"https://a.example.org\"\nbearer = \"s3cret\"\n").unwrap();
        restrict(&main, 0o644);
        assert_eq!(answers(place.path()), [Answer::Warn]);
        restrict(&main, 0o600);
        assert_eq!(answers(place.path()), [Answer::Ok]);
        restrict(place.path(), 0o755);
        assert_eq!(answers(place.path()), [Answer::Warn]);
        fs::write(&main, "bearer = s3cret").unwrap();
        fs::write(place.path().join("README"), "s3cret").unwrap();
        let found = looks(place.path());
        assert_eq!(found.iter().map(|look| look.answer).collect::<Vec<_>>(), [Answer::Bad, Answer::Warn]);
        assert!(found[0].says.contains("main.toml, whose file does not read"), "{}", found[0].says);
        let all: Vec<&str> = found.iter().flat_map(|look| [look.says.as_str(), look.advice.as_str()]).collect();
        assert!(all.iter().all(|text| !text.contains("s3cret") && !text.contains("README")), "{all:?}");
    }
}
