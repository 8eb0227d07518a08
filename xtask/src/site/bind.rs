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

/// The one place where the script of a module makes HTML out of text: what Leptos compiled into the module.
const SINK: &str = ".innerHTML = getStringFromWasm0(arg1, arg2)";

/// The name of the policy that pages allow (Trusted Types, W3C): no other script, and no other place in this one, makes
/// HTML out of text.
const POLICY: &str = "const trusted = globalThis.trustedTypes?.createPolicy(\"jotward\", { createHTML: (html) => html }) \
    ?? { createHTML: (html) => html };\n";

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
        script: with_trusted_html(output.js())?,
        wasm: output.wasm_mut().emit_wasm(),
    })
}

/// The script, with what it makes HTML of marked as trusted.
fn with_trusted_html(script: &str) -> Result<String> {
    let marked = script.replace(
        SINK,
        ".innerHTML = trusted.createHTML(getStringFromWasm0(arg1, arg2))",
    );
    let sinks = [".innerHTML =", ".outerHTML =", ".insertAdjacentHTML("];
    let found: usize = sinks.map(|sink| marked.matches(sink).count()).iter().sum();
    ensure!(
        found == script.matches(SINK).count(),
        "the module makes HTML in a way that Trusted Types would refuse: look at its script"
    );
    Ok(match found {
        0 => marked,
        _ => [POLICY, &marked].concat(),
    })
}

#[cfg(test)]
mod tests {
    use super::with_trusted_html;

    #[test]
    fn html_is_made_through_the_policy() {
        let script = "x.innerHTML = getStringFromWasm0(arg1, arg2);";
        let marked = with_trusted_html(script).expect("a known sink");
        assert!(marked.starts_with("const trusted = "));
        assert!(
            marked.ends_with("x.innerHTML = trusted.createHTML(getStringFromWasm0(arg1, arg2));")
        );
        assert_eq!(with_trusted_html("nothing").expect("no sink"), "nothing");
    }

    #[test]
    fn a_way_that_is_not_known_is_refused() {
        assert!(with_trusted_html("x.innerHTML = whatever;").is_err());
        assert!(with_trusted_html("x.insertAdjacentHTML(a, b);").is_err());
    }
}
