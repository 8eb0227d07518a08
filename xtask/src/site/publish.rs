//! `target/site` itself: files named by their content, their compressed twins, and the manifest.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::report::Size;
use super::{Mode, compress, digest, read};

/// A file of the site.
pub struct File {
    /// What the manifest calls it.
    key: &'static str,
    /// Its path in the site, with the hash of its content.
    path: String,
    content: Vec<u8>,
}

/// Names the files. Script and module carry the same hash, over both: they only work together, and
/// Leptos derives the two paths from one name.
pub fn files(
    script: &str,
    wasm: Vec<u8>,
    [style, admin_style]: [Vec<u8>; 2],
    icon: Option<Vec<u8>>,
) -> Vec<File> {
    let script = script.as_bytes().to_vec();
    let module = digest::of(&[&script, &wasm]);
    let mut files = vec![
        File {
            key: "script",
            path: format!("pkg/jotward-{module}.js"),
            content: script,
        },
        File {
            key: "wasm",
            path: format!("pkg/jotward-{module}.wasm"),
            content: wasm,
        },
        File {
            key: "style",
            path: format!("style-{}.css", digest::of(&[&style])),
            content: style,
        },
        File {
            key: "admin_style",
            path: format!("admin-{}.css", digest::of(&[&admin_style])),
            content: admin_style,
        },
    ];
    if let Some(icon) = icon {
        files.push(File {
            key: "icon",
            path: format!("favicon-{}.svg", digest::of(&[&icon])),
            content: icon,
        });
    }
    files
}

/// Writes a site that contains these files and no others. The manifest comes last: a site without one
/// was interrupted.
pub fn write(site: &Path, mode: Mode, files: &[File]) -> Result<Vec<Size>> {
    if site.exists() {
        fs::remove_dir_all(site).with_context(|| format!("can not empty {}", site.display()))?;
    }
    fs::create_dir_all(site.join("pkg"))
        .with_context(|| format!("can not make {}", site.display()))?;
    let mut sizes = Vec::new();
    for File { key, path, content } in files {
        let compressed = compress::brotli(content, mode)?;
        fs::write(site.join(path), content)?;
        fs::write(site.join(format!("{path}.br")), &compressed)?;
        fs::write(
            site.join(format!("{path}.gz")),
            compress::gzip(content, mode)?,
        )?;
        sizes.push(Size {
            key,
            path: path.clone(),
            raw: content.len(),
            brotli: compressed.len(),
        });
    }
    fs::write(
        site.join("manifest.json"),
        format!("{:#}\n", manifest(files)),
    )?;
    Ok(sizes)
}

/// The paths under their keys, and `output_name`: the name from which Leptos builds two of them.
fn manifest(files: &[File]) -> Value {
    let mut manifest: Value = files
        .iter()
        .map(|file| (file.key, file.path.as_str()))
        .collect();
    if let Some(script) = files.iter().find(|file| file.key == "script") {
        let name = script
            .path
            .trim_start_matches("pkg/")
            .trim_end_matches(".js");
        manifest["output_name"] = json!(name);
    }
    manifest
}

/// Is there a manifest, and every file it names?
pub fn is_complete(site: &Path) -> bool {
    let manifest = read(&site.join("manifest.json"))
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok());
    let Some(Value::Object(entries)) = manifest else {
        return false;
    };
    let mut paths = entries
        .iter()
        .filter(|(key, _)| *key != "output_name")
        .filter_map(|(_, path)| path.as_str());
    paths.all(|path| {
        ["", ".br", ".gz"]
            .iter()
            .all(|suffix| site.join(format!("{path}{suffix}")).exists())
    })
}
