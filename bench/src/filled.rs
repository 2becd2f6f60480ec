//! A side that is told what to fill its notebook with, and then serves the whole site over it.

use std::path::Path;

use notebook::actor::Role;
use server::{
    observe::{self, LogFormat, LogLevel},
    router::router,
};
use tokio::task::JoinHandle;

use crate::{
    Result, Settings, Side, pages,
    process::{self, Running},
    rounds::Measure,
    world::{self, World},
    wrk::Load,
};

/// The side as the one that loads it knows it.
pub struct Filled {
    side: Running,
    port: String,
    cookie: String,
}

impl Filled {
    /// Starts a side with what it is told, and waits until its notebook is filled.
    pub fn start(side: Side, folder: &Path, told: &str) -> Result<Self> {
        let mut side = Running::start(side, folder, None)?;
        let said = side.ask(told)?;
        let [port, cookie] = &said[..] else {
            return Err(format!("a notebook was not filled with {told}: {}", said.join(" ")).into());
        };
        Ok(Self { port: port.clone(), cookie: cookie.clone(), side })
    }

    pub fn under(&self, settings: &Settings, connections: usize, path: &str) -> Measure<'_> {
        let load = Load {
            url: format!("http://127.0.0.1:{}{path}", self.port),
            connections,
            seconds: settings.seconds,
            headers: vec![format!("Cookie: {}", self.cookie)],
            script: None,
        };
        Box::new(move || load.on(&self.side))
    }
}

/// What the side was told.
pub fn told() -> Result<String> {
    observe::start(LogLevel::default(), LogFormat::Text);
    process::ready(&[])?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// Serves a world that is filled, and says where and as whom it is read.
pub async fn serve(world: &World, folder: &Path) -> Result<JoinHandle<std::io::Result<()>>> {
    world::person(&world.notebook, "Vera", Role::Viewer).await?;
    let listener = server::listen::bind("127.0.0.1:0".parse()?)?;
    let router = router(world.state(folder, listener.local_addr()?));
    let cookie = pages::sign_in(&router).await?;
    let port = listener.local_addr()?.port();
    let serving = tokio::spawn(server::listen::serve_until(listener, router, axum_server::Handle::new()));
    process::say(&format!("{port} {cookie}"))?;
    Ok(serving)
}
