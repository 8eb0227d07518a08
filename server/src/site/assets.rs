//! The files of the browser's half. A release binary carries them; a debug binary reads them from the build
//! directory. Their names change with their content, so a browser may keep them for ever.

use std::borrow::Cow;
use std::sync::LazyLock;

use app::{ModuleNames, Registration, Site, TokenPlace};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;

#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Files;

/// What the build calls its files.
#[derive(Clone, Deserialize)]
struct Manifest {
    door: String,
    desk: String,
    lab: String,
    style: String,
    admin_style: String,
    icon: String,
}

/// A year: the longest a cache is asked to keep anything (RFC 9111 sets no limit; practice does).
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Ways to pack a file, best first, with the ending of the file packed that way.
const PACKINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// What the client's pages refer to, where `registration` and `tokens` are so.
pub fn site(registration: Registration, tokens: TokenPlace) -> Site {
    let names = manifest();
    Site {
        modules: ModuleNames {
            door: names.door,
            desk: names.desk,
            lab: names.lab,
        },
        style: names.style,
        favicon: names.icon,
        registration,
        tokens,
    }
}

/// The names of this build's files; plain names when the browser's half was not built.
fn manifest() -> Manifest {
    static EMBEDDED: LazyLock<Manifest> = LazyLock::new(read);
    // A debug binary reads the build directory, which may have been built again.
    if cfg!(debug_assertions) {
        read()
    } else {
        EMBEDDED.clone()
    }
}

fn read() -> Manifest {
    let manifest = Files::get("manifest.json");
    let manifest = manifest.and_then(|file| serde_json::from_slice(&file.data).ok());
    manifest.unwrap_or_else(|| Manifest {
        // What `cargo leptos` calls the one module it makes, with the islands of all pages.
        door: "jotward".to_owned(),
        desk: "jotward".to_owned(),
        lab: "jotward".to_owned(),
        style: "style.css".to_owned(),
        admin_style: "admin.css".to_owned(),
        icon: "favicon.svg".to_owned(),
    })
}

/// The paths of the stylesheets of the admin, the one it shares with the client first.
#[must_use]
pub fn admin_style_paths() -> [String; 2] {
    let names = manifest();
    [names.style, names.admin_style].map(|name| format!("/{name}"))
}

/// The path of the icon, for pages rendered elsewhere.
#[must_use]
pub fn favicon_path() -> String {
    format!("/{}", manifest().icon)
}

/// `GET /pkg/{file}`: the script and the module.
pub async fn package(headers: HeaderMap, uri: Uri) -> Response {
    match find(uri.path().trim_start_matches('/'), &headers) {
        Some(response) => response,
        None => super::not_found(uri).await,
    }
}

/// `GET /{file}`: the stylesheets and the icon.
pub async fn root(headers: HeaderMap, uri: Uri) -> Response {
    let file = uri.path().trim_start_matches('/');
    let names = manifest();
    let known = [names.style, names.admin_style, names.icon]
        .iter()
        .any(|name| name == file);
    match known.then(|| find(file, &headers)).flatten() {
        Some(response) => response,
        None => super::not_found(uri).await,
    }
}

fn find(path: &str, headers: &HeaderMap) -> Option<Response> {
    if path.contains("..") {
        return None;
    }
    let plain = Files::get(path)?;
    let kind = plain.metadata.mimetype().to_owned();
    let packed = PACKINGS
        .into_iter()
        .filter(|(coding, _)| accepts(headers, coding))
        .find_map(|(coding, ending)| Some((coding, Files::get(&format!("{path}{ending}"))?)));
    let (coding, file) = packed.map_or((None, plain), |(coding, file)| (Some(coding), file));
    Some(respond(&kind, coding, file))
}

fn respond(kind: &str, coding: Option<&'static str>, file: EmbeddedFile) -> Response {
    let mut headers = HeaderMap::new();
    if let Ok(kind) = HeaderValue::from_str(kind) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, FOR_EVER);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    let body = match file.data {
        Cow::Borrowed(bytes) => axum::body::Body::from(bytes),
        Cow::Owned(bytes) => axum::body::Body::from(bytes),
    };
    (headers, body).into_response()
}

/// Whether `Accept-Encoding` names the coding with a weight above zero (RFC 9110, section 12.5.3).
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|entry| {
            let (name, weight) = entry.split_once(';').unwrap_or((entry, ""));
            let refused = weight
                .trim()
                .strip_prefix("q=")
                .is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0));
            name.trim().eq_ignore_ascii_case(coding) && !refused
        })
}
