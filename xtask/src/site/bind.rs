//! wasm-bindgen's part: the script through which the module and the browser call each other.

use anyhow::{Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

/// A module and the script that loads it.
pub struct Bound {
    /// The ES module that browsers import.
    pub script: String,
    /// The WebAssembly module, with what only wasm-bindgen needed taken out.
    pub wasm: Vec<u8>,
}

/// Binds a compiled module for `<script type="module">`.
pub fn for_browsers(name: &str, module: Vec<u8>) -> Result<Bound> {
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes(name, module);
    bindgen.web(true)?;
    // Pages pass the module's address, so the script need not know its name, which is a hash over both.
    bindgen.omit_default_module_path(true).typescript(false);
    bindgen
        .remove_name_section(true)
        .remove_producers_section(true);

    let mut output = bindgen.generate_output()?;
    // Every crate has an entry; most are empty.
    let brings_files = output.snippets().values().any(|list| !list.is_empty());
    ensure!(
        !brings_files && output.local_modules().is_empty(),
        "a dependency brings JavaScript files of its own, which nothing here publishes"
    );
    Ok(Bound {
        script: output.js().to_owned(),
        wasm: output.wasm_mut().emit_wasm(),
    })
}
