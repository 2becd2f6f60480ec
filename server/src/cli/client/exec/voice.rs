//! What this program says beside its command, on standard error. A thread of its own writes it: a terminal
//! that is held up, or has gone, keeps no command from being stopped.

use std::{
    io::{self, Write as _},
    sync::{
        OnceLock,
        mpsc::{self, Sender},
    },
};

use tokio::sync::oneshot;

use crate::cli::out::harmless;

enum Said {
    Line(String),
    /// Whoever asks wants to know when everything before it is written.
    End(oneshot::Sender<()>),
}

pub fn say(text: &str) {
    let _ = voice().send(Said::Line(harmless(text)));
}

/// Waits until all of it is written.
pub async fn written() {
    let (tell, told) = oneshot::channel();
    if voice().send(Said::End(tell)).is_ok() {
        let _ = told.await;
    }
}

fn voice() -> &'static Sender<Said> {
    static VOICE: OnceLock<Sender<Said>> = OnceLock::new();
    VOICE.get_or_init(|| {
        let (say, said) = mpsc::channel();
        std::thread::spawn(move || said.into_iter().for_each(write));
        say
    })
}

fn write(said: Said) {
    match said {
        Said::Line(line) => {
            let _ = writeln!(io::stderr(), "{line}");
        }
        Said::End(tell) => {
            let _ = tell.send(());
        }
    }
}
