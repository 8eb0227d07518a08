//! The client against a listener that does as it is told: what had no effect must never be taken for unknown, and
//! what may have had one must never be sent twice.

use std::net::SocketAddr;
use std::time::Duration;

use load::client::{Ask, Client, Leave, Trouble};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const FINE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

const HALF: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}";

/// Reads one small request; its text, empty when the client closed.
async fn heard(stream: &mut TcpStream) -> String {
    let mut text = vec![0; 4096];
    let length = stream.read(&mut text).await.unwrap_or(0);
    String::from_utf8_lossy(&text[..length]).into_owned()
}

/// A listener that treats its connections one after the other; what it heard in all.
async fn listen(
    answers: &'static [&'static [&'static [u8]]],
) -> (SocketAddr, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let listening = tokio::spawn(async move {
        let mut all = Vec::new();
        for connection in answers {
            let (mut stream, _) = listener.accept().await.expect("a client comes");
            for answer in *connection {
                all.push(heard(&mut stream).await);
                stream.write_all(answer).await.expect("the client listens");
            }
        }
        all
    });
    (address, listening)
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let (address, listening) = listen(&[&[FINE, FINE]]).await;
    let mut client = Client::new(address, "a browser");
    let answer = client.get("/one", Some("t0ken")).await.expect("answered");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json(), Some(serde_json::json!({})));
    client
        .post("/two", &serde_json::json!({"a": 1}))
        .await
        .expect("answered");

    let heard = listening.await.expect("it ended");
    assert!(heard[0].starts_with("GET /one HTTP/1.1\r\n"));
    for header in [
        "user-agent: a browser\r\n",
        "authorization: Bearer t0ken\r\n",
    ] {
        assert!(heard[0].contains(header), "{header}");
    }
    assert!(heard[1].ends_with("\r\n\r\n{\"a\":1}"));
}

#[tokio::test]
async fn a_closed_connection_is_replaced_without_a_word() {
    let (address, listening) = listen(&[&[FINE], &[FINE]]).await;
    let mut client = Client::new(address, "a browser");
    client.get("/one", None).await.expect("answered");
    // The listener closes now; the client may learn of it only when it sends.
    tokio::task::yield_now().await;
    client.get("/two", None).await.expect("answered");
    assert_eq!(listening.await.expect("it ended").len(), 2);
}

#[tokio::test]
async fn nobody_there_means_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let mut client = Client::new(address, "a browser");
    let sent = client.get("/", None).await;
    assert!(matches!(sent, Err(Trouble::NotSent(_))), "{sent:?}");
    let sent = client.abandon(Ask::get("/"), Leave::Answered).await;
    assert!(matches!(sent, Err(Trouble::NotSent(_))), "{sent:?}");
}

#[tokio::test]
async fn a_connection_that_ends_instead_of_an_answer_means_unknown_and_is_not_tried_again() {
    let (address, listening) = listen(&[&[b""]]).await;
    let mut client = Client::new(address, "a browser");
    let sent = client.get("/", None).await;
    assert!(matches!(sent, Err(Trouble::NoAnswer(_))), "{sent:?}");
    assert_eq!(listening.await.expect("it ended").len(), 1);
}

#[tokio::test]
async fn half_an_answer_and_no_patience_left_mean_unknown() {
    let (address, _listening) = listen(&[&[HALF]]).await;
    let mut client = Client::new(address, "a browser");
    let sent = client.get("/", None).await;
    assert!(matches!(sent, Err(Trouble::NoAnswer(_))), "{sent:?}");

    let silent = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let address = silent.local_addr().expect("it is bound");
    let mut client = Client::new(address, "a browser").patience(Duration::from_millis(50));
    let sent = client.get("/", None).await;
    assert!(matches!(sent, Err(Trouble::NoAnswer(_))), "{sent:?}");
}

#[tokio::test]
async fn an_abandoned_request_is_whole() {
    let (address, listening) = listen(&[&[FINE]]).await;
    let client = Client::new(address, "a browser");
    let ask = Ask::post_json("/x", &serde_json::json!({"a": 1}));
    client
        .abandon(ask, Leave::Answered)
        .await
        .expect("answered");
    let heard = listening.await.expect("it ended");
    assert!(heard[0].starts_with("POST /x HTTP/1.1\r\n"));
    assert!(heard[0].contains("content-length: 7\r\n"));
    assert!(heard[0].ends_with("{\"a\":1}"));
}
