//! Webhooks of a real process: nothing is lost with it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::process::{Home, until};
use crate::serving::log_in;

const SECRET: &str = "a-secret-of-webhooks-that-is-long-enough";

/// Listens, and answers once it may. What came is kept, answered or not.
struct Receiver {
    address: SocketAddr,
    answers: Arc<AtomicBool>,
    came: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let receiver = Self {
            address: listener.local_addr().expect("an address"),
            answers: Arc::default(),
            came: Arc::default(),
        };
        let (answers, came) = (Arc::clone(&receiver.answers), Arc::clone(&receiver.came));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answers, came) = (Arc::clone(&answers), Arc::clone(&came));
                thread::spawn(move || receive(stream, &answers, &came));
            }
        });
        receiver
    }

    fn home(&self) -> Home {
        Home::new()
            .set("WEBHOOK_URL", &format!("http://{}/hook", self.address))
            .set("WEBHOOK_SECRET", SECRET)
            .set("WEBHOOK_TIMEOUT", "1s")
    }

    /// The names of the messages of this kind that came.
    fn ids(&self, kind: &str) -> Vec<String> {
        let came = self.came.lock().expect("whole");
        let of_kind = came
            .iter()
            .filter(|message| message.contains(&format!("\"type\":\"{kind}\"")));
        let id = |message: &String| {
            let line = message
                .lines()
                .find_map(|line| line.strip_prefix("webhook-id: "));
            line.expect("an id").to_owned()
        };
        of_kind.map(id).collect()
    }
}

/// Reads one request; holds the line while it may not answer.
fn receive(mut stream: TcpStream, answers: &AtomicBool, came: &Mutex<Vec<String>>) {
    let (mut message, mut some) = (Vec::new(), [0; 4096]);
    while !message.ends_with(b"}") {
        match stream.read(&mut some) {
            Ok(0) | Err(_) => return,
            Ok(count) => message.extend_from_slice(&some[..count]),
        }
    }
    let may_answer = answers.load(Ordering::SeqCst);
    came.lock()
        .expect("whole")
        .push(String::from_utf8_lossy(&message).into_owned());
    if may_answer {
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        return;
    }
    let _ = stream.read(&mut some);
}

fn is_drained(home: &Home) -> bool {
    home.run(&["webhook", "list"]).out.lines().count() == 1
}

#[test]
fn what_was_committed_before_a_kill_is_sent_after_it() {
    let receiver = Receiver::start();
    let home = receiver.home();
    home.add_user("alice", "alice-pass-1", &[]);
    // Committed, by a process that sent nothing and is gone.
    assert!(home.run(&["webhook", "list"]).out.contains("user_created"));
    let server = home.serve(&[]);
    log_in(&server, "alice", "alice-pass-1");
    let kind = "authn_login_success";
    until(|| (!receiver.ids(kind).is_empty()).then_some(()));
    // SIGKILL, while the receiver has not answered.
    drop(server);
    receiver.answers.store(true, Ordering::SeqCst);
    let _server = home.serve(&[]);
    until(|| is_drained(&home).then_some(()));
    for kind in [kind, "user_created"] {
        let ids = receiver.ids(kind);
        assert!(
            ids.len() > 1,
            "{kind}: it was asked for and killed before the answer"
        );
        assert!(ids.iter().all(|id| *id == ids[0]), "{kind}: {ids:?}");
    }
}

#[test]
fn what_waits_can_be_listed_and_tried_anew() {
    let home = Home::new()
        .set("WEBHOOK_URL", "http://127.0.0.1:1/secret-path")
        .set("WEBHOOK_SECRET", SECRET);
    home.add_user("alice", "alice-pass-1", &[]);
    let server = home.serve(&[]);
    let listed = || home.run(&["webhook", "list"]).out;
    until(|| listed().contains("no answer").then_some(()));
    assert!(!listed().contains("secret-path"), "{}", listed());
    drop(server);
    let said = home.run(&["webhook", "retry"]);
    assert_eq!(
        (said.status, said.out.as_str()),
        (0, "1 to be tried anew\n")
    );
    let said = home.run(&["config"]);
    assert!(
        said.out
            .contains("# JOTWARD_WEBHOOK_URL=http://127.0.0.1:1\n"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("secret-path") && !said.out.contains(SECRET));
}
