//! `cargo xtask site`: compile, bind, optimise, name, compress, and say how big it became.
//!
//! The result is `target/site`: `pkg/` with the modules and their scripts, the style sheets, the icon,
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

/// The modules, by the feature of the crate `frontend` that each is compiled with.
const MODULES: [&str; 3] = ["door", "desk", "lab"];

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
    let modules = MODULES
        .into_iter()
        .map(|name| Ok((name, compile::module(&root, mode, name)?)))
        .collect::<Result<Vec<_>>>()?;
    let style = read(&root.join("style/main.css"))?;
    let admin_style = read(&root.join("style/admin.css"))?;
    let icon = fs::read(root.join("style/favicon.svg")).ok();

    let mut inputs = vec![
        &style[..],
        &admin_style,
        icon.as_deref().unwrap_or_default(),
    ];
    inputs.extend(modules.iter().map(|(_, module)| &module[..]));
    let inputs = digest::of_inputs(mode, &root, &inputs)?;
    let site = root.join("target/site");
    let stamp = root.join("target/front/site-inputs");
    if publish::is_complete(&site) && fs::read_to_string(&stamp).is_ok_and(|seen| seen == inputs) {
        println!("target/site is up to date");
        return Ok(());
    }

    let mut files = publish::assets([style, admin_style], icon);
    for (name, module) in modules {
        let bound = bind::for_browsers(name, module)?;
        let wasm = match mode {
            Mode::Release => optimise::module(&root, name, &bound.wasm)?,
            Mode::Dev => bound.wasm,
        };
        files.extend(publish::module(name, bound.script, wasm));
    }
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
