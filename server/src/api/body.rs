//! Bodies as Django REST framework reads them: JSON, a form or multipart, all of them becoming named values.

use std::borrow::Cow;
use std::time::Duration;

use axum::body::{Body as AnyBody, Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::MAX_BODY;
use super::fields::Fields;
use crate::error::{Error, Result};
use crate::state::AppState;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(20);

/// The named values of a body, not yet checked.
pub struct Body(pub Fields);

impl FromRequest<AppState> for Body {
    type Rejection = Error;

    async fn from_request(request: Request, state: &AppState) -> Result<Self> {
        let (parts, body) = request.into_parts();
        let bytes = read(&parts.headers, body).await?;
        // An empty body of any type is a body without fields.
        if bytes.is_empty() {
            return Ok(Self(Fields::default()));
        }
        let content_type = content_type(&parts.headers);
        let media_type = media_type(&content_type);
        let is = |ours: &str| media_type.eq_ignore_ascii_case(ours);
        let fields = if is("application/json") {
            Fields::new(json(&bytes)?)
        } else if is("application/x-www-form-urlencoded") {
            Fields::of_form(form(&bytes))
        } else if is("multipart/form-data") {
            let request = Request::from_parts(parts, AnyBody::from(bytes));
            let parts = Multipart::from_request(request, state)
                .await
                .map_err(broken_multipart)?;
            Fields::of_form(multipart(parts).await?)
        } else {
            return Err(Error::UnsupportedMediaType(content_type.into_owned()));
        };
        Ok(Self(fields))
    }
}

/// The pairs of a form as a browser sends it, in their order; a name may come more than once.
///
/// # Errors
/// Those of every body, and [`Error::UnsupportedMediaType`] for what is no such form.
pub(crate) async fn form_of(headers: &HeaderMap, body: AnyBody) -> Result<Vec<(String, String)>> {
    let bytes = read(headers, body).await?;
    let content_type = content_type(headers);
    let is_form =
        media_type(&content_type).eq_ignore_ascii_case("application/x-www-form-urlencoded");
    if !is_form && !bytes.is_empty() {
        return Err(Error::UnsupportedMediaType(content_type.into_owned()));
    }
    Ok(form_urlencoded::parse(&bytes).into_owned().collect())
}

/// The bytes of a body, of which there may be at most [`MAX_BODY`].
///
/// # Errors
/// [`Error::TooLarge`], [`Error::TooSlow`], [`Error::Malformed`].
pub(super) async fn read(headers: &HeaderMap, body: AnyBody) -> Result<Bytes> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_BODY) {
        return Err(Error::TooLarge);
    }
    timeout(PATIENCE, to_bytes(body, MAX_BODY))
        .await
        .map_err(|_| Error::TooSlow)?
        .map_err(|error| match std::error::Error::source(&error) {
            Some(cause) if cause.is::<http_body_util::LengthLimitError>() => Error::TooLarge,
            _ => Error::Malformed("The body could not be read.".to_owned()),
        })
}

/// The header `Content-Type`.
pub(super) fn content_type(headers: &HeaderMap) -> Cow<'_, str> {
    let value = headers.get(header::CONTENT_TYPE);
    value
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .unwrap_or_default()
}

/// The type without its parameters.
pub(super) fn media_type(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// The named values of a JSON object.
///
/// # Errors
/// [`Error::Malformed`] for what is no JSON, [`Error::Fields`] for what is no object.
pub(super) fn json(bytes: &[u8]) -> Result<Map<String, Value>> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Error::Malformed(format!("JSON parse error - {error}")))?;
    let kind = match value {
        Value::Object(fields) => return Ok(fields),
        Value::Null => return Err(non_field_error("No data provided".to_owned())),
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
    };
    Err(non_field_error(format!(
        "Invalid data. Expected a dictionary, but got {kind}."
    )))
}

fn non_field_error(message: String) -> Error {
    Error::Fields(vec![("non_field_errors".to_owned(), vec![message])])
}

/// The last value of a name counts.
fn form(bytes: &[u8]) -> Map<String, Value> {
    form_urlencoded::parse(bytes)
        .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
        .collect()
}

async fn multipart(mut parts: Multipart) -> Result<Map<String, Value>> {
    let mut values = Map::new();
    while let Some(part) = parts.next_field().await.map_err(broken_multipart)? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await.map_err(broken_multipart)?;
        // A file is no text; an object is refused as one where text is asked for.
        let value = if is_file {
            Value::Object(Map::new())
        } else {
            String::from_utf8_lossy(&bytes).into()
        };
        values.insert(name, value);
    }
    Ok(values)
}

fn broken_multipart(error: impl std::fmt::Display) -> Error {
    Error::Malformed(format!("Multipart form parse error - {error}"))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use axum::body::HttpBody;

    use super::*;

    /// A client that stopped sending.
    struct Silence;

    impl HttpBody for Silence {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<std::result::Result<http_body::Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_arrive_is_not_waited_for() {
        let read = read(&HeaderMap::new(), AnyBody::new(Silence)).await;
        assert!(matches!(read, Err(Error::TooSlow)));
    }
}
