//! The program that the lab's page gives out in Rust (`app/src/lab/copy_as.rs`, whose tests hold it equal to the file
//! here), compiled and run: what arrives is what was copied. The other languages are run by the browser tests.

use std::net::SocketAddr;
use std::sync::OnceLock;

use axum::Router;
use axum::extract::Request;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::harness::Answer;

/// Where the name in the program leads.
static SERVER: OnceLock<SocketAddr> = OnceLock::new();

mod program {
    #![allow(clippy::print_stdout, clippy::new_ret_no_self)]

    /// The crate, but for where its clients find the server.
    mod reqwest {
        pub use ::reqwest::{Error, Method};

        pub struct Client;

        impl Client {
            pub fn new() -> ::reqwest::Client {
                let client = ::reqwest::Client::builder().no_proxy();
                let server = *super::super::SERVER.get().expect("a server");
                client
                    .resolve("jotward.test", server)
                    .build()
                    .expect("a client")
            }
        }
    }

    include!("copied/program.rs");

    pub fn run() -> Result<(), reqwest::Error> {
        main()
    }
}

#[tokio::test]
async fn the_program_in_rust_sends_what_was_copied() {
    let (sender, mut requests) = mpsc::unbounded_channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    SERVER
        .set(listener.local_addr().expect("an address"))
        .expect("one server");
    let note = async move |request: Request| {
        let line = format!("{} {}", request.method(), request.uri());
        let headers = request.headers().clone();
        let body = Answer::read(axum::response::Response::new(request.into_body()))
            .await
            .body;
        sender.send((line, headers, body)).expect("somebody waits");
        "seen"
    };
    let served =
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(note)).await });
    tokio::task::spawn_blocking(program::run)
        .await
        .expect("it ends")
        .expect("an answer");
    let (line, headers, body) = requests.recv().await.expect("a request");
    served.abort();
    assert_eq!(line, "PATCH /api/sessions/0197/");
    for (name, value) in [
        ("accept", "application/json"),
        ("content-type", "application/json"),
        ("jotward-refresh-transport", "cookie"),
        ("cookie", "jotward-refresh=PASTE-IT-HERE"),
    ] {
        let values: Vec<_> = headers.get_all(name).iter().collect();
        assert_eq!(values, [value], "{name}");
    }
    let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(
        body,
        serde_json::json!({"device_name": "Grüße \"x\" \\ o'neil"})
    );
}
