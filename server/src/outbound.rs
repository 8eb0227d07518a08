//! Questions to other servers. Every one is bounded: in the time it may take, in the bytes that are read, and in where it
//! may be led. A redirect to another host, port or scheme is not followed: whoever configured a place meant that one.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Url};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);

/// How long an answer may take in all.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many redirects within a server are followed.
const REDIRECTS: usize = 3;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// The server does not answer, or not in time.
    #[error("no answer: {0}")]
    Silent(#[from] reqwest::Error),
    /// It answers something else.
    #[error("the answer is {0}")]
    Status(u16),
    /// It answers too much.
    #[error("the answer has more than {0} bytes")]
    TooLong(usize),
}

/// A client with its connections.
#[derive(Clone, Debug)]
pub struct Outbound(Client);

impl Outbound {
    /// A client.
    ///
    /// # Errors
    /// [`OutboundError::Silent`] when there is no TLS to be had.
    pub fn new() -> Result<Self, OutboundError> {
        let client = Client::builder()
            .user_agent(concat!("jotward/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            .redirect(Policy::custom(stay))
            .build()?;
        Ok(Self(client))
    }

    /// A client that hands something over within `patience`, and is led nowhere else.
    ///
    /// # Errors
    /// [`OutboundError::Silent`] when there is no TLS to be had.
    pub fn for_posting(patience: Duration) -> Result<Self, OutboundError> {
        let client = Client::builder()
            .user_agent(concat!("jotward/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT.min(patience))
            .timeout(patience)
            .redirect(Policy::none())
            .build()?;
        Ok(Self(client))
    }

    /// Hands `body` over at `url`, with these headers. What the answer says beyond its status is not read, and what went
    /// wrong does not name the address.
    ///
    /// # Errors
    /// See [`OutboundError`]; any status but 2xx is one.
    pub async fn post(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: String,
    ) -> Result<(), OutboundError> {
        let posted = self.0.post(url.clone()).headers(headers).body(body);
        let answer = posted.send().await.map_err(reqwest::Error::without_url)?;
        if !answer.status().is_success() {
            return Err(OutboundError::Status(answer.status().as_u16()));
        }
        Ok(())
    }

    /// What is at `url`, at most `most` bytes of it.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn get(&self, url: &Url, most: usize) -> Result<Vec<u8>, OutboundError> {
        let mut answer = self.0.get(url.clone()).send().await?;
        if !answer.status().is_success() {
            return Err(OutboundError::Status(answer.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > most {
                return Err(OutboundError::TooLong(most));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// Follows a redirect that stays where it began; any other is the answer.
fn stay(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let stays = attempt
        .previous()
        .first()
        .is_some_and(|first| first.origin() == attempt.url().origin());
    if stays && attempt.previous().len() <= REDIRECTS {
        attempt.follow()
    } else {
        attempt.stop()
    }
}
