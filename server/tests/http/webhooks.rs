//! Webhooks, sent to a receiver that behaves as it is told.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jotward::event::{Event, Kind};
use jotward::webhook::Webhook;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::harness::{Database, START, TestApp, on_both_databases};

const SECRET: &str = "a-secret-of-webhooks-that-is-long-enough";

/// What a receiver does with a message.
#[derive(Clone, Copy, Debug)]
enum Manner {
    Takes,
    Fails,
    /// The first so many fail.
    FailsAtFirst(usize),
    Hangs,
    SendsElsewhere,
}

#[derive(Clone)]
struct Receiver {
    manner: Manner,
    came: Arc<AtomicUsize>,
    messages: Arc<Mutex<Vec<(HeaderMap, String)>>>,
}

impl Receiver {
    /// Listens; answers the receiver and its address.
    async fn start(manner: Manner) -> (Self, String) {
        let receiver = Self {
            manner,
            came: Arc::default(),
            messages: Arc::default(),
        };
        let routes = Router::new()
            .route("/hook", post(receive))
            .with_state(receiver.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, routes).await });
        (receiver, format!("http://{address}/hook"))
    }

    fn came(&self) -> usize {
        self.came.load(Ordering::SeqCst)
    }

    fn messages(&self) -> Vec<(HeaderMap, String)> {
        self.messages.lock().expect("whole").clone()
    }

    /// The value of a header in every message.
    fn all(&self, header: &str) -> Vec<String> {
        let messages = self.messages();
        let values = messages
            .iter()
            .map(|(headers, _)| headers[header].to_str().expect("text"));
        values.map(str::to_owned).collect()
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> Response {
    receiver
        .messages
        .lock()
        .expect("whole")
        .push((headers, body));
    let before = receiver.came.fetch_add(1, Ordering::SeqCst);
    match receiver.manner {
        Manner::FailsAtFirst(count) if before < count => StatusCode::BAD_GATEWAY.into_response(),
        Manner::Takes | Manner::FailsAtFirst(_) => StatusCode::NO_CONTENT.into_response(),
        Manner::Fails => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Manner::Hangs => std::future::pending().await,
        Manner::SendsElsewhere => Redirect::temporary("/elsewhere").into_response(),
    }
}

/// A server whose events go there.
async fn app(database: Database, url: &str, flags: &[&str]) -> (TestApp, Webhook) {
    let (url, secret) = (
        format!("--webhook-url={url}"),
        format!("--webhook-secret={SECRET}"),
    );
    let flags = [
        &[url.as_str(), secret.as_str(), "--webhook-timeout=1s"],
        flags,
    ]
    .concat();
    let app = TestApp::new(database, &flags).await;
    let settings = &app.state.settings;
    app.store().outlet().send(settings.webhook_kinds());
    let webhook = Webhook::of(settings).expect("TLS").expect("configured");
    (app, webhook)
}

/// Something to tell.
async fn happen(app: &TestApp, detail: &str) {
    let event = Event::new(Kind::AuthzFail, app.state.clock.now()).detail(detail);
    app.state.note(event).await;
}

async fn waiting(app: &TestApp) -> usize {
    app.store().deliveries().await.expect("read").len()
}

/// Sends until there is nothing due; answers how many attempts that took.
async fn send_all(app: &TestApp, webhook: &Webhook) -> usize {
    let mut tried = 0;
    loop {
        match app.state.send_due(webhook).await.expect("sent") {
            0 => return tried,
            some => tried += some,
        }
    }
}

on_both_databases! {
    async fn what_happens_is_sent_signed_and_without_secrets(database) {
        let (receiver, url) = Receiver::start(Manner::Takes).await;
        let (app, webhook) = app(database, &url, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        app.refresh(&refresh).await;
        app.blacklist(&refresh).await;
        assert!(send_all(&app, &webhook).await >= 2);
        assert_eq!(waiting(&app).await, 0);
        let messages = receiver.messages();
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let mut kinds = Vec::new();
        for (headers, body) in &messages {
            let header = |name: &str| headers[name].to_str().expect("text");
            let signed = format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp"));
            let signature = STANDARD.encode(hmac::sign(&key, signed.as_bytes()));
            assert_eq!(header("webhook-signature"), format!("v1,{signature}"));
            assert_eq!((header("content-type"), header("webhook-timestamp")), ("application/json", "1800000000"));
            let body: Value = serde_json::from_str(body).expect("JSON");
            assert_eq!((&body["id"], &body["at"]), (&json!(header("webhook-id")), &json!("2027-01-15T08:00:00Z")));
            kinds.push(body["type"].as_str().expect("text").to_owned());
            if body["type"] == "authn_login_success" {
                assert_eq!(body["user"], json!({"id": 2, "username": "alice"}));
            }
        }
        for kind in ["authn_login_success", "session_expired"] {
            assert!(kinds.iter().any(|sent| sent == kind), "{kind} in {kinds:?}");
        }
        assert!(!kinds.iter().any(|kind| kind == "session_renewed"), "not by default");
        let all = format!("{messages:?}");
        for secret in [&refresh, &access, "alice-pass-1", SECRET] {
            assert!(!all.contains(secret));
        }
    }
}

on_both_databases! {
    async fn only_what_is_asked_for_is_sent(database) {
        let (receiver, url) = Receiver::start(Manner::Takes).await;
        let (app, webhook) = app(database, &url, &["--webhook-events=session_renewed"]).await;
        let (refresh, _) = app.log_in("alice").await;
        app.refresh(&refresh).await;
        assert_eq!(send_all(&app, &webhook).await, 1);
        assert!(receiver.messages()[0].1.contains("\"type\":\"session_renewed\""));
    }
}

on_both_databases! {
    async fn what_fails_twice_is_taken_at_last_and_told_by_its_id(database) {
        let (receiver, url) = Receiver::start(Manner::FailsAtFirst(2)).await;
        let (app, webhook) = app(database, &url, &[]).await;
        happen(&app, "once").await;
        for (pause, left) in [(0, 1), (1, 1), (3, 0)] {
            app.wait(pause);
            assert_eq!(send_all(&app, &webhook).await, 1);
            assert_eq!(waiting(&app).await, left);
        }
        assert_eq!(send_all(&app, &webhook).await, 0);
        let ids = receiver.all("webhook-id");
        assert_eq!((ids.len(), &ids[0], &ids[1]), (3, &ids[1], &ids[2]), "the same message");
        let times = receiver.all("webhook-timestamp");
        assert_eq!(times, [START, START + 1, START + 4].map(|at| at.to_string()), "each signed anew");
    }
}

on_both_databases! {
    async fn what_is_never_taken_is_given_up_after_a_day_and_stays_to_be_seen(database) {
        let (receiver, url) = Receiver::start(Manner::Fails).await;
        let (app, webhook) = app(database, &url, &[]).await;
        happen(&app, "never").await;
        let mut tried = 0;
        for _ in 0..200 {
            tried += send_all(&app, &webhook).await;
            app.wait(600);
        }
        assert_eq!((tried, receiver.came()), (20, 20));
        let left = app.store().deliveries().await.expect("read");
        let left: Vec<_> = left.iter().map(|d| (d.attempts, d.next_at(), d.last_error.as_deref())).collect();
        assert_eq!(left, [(20, None, Some("the answer is 500"))]);
        // The operator mended the receiver.
        let now = app.state.clock.now();
        let again = app.store().write(move |tx| Box::pin(async move { tx.retry_deliveries(now).await }));
        assert_eq!(again.await.expect("written"), 1);
        assert_eq!(send_all(&app, &webhook).await, 1);
    }
}

on_both_databases! {
    async fn who_hangs_is_not_waited_for(database) {
        let (receiver, url) = Receiver::start(Manner::Hangs).await;
        let (app, webhook) = app(database, &url, &[]).await;
        for n in 0..8 {
            happen(&app, &n.to_string()).await;
        }
        let begun = Instant::now();
        assert_eq!(app.state.send_due(&webhook).await.expect("tried"), 8, "all at once");
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        assert_eq!((receiver.came(), waiting(&app).await), (8, 8));
        let left = app.store().deliveries().await.expect("read");
        let error = left[0].last_error.clone().expect("an error");
        assert!(error.contains("no answer") && !error.contains("/hook"), "{error}");
    }
}

on_both_databases! {
    async fn a_redirect_is_not_followed(database) {
        let (receiver, url) = Receiver::start(Manner::SendsElsewhere).await;
        let (app, webhook) = app(database, &url, &[]).await;
        happen(&app, "here").await;
        assert_eq!((send_all(&app, &webhook).await, receiver.came(), waiting(&app).await), (1, 1, 1));
    }
}

on_both_databases! {
    async fn two_nodes_send_each_event_once(database) {
        const EVENTS: usize = 60;
        let (receiver, url) = Receiver::start(Manner::Takes).await;
        let (app, webhook) = app(database, &url, &[]).await;
        for n in 0..EVENTS {
            happen(&app, &n.to_string()).await;
        }
        let (app, webhook) = (Arc::new(app), Arc::new(webhook));
        let nodes: Vec<_> = (0..4).map(|_| {
            let (app, webhook) = (Arc::clone(&app), Arc::clone(&webhook));
            tokio::spawn(async move {
                while waiting(&app).await > 0 {
                    send_all(&app, &webhook).await;
                }
            })
        }).collect();
        for node in nodes {
            node.await.expect("no panic");
        }
        let mut ids = receiver.all("webhook-id");
        assert_eq!(ids.len(), EVENTS);
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), EVENTS);
    }
}

