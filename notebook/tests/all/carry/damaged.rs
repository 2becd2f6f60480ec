//! Files that were damaged, changed or written by a later program are refused by the name of what
//! is wrong, before anything is kept.

use std::io::Read as _;

use notebook::{
    carry::manifest::{MANIFEST, Manifest, Member},
    desk::sha256_hex,
};

use super::{checked, live, out, out_with};
use crate::{each_db::Book, lab::refused};

/// The members of an archive, by name.
pub fn members(bytes: &[u8]) -> Vec<(String, String)> {
    let mut tar = tar::Archive::new(bytes);
    let read = |entry: std::io::Result<tar::Entry<'_, &[u8]>>| {
        let mut entry = entry.unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        (entry.path().unwrap().to_string_lossy().into_owned(), text)
    };
    tar.entries().unwrap().map(read).collect()
}

fn packed(members: &[(String, String)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, text) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    tar.into_inner().unwrap()
}

/// Changes tables as somebody would who then makes the manifest fit.
pub fn remade(bytes: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let mut all = members(bytes);
    let before = Manifest::read(&all[0].1).unwrap();
    let tables = all.iter_mut().skip(1).filter(|(name, _)| !name.starts_with("attachments/"));
    let made = tables.map(|(name, text)| {
        *text = change(name, std::mem::take(text));
        Member {
            name: name.clone(),
            lines: text.lines().count() as u64,
            bytes: text.len() as u64,
            sha256: sha256_hex(text.as_bytes()),
        }
    });
    let made = made.collect();
    let Manifest { notebook, accounts, made_at, attachments, .. } = before;
    all[0].1 = Manifest::new(&notebook, accounts, made_at, made, attachments).text();
    packed(&all)
}

fn trouble(bytes: &[u8]) -> String {
    let refusal = refused(checked(bytes));
    let trouble = &refusal.troubles()[0];
    format!("{} {}", trouble.field, trouble.says)
}

