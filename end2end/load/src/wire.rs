//! A connection for load generators: it sends requests that were written before and reads the answers with as
//! little work as possible, because it shares the processor with the server it loads. It knows no chunked answers,
//! follows nothing and repeats nothing.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer, as it lies in the connection's memory.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// The status, a number of three digits.
    pub status: u16,
    /// The whole body.
    pub body: &'a [u8],
}

/// A connection, made when it is needed and kept for as long as the server keeps it.
#[derive(Debug)]
pub struct Wire {
    address: SocketAddr,
    stream: Option<TcpStream>,
    answer: Vec<u8>,
}

/// `POST path` with a body of JSON, as it goes over the wire.
#[must_use]
pub fn post(path: &str, agent: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: {agent}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

impl Wire {
    /// A connection to the server at `address`. Nothing is sent yet.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            stream: None,
            answer: Vec::with_capacity(4096),
        }
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// # Errors
    /// No whole answer came, or one of a kind that is not known here.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<Reply<'_>> {
        let exchanged = timeout(PATIENCE, self.try_exchange(request)).await;
        match exchanged.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into())) {
            Ok((status, body)) => Ok(Reply {
                status,
                body: &self.answer[body],
            }),
            Err(error) => {
                self.stream = None;
                Err(error)
            }
        }
    }

    async fn try_exchange(&mut self, request: &[u8]) -> Result<(u16, std::ops::Range<usize>)> {
        let mut stream = match self.stream.take() {
            Some(kept) => kept,
            None => connect(self.address).await?,
        };
        stream.write_all(request).await?;
        self.answer.clear();
        let mut head: Option<Head> = None;
        loop {
            if stream.read_buf(&mut self.answer).await? == 0 {
                // Without a length the end of the connection is the end of the answer.
                let head = head.filter(|head| head.body.is_none());
                let head = head.ok_or(ErrorKind::UnexpectedEof)?;
                return Ok((head.status, head.length..self.answer.len()));
            }
            if head.is_none() {
                head = Head::read(&self.answer)?;
            }
            let Some(Head {
                status,
                length,
                body: Some(body),
                keeps,
            }) = head
            else {
                continue;
            };
            if self.answer.len() >= length + body {
                self.stream = keeps.then_some(stream);
                return Ok((status, length..length + body));
            }
        }
    }
}

/// What an answer says before its body.
#[derive(Clone, Copy)]
struct Head {
    status: u16,
    /// Its own length, in bytes.
    length: usize,
    /// That of the body.
    body: Option<usize>,
    /// The connection stays open.
    keeps: bool,
}

impl Head {
    /// `None` as long as it has not arrived as a whole.
    fn read(answer: &[u8]) -> Result<Option<Self>> {
        let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        let text = std::str::from_utf8(&answer[..end]).map_err(Error::other)?;
        let mut lines = text.split("\r\n");
        let status = lines.next().and_then(|line| line.get(9..12)?.parse().ok());
        let mut head = Self {
            status: status.ok_or(ErrorKind::InvalidData)?,
            length: end + 4,
            body: None,
            keeps: true,
        };
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            if name.eq_ignore_ascii_case("content-length") {
                head.body = value.parse().ok();
            } else if name.eq_ignore_ascii_case("connection") {
                head.keeps = !value.eq_ignore_ascii_case("close");
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                return Err(ErrorKind::Unsupported.into());
            }
        }
        Ok(Some(head))
    }
}

async fn connect(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_when_it_is_whole() {
        let answer =
            b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        assert!(Head::read(&answer[..40]).is_ok_and(|head| head.is_none()));
        let head = Head::read(answer).ok().flatten().expect("whole");
        assert_eq!((head.status, head.body, head.keeps), (401, Some(2), false));
        assert_eq!(&answer[head.length..], b"{}");
    }
}