on_both_databases! {
    async fn what_was_claimed_by_a_node_that_died_is_sent_by_another(database) {
        let (receiver, url) = Receiver::start(Manner::Takes).await;
        let (app, webhook) = app(database, &url, &[]).await;
        happen(&app, "claimed").await;
        let due = app.store().due_deliveries(START, 10).await.expect("read");
        // As a node does that is killed before it sends.
        let claimed = app.store().write(move |tx| Box::pin(async move { tx.claim_deliveries(due, START + 3).await }));
        assert_eq!(claimed.await.expect("claimed").len(), 1);
        assert_eq!(send_all(&app, &webhook).await, 0);
        app.wait(3);
        assert_eq!((send_all(&app, &webhook).await, receiver.came()), (1, 1));
    }
}

on_both_databases! {
    async fn an_event_is_sent_if_and_only_if_its_change_was_committed(database) {
        let (_, url) = Receiver::start(Manner::Takes).await;
        let (app, _) = app(database, &url, &[]).await;
        let undone = app.store().write(move |tx| {
            Box::pin(async move {
                tx.note(Event::new(Kind::AuthzFail, START)).await?;
                Err::<(), _>(jotward::store::StoreError::Conflict)
            })
        });
        assert!(undone.await.is_err());
        assert_eq!(waiting(&app).await, 0);
    }
}
