//! The rows of a list as a file, written while they are read: CSV (RFC 4180) or a JSON array (RFC 8259). If the database
//! fails half-way the connection is cut, so that nobody takes a part for the whole.

use std::io;

use axum::body::Body;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::admin::refusal;
use crate::state::AppState;
use crate::store::{List, Part, Shown};

/// How many rows are read at once.
const ROWS: usize = 500;

/// What kind of file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
}

impl<S: Send + Sync> FromRequestParts<S> for Format {
    type Rejection = Response;

    /// The `{format}` in an address.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let ending = Path::<String>::from_request_parts(parts, state).await;
        match ending.as_ref().map(|Path(ending)| ending.as_str()) {
            Ok("csv") => Ok(Self::Csv),
            Ok("json") => Ok(Self::Json),
            _ => Err(refusal::not_found().await),
        }
    }
}

impl Format {
    fn headers(self, name: &str) -> [(header::HeaderName, HeaderValue); 2] {
        let (kind, ending) = match self {
            Self::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
            Self::Json => ("application/json", "json"),
        };
        let disposition = format!("attachment; filename=\"jotward-{name}.{ending}\"");
        let disposition = HeaderValue::try_from(disposition);
        [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            (
                header::CONTENT_DISPOSITION,
                disposition.unwrap_or(HeaderValue::from_static("attachment")),
            ),
        ]
    }
}

/// All rows `T` of a list as the file `name`, read a part after the other.
pub fn file<T: Shown + Serialize>(
    format: Format,
    name: &str,
    state: AppState,
    list: List,
) -> Response {
    let begin = (Some(Part::First), 0_usize);
    let chunks = stream::try_unfold(
        (begin, state, list),
        move |((part, before), state, list)| async move {
            let Some(part) = part else {
                return Ok(None);
            };
            let found = list
                .page::<T>(&state.store, &part, ROWS)
                .await
                .map_err(|error| {
                    tracing::warn!(%error, "an export was cut short");
                    io::Error::other("the database failed")
                })?;
            let is_first = part == Part::First;
            let next = found.next.map(Part::After);
            let text = format.write(&found.rows, before, is_first, next.is_none())?;
            let rows = before + found.rows.len();
            Ok::<_, io::Error>(Some((text, ((next, rows), state, list))))
        },
    );
    (format.headers(name), Body::from_stream(chunks)).into_response()
}

impl Format {
    fn write<T: Serialize>(
        self,
        rows: &[T],
        before: usize,
        is_first: bool,
        is_last: bool,
    ) -> io::Result<Vec<u8>> {
        let rows = rows
            .iter()
            .map(|row| serde_json::to_value(row).map(readable));
        let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
        match self {
            Self::Csv => csv(&rows, before == 0),
            Self::Json => json(&rows, before, is_first, is_last),
        }
    }
}

/// The columns of a row; times as RFC 3339 writes them.
fn readable(row: Value) -> Map<String, Value> {
    let Value::Object(columns) = row else {
        return Map::new();
    };
    let columns = columns.into_iter().map(|(name, value)| {
        let is_time = name == "at" || name.ends_with("_at");
        let at = value.as_i64().filter(|_| is_time);
        // Nought is the time of what never was.
        if at == Some(0) {
            return (name, Value::Null);
        }
        let at = at.and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok());
        let value = match at.and_then(|at| at.format(&Rfc3339).ok()) {
            Some(text) => Value::String(text),
            None => value,
        };
        (name, value)
    });
    columns.collect()
}

fn csv(rows: &[Map<String, Value>], with_head: bool) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    if let Some(first) = rows.first().filter(|_| with_head) {
        writer.write_record(first.keys())?;
    }
    for row in rows {
        writer.write_record(row.values().map(cell))?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// A spreadsheet would take a text that begins so for a formula (OWASP, CSV Injection).
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
            format!("'{text}")
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn json(
    rows: &[Map<String, Value>],
    before: usize,
    is_first: bool,
    is_last: bool,
) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    if is_first {
        text.push(b'[');
    }
    for (n, row) in (before..).zip(rows) {
        text.extend_from_slice(if n == 0 { b"\n" } else { b",\n" });
        serde_json::to_writer(&mut text, row)?;
    }
    if is_last {
        text.extend_from_slice(b"\n]\n");
    }
    Ok(text)
}
