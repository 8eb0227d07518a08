//! The crate `frontend`, compiled to a WebAssembly module by cargo.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Mode, read};

/// Compiles the crate with the islands of `feature` and reads the module. Its own target directory keeps cargo's lock apart
/// from that of the server's build, so that both can run at the same time.
pub fn module(root: &Path, mode: Mode, feature: &str) -> Result<Vec<u8>> {
    let (profile, directory) = match mode {
        Mode::Release => ("wasm-release", "wasm-release"),
        Mode::Dev => ("dev", "debug"),
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(root)
        .args([
            "build",
            "--package",
            "frontend",
            "--lib",
            "--profile",
            profile,
            "--no-default-features",
            "--features",
            feature,
        ])
        .args([
            "--target",
            "wasm32-unknown-unknown",
            "--target-dir",
            "target/front",
        ])
        .status()
        .context("can not run cargo")?;
    ensure!(
        status.success(),
        "the frontend does not compile; if `std` was not found, run `scripts/setup build` and `. scripts/env` first"
    );
    read(
        &root
            .join("target/front/wasm32-unknown-unknown")
            .join(directory)
            .join("frontend.wasm"),
    )
}
