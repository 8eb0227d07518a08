//! `cargo xtask site`: compile, bind, optimise, name, compress, and say how big it became.
//!
//! The result is `target/site`: `pkg/` with the module and its script, the style sheet, the icon,
//! each with a `.br` and a `.gz` beside it, and `manifest.json`, which tells the server the names.

mod bind;
mod compile;
mod compress;
mod digest;
mod optimise;
mod publish;
mod report;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// For whom the site is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// For users: small, and held to its budget.
    Release,
    /// For a developer who waits for it: neither optimised nor measured.
    Dev,
}

/// Makes `target/site`; does nothing when none of its inputs changed.
pub fn make(mode: Mode) -> Result<()> {
    let root = workspace_root()?;
    let module = compile::module(&root, mode)?;
    let style = read(&root.join("style/main.css"))?;
    let admin_style = read(&root.join("style/admin.css"))?;
    let icon = fs::read(root.join("style/favicon.svg")).ok();

    let inputs = digest::of_inputs(
        mode,
        &root,
        &module,
        &[&style, &admin_style, icon.as_deref().unwrap_or_default()],
    )?;
    let site = root.join("target/site");
    let stamp = root.join("target/front/site-inputs");
    if publish::is_complete(&site) && fs::read_to_string(&stamp).is_ok_and(|seen| seen == inputs) {
        println!("target/site is up to date");
        return Ok(());
    }

    let bound = bind::for_browsers(module)?;
    let wasm = match mode {
        Mode::Release => optimise::module(&root, &bound.wasm)?,
        Mode::Dev => bound.wasm,
    };
    let files = publish::files(&bound.script, wasm, [style, admin_style], icon);
    let sizes = publish::write(&site, mode, &files)?;
    report::print(&sizes);
    if mode == Mode::Release {
        report::check_budget(&sizes)?;
    }
    fs::write(&stamp, inputs).with_context(|| format!("can not write {}", stamp.display()))
}

/// Cargo tells the package it runs where that lies: one below the workspace's root.
fn workspace_root() -> Result<PathBuf> {
    let package =
        std::env::var("CARGO_MANIFEST_DIR").context("please run this as `cargo xtask site`")?;
    let root = Path::new(&package)
        .parent()
        .context("the package xtask lies in no workspace")?;
    Ok(root.to_owned())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("can not read {}", path.display()))
}
