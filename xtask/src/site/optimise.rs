//! wasm-opt: makes the module smaller by half. It comes as JavaScript, from the npm package binaryen.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::read;

/// What rustc's wasm32 target uses and every browser of the last years understands.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Optimises a module for size.
pub fn module(root: &Path, name: &str, wasm: &[u8]) -> Result<Vec<u8>> {
    let tool = root.join("xtask/node_modules/binaryen/bin/wasm-opt");
    ensure!(
        tool.exists(),
        "wasm-opt is missing: run `scripts/setup build`"
    );
    println!("optimising the module {name} (about 10 s)");

    let before = root.join(format!("target/front/{name}-bound.wasm"));
    let after = root.join(format!("target/front/{name}-optimised.wasm"));
    fs::write(&before, wasm).with_context(|| format!("can not write {}", before.display()))?;
    let status = Command::new("node")
        .args([&tool, &before])
        .args(["-Oz", "-o"])
        .arg(&after)
        .args(FEATURES)
        .status()
        .context("can not run node")?;
    ensure!(status.success(), "wasm-opt failed");
    read(&after)
}
