//! One keep-alive connection to a server, cheap enough to load it from the same machine. It says whether a request
//! that failed can have had an effect, and it never repeats one that can. No redirects, no cookies, no TLS.

mod abandon;

use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;
use tokio::time::timeout;

pub use abandon::Leave;

/// How long an answer may take, unless [`Client::patience`] was set.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The request did not leave: nobody listens, or the connection was closed before. It had no effect.
    #[error("not sent: {0}")]
    NotSent(#[source] std::io::Error),
    /// The request left and no whole answer came: whether it had an effect is unknown.
    #[error("no answer: {0}")]
    NoAnswer(String),
}

/// What the server said.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// All headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// The body, read as JSON; `None` when it is of another shape.
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// A header as text; `None` when it is absent or not text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A request of the client's: a method, a path, perhaps a body and headers.
#[derive(Clone, Debug)]
pub struct Ask {
    method: Method,
    path: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl Ask {
    /// `GET path`.
    #[must_use]
    pub fn get(path: &str) -> Self {
        Self {
            method: Method::GET,
            path: path.to_owned(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// `POST path` with a body of JSON.
    ///
    /// # Panics
    /// When `body` can not be written as JSON, such as a map whose keys are no strings.
    #[must_use]
    pub fn post_json(path: &str, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).expect("what is asked here is plain names and values");
        Self::post(
            path,
            HeaderValue::from_static("application/json"),
            body.into(),
        )
    }

    /// `POST path` with the fields of a form.
    #[must_use]
    pub fn post_form(path: &str, fields: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        Self::post(path, kind, body.into())
    }

    fn post(path: &str, kind: HeaderValue, body: Bytes) -> Self {
        Self {
            method: Method::POST,
            path: path.to_owned(),
            headers: vec![(header::CONTENT_TYPE, kind)],
            body,
        }
    }

    /// The same with a header more. A value that no header can carry is sent as an empty one.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        let value = HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static(""));
        self.headers.push((name, value));
        self
    }

    /// The same with `Authorization: Bearer token`.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.with(header::AUTHORIZATION, &format!("Bearer {token}"))
    }
}

/// One user agent with at most one connection, which is made when it is needed.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    host: HeaderValue,
    agent: HeaderValue,
    patience: Duration,
    connection: Option<SendRequest<Full<Bytes>>>,
}

impl Client {
    /// A client of the server at `address` that calls itself `agent`. Nothing is sent yet.
    #[must_use]
    pub fn new(address: SocketAddr, agent: &str) -> Self {
        let host = HeaderValue::from_str(&address.to_string());
        Self {
            address,
            host: host.unwrap_or(HeaderValue::from_static("localhost")),
            agent: HeaderValue::from_str(agent).unwrap_or(HeaderValue::from_static("load")),
            patience: PATIENCE,
            connection: None,
        }
    }

    /// The same, with another limit to how long an answer may take.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// `GET path`, with an access token if one is given.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn get(&mut self, path: &str, bearer: Option<&str>) -> Result<Answer, Trouble> {
        let ask = Ask::get(path);
        self.send(bearer.into_iter().fold(ask, Ask::bearer)).await
    }

    /// `POST path` with a body of JSON.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn post(&mut self, path: &str, body: &impl Serialize) -> Result<Answer, Trouble> {
        self.send(Ask::post_json(path, body)).await
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// # Errors
    /// See [`Trouble`]; the next request begins with a new connection.
    pub async fn send(&mut self, ask: Ask) -> Result<Answer, Trouble> {
        let patience = self.patience;
        let answer = timeout(patience, self.exchange(self.request(ask)))
            .await
            .unwrap_or_else(|_| Err(Trouble::NoAnswer(format!("within {patience:?}"))));
        if answer.is_err() {
            self.close();
        }
        answer
    }

    /// Closes the connection; the next request makes a new one.
    pub fn close(&mut self) {
        self.connection = None;
    }

    fn request(&self, ask: Ask) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(ask.body));
        *request.method_mut() = ask.method;
        *request.uri_mut() = ask.path.parse().unwrap_or_default();
        let headers = request.headers_mut();
        headers.insert(header::HOST, self.host.clone());
        headers.insert(header::USER_AGENT, self.agent.clone());
        headers.extend(ask.headers);
        request
    }

    /// A kept connection may have been closed by the server meanwhile; then the request comes back unsent, and is
    /// sent once more on a fresh one.
    async fn exchange(&mut self, mut request: Request<Full<Bytes>>) -> Result<Answer, Trouble> {
        loop {
            let fresh = self.connection.is_none();
            let connection = self.connected().await?;
            match connection.try_send_request(request).await {
                Ok(response) => return read(response).await,
                Err(mut failed) => match failed.take_message() {
                    Some(unsent) if !fresh => {
                        self.close();
                        request = unsent;
                    }
                    Some(_) => {
                        let error = std::io::Error::other(failed.into_error());
                        return Err(Trouble::NotSent(error));
                    }
                    None => return Err(no_answer(&failed.into_error())),
                },
            }
        }
    }

    async fn connected(&mut self) -> Result<&mut SendRequest<Full<Bytes>>, Trouble> {
        let kept = self.connection.take();
        let mut connection = match kept {
            Some(kept) if !kept.is_closed() => kept,
            _ => connect(self.address).await?,
        };
        // A connection that ends instead of becoming ready hands the request back, unsent.
        let _ = connection.ready().await;
        Ok(self.connection.insert(connection))
    }
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>, Trouble> {
    let stream = TcpStream::connect(address)
        .await
        .map_err(Trouble::NotSent)?;
    // Small requests, one at a time: waiting to fill a packet would only cost time.
    stream.set_nodelay(true).map_err(Trouble::NotSent)?;
    let (connection, driver) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| Trouble::NotSent(std::io::Error::other(error)))?;
    // It ends with the connection, and what goes wrong there reaches whoever waits for an answer.
    tokio::spawn(driver);
    Ok(connection)
}

async fn read(
    response: hyper::Response<impl Body<Error = hyper::Error>>,
) -> Result<Answer, Trouble> {
    let (head, body) = response.into_parts();
    let body = body.collect().await.map_err(|error| no_answer(&error))?;
    Ok(Answer {
        status: head.status,
        headers: head.headers,
        body: body.to_bytes(),
    })
}

fn no_answer(error: &hyper::Error) -> Trouble {
    Trouble::NoAnswer(error.to_string())
}