async fn file() -> Vec<u8> {
    let book = Book::sqlite().await;
    live(&book).await;
    out(&book).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_byte_is_found_wherever_it_lies() {
    let whole = file().await;
    checked(&whole).unwrap();
    let mut tar = tar::Archive::new(&*whole);
    let parts: Vec<(u64, u64)> =
        tar.entries().unwrap().map(|e| e.map(|e| (e.raw_file_position(), e.size())).unwrap()).collect();
    let manifest = String::from_utf8_lossy(&whole[512..512 + usize::try_from(parts[0].1).unwrap()]).into_owned();
    // The program's version and the time are the two facts that nothing is compared with.
    let untold =
        ["\"program\": \"", "\"made_at\": "].map(|name| 512 + manifest.find(name).unwrap() as u64 + name.len() as u64);
    let mut flipped = 0;
    for (start, size) in parts {
        // A header and its contents, the latter at some dozen places.
        let inside = (0..size).step_by(usize::try_from(size / 12 + 1).unwrap()).map(|at| start + at);
        for at in [start - 512, start - 512 + 130].into_iter().chain(inside) {
            if untold.iter().any(|from| (*from..from + 20).contains(&at)) {
                continue;
            }
            let mut broken = whole.clone();
            broken[usize::try_from(at).unwrap()] ^= 1;
            let says = checked(&broken).err().map(|trouble| trouble.to_string());
            assert!(says.is_some(), "a flipped byte at {at} was not found");
            flipped += 1;
        }
    }
    assert!(flipped > 200, "{flipped}");
    let mut broken = whole.clone();
    let at = whole.windows(13).position(|window| window == b"fault_started").unwrap();
    broken[at] ^= 1;
    assert_eq!(trouble(&broken), "events.jsonl does not fit its checksum: it was damaged or changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_file_is_refused_wherever_it_ends() {
    let whole = file().await;
    // The last kilobyte is the end mark; without it everything is still there.
    let ends =
        (0..whole.len() - 1_024).step_by(whole.len() / 60).chain([whole.len() - 1_025, whole.len() / 1_024 * 512]);
    for end in ends {
        assert!(checked(&whole[..end]).is_err(), "a file cut at {end} of {} was taken", whole.len());
    }
    assert!(trouble(b"").contains("does not begin with manifest.json"));
    assert!(trouble(&[0; 4_096]).contains("does not begin with manifest.json"));
    assert!(trouble(b"a shopping list").starts_with("The file is no archive of Retrial"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_or_foreign_member_is_named() {
    let whole = file().await;
    let all = members(&whole);
    assert!(all.len() > 20);
    for (place, (name, _)) in all.iter().enumerate() {
        let mut less = all.clone();
        less.remove(place);
        let says = trouble(&packed(&less));
        let named = if name == MANIFEST {
            says.contains("does not begin with manifest.json")
        } else {
            says.starts_with(&**name)
        };
        assert!(named && (name == MANIFEST || says.contains("is missing")), "{name}: {says}");
    }
    let mut more = all.clone();
    more.push(("notes.txt".into(), "hello".into()));
    assert_eq!(trouble(&packed(&more)), "notes.txt is nothing this version knows");
    let mut twice = all.clone();
    twice.push(all[all.len() - 1].clone());
    assert!(trouble(&packed(&twice)).ends_with("is there twice, or no line names it"));
    let mut swapped = all;
    swapped.swap(1, 2);
    assert!(trouble(&packed(&swapped)).starts_with("counters.jsonl is missing: settings.jsonl stands in its place"));
    checked(&packed(&members(&whole))).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_later_format_says_what_reads_it() {
    let mut all = members(&file().await);
    all[0].1 = all[0].1.replace("\"version\": 1", "\"version\": 2");
    assert_eq!(
        trouble(&packed(&all)),
        "manifest.json says format 2, and this program reads formats up to 1; use a later Retrial"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_a_later_program_is_named_by_its_number() {
    let whole = file().await;
    let with = |member: &'static str, from: &'static str, to: &'static str| {
        trouble(&remade(&whole, |name, text| if name == member { text.replacen(from, to, 1) } else { text }))
    };
    let says = with("runs.jsonl", "\"zone\":", "\"mood\":\"good\",\"zone\":");
    assert!(says.starts_with("runs.jsonl, line 1, has a member \"mood\" that this version does not know"), "{says}");
    let says = with("runs.jsonl", "\"execution\":\"finished\"", "\"execution\":\"paused\"");
    assert!(says.starts_with("runs.jsonl, line 1, holds a value in \"execution\" that is not one of"), "{says}");
    let says = with("events.jsonl", "{\"what\":\"fault_started\"}", "{\"what\":\"fault_paused\"}");
    assert!(says.starts_with("events.jsonl, line ") && says.contains("that this version does not read"), "{says}");
    let says = with("people.jsonl", "\"id\":2", "\"id\":9");
    assert_eq!(says, "people.jsonl, line 3, does not come after the line before it");
    let says = with("findings.jsonl", "{\"id\":1", "\"id\":1");
    assert!(says.starts_with("findings.jsonl, line 1, is no JSON object"), "{says}");
    let says = with("imports.jsonl", "\"document\":\"", "\"document\":\"x");
    assert!(says.contains("names a document by something else than its SHA-256"), "{says}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_trouble_is_the_damage_even_if_lines_behind_it_do_not_read() {
    let mut all = members(&file().await);
    let events = all.iter_mut().find(|(name, _)| name == "events.jsonl").unwrap();
    events.1 = events.1.replacen("\"what\"", "\"when\"", 1);
    assert_eq!(trouble(&packed(&all)), "events.jsonl does not fit its checksum: it was damaged or changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_accounts_is_checked_by_the_same_rules() {
    let book = Book::sqlite().await;
    live(&book).await;
    let whole = out_with(&book, true).await;
    let broken = remade(&whole, |name, text| {
        if name == "tokens.jsonl" { text.replace("\"scope\":\"all\"", "\"scope\":\"everything\"") } else { text }
    });
    assert!(
        trouble(&broken)
            .starts_with("tokens.jsonl, line 1, holds a value in \"scope\" that this version does not know")
    );
}
