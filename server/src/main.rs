//! The `retrial` program: hands the command line over.

#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    server::cli::main()
}
