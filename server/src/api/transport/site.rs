//! Which site a browser says a request comes from: by `Sec-Fetch-Site`, which scripts can not set (Fetch Metadata), or, from
//! browsers and places that do not send it, by `Origin`. Pure.

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};

/// Where a request comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Site {
    /// A page of this very origin.
    This,
    /// Somewhere else, a neighbouring site included.
    Another,
    /// Nobody says. No browser of the last years is silent about that.
    Unsaid,
}

impl Site {
    /// What the headers say.
    #[must_use]
    pub fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let said = |name: &str| {
            let value = headers.get(name).filter(|value| !value.is_empty())?;
            Some(value.to_str().unwrap_or_default())
        };
        let is_this = match (said("sec-fetch-site"), said(header::ORIGIN.as_str())) {
            (Some(site), _) => site == "same-origin",
            (None, Some(origin)) => {
                let host = uri.authority().map(Authority::as_str);
                let host = host.or_else(|| said(header::HOST.as_str()));
                let from = origin.split_once("://").map(|(_, from)| from);
                from.zip(host)
                    .is_some_and(|(from, host)| from.eq_ignore_ascii_case(host))
            }
            (None, None) => return Self::Unsaid,
        };
        if is_this { Self::This } else { Self::Another }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn a_page_of_this_origin_is_told_from_all_others() {
        for (said, expected) in [
            (&[][..], Site::Unsaid),
            (&[("origin", "")], Site::Unsaid),
            (&[("sec-fetch-site", "same-origin")], Site::This),
            (&[("sec-fetch-site", "same-site")], Site::Another),
            (&[("sec-fetch-site", "cross-site")], Site::Another),
            (&[("sec-fetch-site", "none")], Site::Another),
            (&[("origin", "https://jot.example:8443")], Site::This),
            (&[("origin", "https://JOT.example:8443")], Site::This),
            (&[("origin", "https://jot.example")], Site::Another),
            (&[("origin", "https://evil.example")], Site::Another),
            (&[("origin", "null")], Site::Another),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "https://jot.example:8443"),
                ],
                Site::Another,
            ),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("jot.example:8443"));
            headers.extend(said.iter().map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            }));
            let site = Site::of(&headers, &Uri::from_static("/api/token/"));
            assert_eq!(site, expected, "{said:?}");
        }
    }
}
