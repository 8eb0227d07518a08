//! The binary: reads the command line, runs the command, and says in one line what went wrong.

use std::process::ExitCode;

use jotward::cli;

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cli::Exit::Said(code)) => ExitCode::from(code),
        Err(cli::Exit::Failed(error)) => {
            eprintln!("jotward: {error}");
            ExitCode::FAILURE
        }
    }
}
