//! A request whose answer is lost on the way: it is sent whole on a connection of its own, which is closed before
//! the answer is read. Whether the server acted on it is for others to find out.

use std::time::Duration;

use hyper::header;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::{Ask, Client, Trouble};

/// When a connection is closed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Leave {
    /// This long after the request was written.
    After(Duration),
    /// As soon as the answer has arrived, which nobody reads. What was asked for is done by then.
    Answered,
}

impl Client {
    /// Sends a request and closes the connection before its answer is read.
    ///
    /// # Errors
    /// [`Trouble::NotSent`] when it had no effect; [`Trouble::NoAnswer`] when it was to be answered and was not.
    pub async fn abandon(&self, ask: Ask, leave: Leave) -> Result<(), Trouble> {
        let mut stream = TcpStream::connect(self.address)
            .await
            .map_err(Trouble::NotSent)?;
        stream.set_nodelay(true).map_err(Trouble::NotSent)?;
        stream
            .write_all(&self.written(&ask))
            .await
            .map_err(|error| unknown(&error))?;
        match leave {
            Leave::After(pause) => sleep(pause).await,
            Leave::Answered => {
                let mut first = [0];
                let came = timeout(self.patience, stream.peek(&mut first)).await;
                let came =
                    came.map_err(|_| Trouble::NoAnswer(format!("within {:?}", self.patience)))?;
                if came.map_err(|error| unknown(&error))? == 0 {
                    return Err(Trouble::NoAnswer("the connection was closed".into()));
                }
            }
        }
        Ok(())
    }

    /// The request as it goes over the wire.
    fn written(&self, ask: &Ask) -> Vec<u8> {
        let request = self.request(ask.clone());
        let mut text = format!("{} {} HTTP/1.1\r\n", request.method(), request.uri()).into_bytes();
        for (name, value) in request.headers() {
            text.extend_from_slice(name.as_str().as_bytes());
            text.extend_from_slice(b": ");
            text.extend_from_slice(value.as_bytes());
            text.extend_from_slice(b"\r\n");
        }
        let length = format!("{}: {}\r\n\r\n", header::CONTENT_LENGTH, ask.body.len());
        text.extend_from_slice(length.as_bytes());
        text.extend_from_slice(&ask.body);
        text
    }
}

/// Part of a request may have left before the connection broke.
fn unknown(error: &std::io::Error) -> Trouble {
    Trouble::NoAnswer(error.to_string())
}
