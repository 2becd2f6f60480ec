//! `serve` and `build`: the site first, then the server around it.

use std::process::Command;

use crate::command;
use crate::progress::Step;
use crate::site;

/// Builds what changed, then becomes `retrial serve`. The server runs where the command was typed, so
/// its data folder lands there.
pub fn serve(arguments: &[String]) -> Result<(), String> {
    let arguments = match arguments.split_first() {
        Some((first, rest)) if first == "--" => rest,
        _ => arguments,
    };
    println!("Building Retrial; the first time takes a few minutes.");
    site::build()?;
    // Unoptimized, except where it hurts (passwords): the first build is twice as quick.
    command::as_step("server", command::cargo(&["build", "--locked"]))?;
    println!();
    let mut server = Command::new(crate::target("debug/retrial"));
    server.arg("serve").args(arguments);
    become_server(server)
}

/// The executable to hand to others, with the site inside.
pub fn build_release() -> Result<(), String> {
    site::build()?;
    command::as_step("server (release)", command::cargo(&["build", "--locked", "--release", "--package=server"]))?;
    let step = Step::begin("executable");
    step.done(&crate::target("release/retrial").to_string_lossy());
    Ok(())
}

/// The server takes this process over: Ctrl-C and every other signal reach it without a middleman.
#[cfg(unix)]
fn become_server(mut server: Command) -> Result<(), String> {
    use std::os::unix::process::CommandExt;
    let reason = server.exec();
    Err(format!("{}: {reason}", server.get_program().to_string_lossy()))
}

#[cfg(not(unix))]
fn become_server(mut server: Command) -> Result<(), String> {
    let status = server.status().map_err(|e| format!("{}: {e}", server.get_program().to_string_lossy()))?;
    if status.success() { Ok(()) } else { Err(format!("the server ended with {status}")) }
}
