//! `retrial user …`: accounts from the machine itself, for the first admin and for when nobody can get in.

use std::{
    io::Read as _,
    net::{Ipv4Addr, SocketAddr},
};

use app::paths;
use clap::Subcommand;
use notebook::{
    actor::{Actor, Role, Via},
    desk::Desk,
    limits::PASSWORD_BYTES_MAX,
    people::{Account, NewAccount, acts},
};

use super::{Home, Stopped, serve::base_url};
use crate::boot;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add a person; without --password-stdin a link to set a password is printed
    Add {
        email: String,
        /// Let this person look after people and settings
        #[arg(long)]
        admin: bool,
        /// The name others see; else what stands before the @
        #[arg(long)]
        name: Option<String>,
        /// Read the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        home: Home,
    },
    /// Print a link with which this person sets a new password
    ResetPassword {
        email: String,
        #[command(flatten)]
        home: Home,
    },
}

/// Where the server listens unless told otherwise; links are made for it.
const USUAL_PORT: u16 = 7340;

pub async fn run(command: Command) -> Result<(), Stopped> {
    match command {
        Command::Add { email, admin, name, password_stdin, home } => {
            let password = if password_stdin { read_password()? } else { String::new() };
            let name = name.unwrap_or_else(|| email.split('@').next().unwrap_or_default().to_owned());
            let role = if admin { Role::Admin } else { Role::Contributor };
            let draft = NewAccount { email, name, role: role.word().into(), password, zone: String::new() };
            let desk = desk(&home).await?;
            let account = acts::add(&desk, &draft).await?;
            println!("{} can use the notebook as {}.", account.email, account.role.word());
            if account.has_password { Ok(()) } else { print_link(&desk, &home, &account).await }
        }
        Command::ResetPassword { email, home } => {
            let desk = desk(&home).await?;
            let account = acts::find_by_email(&desk, &email).await?;
            print_link(&desk, &home, &account).await
        }
    }
}

async fn desk(home: &Home) -> Result<Desk, Stopped> {
    let (notebook, _) = boot::notebook(home).await?;
    Ok(notebook.desk(Actor::System, Via::CommandLine))
}

async fn print_link(desk: &Desk, home: &Home, account: &Account) -> Result<(), Stopped> {
    let base = base_url(home, SocketAddr::from((Ipv4Addr::LOCALHOST, USUAL_PORT)))?;
    let token = acts::reset_link(desk, account.id).await?;
    println!("Within 24 hours this link sets the password:\n{}", base.with(&paths::reset(&token)));
    Ok(())
}

fn read_password() -> Result<String, Stopped> {
    let mut text = String::new();
    let limit = u64::try_from(PASSWORD_BYTES_MAX).unwrap_or(u64::MAX) + 2;
    std::io::stdin()
        .take(limit)
        .read_to_string(&mut text)
        .map_err(|trouble| Stopped::new(format!("the password cannot be read from standard input: {trouble}")))?;
    match text.lines().next() {
        Some(password) if !password.is_empty() => Ok(password.to_owned()),
        _ => Err(Stopped::new("standard input holds no password")),
    }
}
