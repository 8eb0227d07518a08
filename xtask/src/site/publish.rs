//! `target/site` itself: files named by their content, their compressed twins, and the manifest.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::report::Size;
use super::{Mode, compress, digest, read};

/// What a file is, and what it is called apart from its hash.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A file that is not compiled.
    Asset(&'static str),
    /// The script of a module.
    Script(&'static str),
    /// A module.
    Wasm(&'static str),
}

/// A file of the site.
pub struct File {
    kind: Kind,
    /// Its path in the site, with the hash of its content.
    path: String,
    content: Vec<u8>,
}

/// Names the files that are not compiled.
pub fn assets([style, admin_style]: [Vec<u8>; 2], icon: Option<Vec<u8>>) -> Vec<File> {
    let mut files = vec![
        File {
            kind: Kind::Asset("style"),
            path: format!("style-{}.css", digest::of(&[&style])),
            content: style,
        },
        File {
            kind: Kind::Asset("admin_style"),
            path: format!("admin-{}.css", digest::of(&[&admin_style])),
            content: admin_style,
        },
    ];
    if let Some(icon) = icon {
        files.push(File {
            kind: Kind::Asset("icon"),
            path: format!("favicon-{}.svg", digest::of(&[&icon])),
            content: icon,
        });
    }
    files
}

/// Names a module and its script. Both carry the same hash, over both: they only work together, and Leptos derives the
/// two paths from one name.
pub fn module(name: &'static str, script: String, wasm: Vec<u8>) -> [File; 2] {
    let script = script.into_bytes();
    let hash = digest::of(&[&script, &wasm]);
    [
        File {
            kind: Kind::Script(name),
            path: format!("pkg/{name}-{hash}.js"),
            content: script,
        },
        File {
            kind: Kind::Wasm(name),
            path: format!("pkg/{name}-{hash}.wasm"),
            content: wasm,
        },
    ]
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
    for File {
        kind,
        path,
        content,
    } in files
    {
        let compressed = compress::brotli(content, mode)?;
        fs::write(site.join(path), content)?;
        fs::write(site.join(format!("{path}.br")), &compressed)?;
        fs::write(
            site.join(format!("{path}.gz")),
            compress::gzip(content, mode)?,
        )?;
        sizes.push(Size {
            kind: *kind,
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

/// The names of the modules, as Leptos builds its two paths from them, and the paths of everything else.
fn manifest(files: &[File]) -> Value {
    files
        .iter()
        .filter_map(|file| match file.kind {
            Kind::Asset(name) => Some((name, file.path.as_str())),
            Kind::Wasm(name) => Some((name, module_name(&file.path)?)),
            Kind::Script(_) => None,
        })
        .collect()
}

fn module_name(path: &str) -> Option<&str> {
    path.strip_prefix("pkg/")?.strip_suffix(".wasm")
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
        .values()
        .filter_map(Value::as_str)
        .flat_map(files_of);
    paths.all(|path| {
        ["", ".br", ".gz"]
            .iter()
            .all(|suffix| site.join(format!("{path}{suffix}")).exists())
    })
}

/// The files an entry of the manifest stands for: a module's name stands for two.
fn files_of(entry: &str) -> Vec<String> {
    if entry.contains('.') {
        return vec![entry.to_owned()];
    }
    ["js", "wasm"]
        .map(|ending| format!("pkg/{entry}.{ending}"))
        .to_vec()
}
