//! Build steps that need code, run as `cargo xtask <step>`.
//!
//! There is one step, `site`: it makes `target/site`, everything the server hands to browsers.
//! The scripts in `scripts/` do the rest.

mod site;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask site [--dev]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments[..] {
        ["site"] => site::make(site::Mode::Release),
        ["site", "--dev"] => site::make(site::Mode::Dev),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
