//! `retrial user …`: accounts from the machine itself, for the first admin and for when nobody can get in.
//! It works while a server runs.

use std::io::Read as _;

use app::paths;
use clap::Subcommand;
use notebook::{
    actor::{Actor, Role, Via},
    desk::Desk,
    limits::PASSWORD_BYTES_MAX,
    people::{Account, NewAccount, RightsDraft, acts},
};

use super::{Home, Stopped, out, serve::base_url};
use crate::{boot, config::Settings};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add a person; without --password-stdin a link to set a password is printed
    Add {
        email: String,
        /// Let this person look after people and settings
        #[arg(long, conflicts_with = "role")]
        admin: bool,
        /// viewer, contributor or admin
        #[arg(long, default_value = "contributor")]
        role: String,
        /// The name others see; else what stands before the @
        #[arg(long)]
        name: Option<String>,
        /// Read the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        home: Home,
    },
    /// List everybody
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        home: Home,
    },
    /// Shut a person out: no sign-in, no token; what they did stays
    Disable {
        email: String,
        #[command(flatten)]
        home: Home,
    },
    /// Let a disabled person in again
    Enable {
        email: String,
        #[command(flatten)]
        home: Home,
    },
    /// Give a person another role: viewer, contributor or admin
    SetRole {
        email: String,
        role: String,
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

pub async fn run(command: Command) -> Result<(), Stopped> {
    match command {
        Command::Add { email, admin, role, name, password_stdin, home } => {
            let password = if password_stdin { read_password()? } else { String::new() };
            let name = name.unwrap_or_else(|| email.split('@').next().unwrap_or_default().to_owned());
            let role = if admin { Role::Admin.word().to_owned() } else { role };
            add(&home.settings()?, &NewAccount { email, name, role, password, zone: String::new() }).await
        }
        Command::List { json, home } => {
            let accounts = acts::list(&desk(&home.settings()?).await?).await?;
            if json { out::json(&accounts) } else { out::print(&listed(&accounts)) }
        }
        Command::Disable { email, home } => {
            let desk = desk(&home.settings()?).await?;
            let account = acts::disable(&desk, find(&desk, &email).await?.id).await?;
            out::print(&format!("{} can no longer sign in.", account.email))
        }
        Command::Enable { email, home } => {
            let desk = desk(&home.settings()?).await?;
            let account = acts::enable(&desk, find(&desk, &email).await?.id).await?;
            out::print(&format!("{} can sign in again.", account.email))
        }
        Command::SetRole { email, role, home } => set_role(&home.settings()?, &email, role).await,
        Command::ResetPassword { email, home } => {
            let settings = home.settings()?;
            let desk = desk(&settings).await?;
            let account = find(&desk, &email).await?;
            print_link(&desk, &settings, &account).await
        }
    }
}

async fn add(settings: &Settings, draft: &NewAccount) -> Result<(), Stopped> {
    // The first person may come before the first start.
    let desk = boot::beside(settings).await?.desk(Actor::System, Via::CommandLine);
    let account = acts::add(&desk, draft).await?;
    out::print(&format!("{} can use the notebook as {}.", account.email, account.role.word()))?;
    if account.has_password { Ok(()) } else { print_link(&desk, settings, &account).await }
}

async fn set_role(settings: &Settings, email: &str, role: String) -> Result<(), Stopped> {
    let desk = desk(settings).await?;
    let account = find(&desk, email).await?;
    let can_revert = if account.can_revert { "on" } else { "" }.to_owned();
    let draft = RightsDraft { role, can_revert, version: account.version.to_string() };
    let account = acts::set_rights(&desk, account.id, &draft).await?;
    out::print(&format!("{} is {} now: {}.", account.email, account.role.word(), account.role.explained()))
}

fn listed(accounts: &[Account]) -> String {
    if accounts.is_empty() {
        return "Nobody yet. Make the first admin: retrial user add you@example.org --admin".to_owned();
    }
    let state = |account: &Account| {
        let state = if account.disabled {
            "disabled"
        } else if account.has_password {
            ""
        } else {
            "no password yet"
        };
        state.to_owned()
    };
    let row = |account: &Account| {
        let revert = if account.can_revert { "can revert" } else { "" };
        vec![account.email.clone(), account.name.clone(), account.role.word().into(), revert.into(), state(account)]
    };
    out::table(&["EMAIL", "NAME", "ROLE", "", ""], &accounts.iter().map(row).collect::<Vec<_>>())
}

/// The operator's desk at the notebook of these settings.
pub(super) async fn desk(settings: &Settings) -> Result<Desk, Stopped> {
    boot::there(settings)?;
    Ok(boot::beside(settings).await?.desk(Actor::System, Via::CommandLine))
}

pub(super) async fn find(desk: &Desk, email: &str) -> Result<Account, Stopped> {
    Ok(acts::find_by_email(desk, email).await?)
}

async fn print_link(desk: &Desk, settings: &Settings, account: &Account) -> Result<(), Stopped> {
    let base = base_url(settings.base_url.as_ref(), settings.listen)?;
    let token = acts::reset_link(desk, account.id).await?;
    out::print(&format!("Within 24 hours this link sets the password:\n{}", base.with(&paths::reset(&token))))
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
        _ => Err(Stopped::usage("standard input holds no password")),
    }
}
