//! A real proxy asks before it lets anybody through, with the configuration that `docs/forward-auth.md` gives.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tempfile::TempDir;

use crate::process::{Home, exchange, free_address, until};
use crate::serving::log_in;

const DOCS: &str = include_str!("../../../docs/forward-auth.md");

/// An application that answers what it was sent.
struct Application {
    address: SocketAddr,
    calls: Arc<AtomicUsize>,
}

impl Application {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                counted.fetch_add(1, Ordering::SeqCst);
                let _ = echo(stream);
            }
        });
        Self { address, calls }
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

/// Answers the head of a request, after its body: who hangs up on a body that is still arriving breaks the connection,
/// and the proxy could not read the answer.
fn echo(mut stream: TcpStream) -> std::io::Result<()> {
    let mut head = String::new();
    let mut body = 0;
    let mut reader = BufReader::new(stream.try_clone()?);
    for line in reader.by_ref().lines() {
        let line = line?.to_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(length) = line.strip_prefix("content-length: ") {
            body = length.parse().unwrap_or(0);
        }
        head.push_str(&(line + "\n"));
    }
    std::io::copy(&mut reader.take(body), &mut std::io::sink())?;
    let length = head.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{head}"
    )
}

/// A proxy that runs; it ends with the test at the latest.
struct Proxy {
    child: Child,
    address: SocketAddr,
    _dir: TempDir,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Proxy {
    fn run(mut command: Command, address: SocketAddr, dir: TempDir) -> Self {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = command.spawn().expect("the proxy starts");
        let proxy = Self {
            child,
            address,
            _dir: dir,
        };
        until(|| TcpStream::connect(address).ok());
        proxy
    }

    fn nginx(jotward: SocketAddr, application: SocketAddr) -> Self {
        let (dir, address) = (TempDir::new().expect("a directory"), free_address());
        let site = in_docs(
            "nginx",
            "listen 80;",
            &format!("listen {address};"),
            jotward,
            application,
        );
        let at = dir.path().display();
        let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let scratch = kinds
            .map(|kind| format!("{kind}_temp_path {at}/{kind};\n"))
            .concat();
        let whole = format!(
            "daemon off;\nmaster_process off;\npid {at}/pid;\nerror_log {at}/error.log;\nevents {{}}\n\
             http {{\naccess_log off;\n{scratch}{site}}}\n"
        );
        let file = dir.path().join("nginx.conf");
        fs::write(&file, whole).expect("written");
        let mut nginx = Command::new(program("nginx"));
        nginx.arg("-p").arg(dir.path()).arg("-c").arg(file);
        nginx.arg("-e").arg(dir.path().join("error.log"));
        Self::run(nginx, address, dir)
    }

    fn caddy(jotward: SocketAddr, application: SocketAddr) -> Self {
        let (dir, address) = (TempDir::new().expect("a directory"), free_address());
        let here = format!(":{} {{\n\tbind 127.0.0.1\n", address.port());
        let site = in_docs("caddy", ":80 {\n", &here, jotward, application);
        let file = dir.path().join("Caddyfile");
        fs::write(&file, format!("{{\n\tadmin off\n}}\n{site}")).expect("written");
        let mut caddy = Command::new(program("caddy"));
        caddy
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(file);
        caddy.env("HOME", dir.path());
        Self::run(caddy, address, dir)
    }

    fn get(&self, headers: &[(&str, &str)]) -> (u16, String) {
        let headers = headers.iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let headers = headers.concat();
        let request = format!(
            "GET /orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
        );
        exchange(self.address, &request).expect("an answer")
    }

    fn post(&self, path: &str, body: &serde_json::Value, authorization: &str) -> u16 {
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {authorization}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        exchange(self.address, &request).expect("an answer").0
    }
}

fn program(name: &str) -> PathBuf {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&on_path).chain(["/usr/sbin".into()]);
    let mut files = places.map(|place: PathBuf| place.join(name));
    files
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("{name} is not there: `scripts/setup test`"))
}

/// The configuration in the documentation, with the addresses of this test.
fn in_docs(
    language: &str,
    listens: &str,
    here: &str,
    jotward: SocketAddr,
    application: SocketAddr,
) -> String {
    let (_, rest) = DOCS
        .split_once(&format!("```{language}\n"))
        .expect("a block");
    let (block, _) = rest.split_once("```").expect("its end");
    let mut block = block.to_owned();
    for (written, real) in [
        (listens, here),
        ("127.0.0.1:3000", &jotward.to_string()),
        ("127.0.0.1:8000", &application.to_string()),
    ] {
        assert!(block.contains(written), "{written}");
        block = block.replace(written, real);
    }
    block
}

fn guards_an_application(proxy: fn(SocketAddr, SocketAddr) -> Proxy) {
    let home = Home::new();
    home.add_user("admin", "admin-pass-1", &["--superuser"]);
    home.add_user("alice", "alice-pass-1", &[]);
    let server = home.serve(&[]);
    let application = Application::start();
    let proxy = proxy(server.address, application.address);

    let (status, answer) = proxy.get(&[("X-User-Id", "1")]);
    assert_eq!(status, 401, "{answer}");
    assert!(
        answer
            .to_lowercase()
            .contains("www-authenticate: bearer realm=\"api\""),
        "{answer}"
    );
    assert_eq!(proxy.get(&[("Authorization", "Bearer x")]).0, 401);
    assert_eq!(application.calls(), 0, "nobody who is not known gets there");

    let (refresh, access) = log_in(&server, "alice", "alice-pass-1");
    let bearer = format!("Bearer {access}");
    let forged = [
        ("X-User-Id", "1"),
        ("x-user-id", "1"),
        ("X-Username", "admin"),
        ("X-Session-Id", "forged"),
    ];
    let with = |authorization: &str| {
        let headers = [&forged[..], &[("Authorization", authorization)]].concat();
        proxy.get(&headers)
    };
    let said = |head: &str, line: &str| head.lines().any(|said| said == line);
    let (status, head) = with(&bearer);
    assert_eq!(status, 200, "{head}");
    assert!(
        said(&head, "x-user-id: 2") && said(&head, "x-username: alice"),
        "{head}"
    );
    assert!(
        !said(&head, "x-user-id: 1")
            && !head.contains("forged")
            && !head.contains(&access.to_lowercase()),
        "{head}"
    );
    assert_eq!(
        proxy.post("/orders", &json!({"a": "body"}), &bearer),
        200,
        "a body is no hindrance"
    );

    let said_token = home.run(&["authtoken", "alice"]).out;
    let token = said_token.split(' ').nth(2).expect("a token");
    let (status, head) = with(&format!("Token {token}"));
    assert!(status == 200 && said(&head, "x-user-id: 2"), "{head}");
    assert!(
        !head.contains("x-session-id"),
        "none, and not the client's own: {head}"
    );

    let calls = application.calls();
    let refresh = json!({"refresh": refresh});
    assert_eq!(
        proxy.post("/api/token/blacklist/", &refresh, ""),
        200,
        "through the proxy"
    );
    assert_eq!(with(&bearer).0, 401, "at once");
    let good = format!("Token {token}");
    assert_eq!(server.stop().status, 0);
    let (status, answer) = with(&good);
    assert!(status >= 500, "{answer}");
    assert_eq!(
        application.calls(),
        calls,
        "while nobody can be asked, nobody gets there"
    );
}

#[test]
fn behind_nginx() {
    guards_an_application(Proxy::nginx);
}

#[test]
fn behind_caddy() {
    guards_an_application(Proxy::caddy);
}

#[test]
fn nginx_says_in_which_session_a_caller_is() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    let server = home.serve(&[]);
    let proxy = Proxy::nginx(server.address, Application::start().address);
    let (_, access) = log_in(&server, "alice", "alice-pass-1");
    let bearer = format!("Bearer {access}");
    let (status, head) = proxy.get(&[("Authorization", &bearer), ("X-Session-Id", "forged")]);
    assert_eq!(status, 200, "{head}");
    let sessions: Vec<_> = head
        .lines()
        .filter_map(|line| line.strip_prefix("x-session-id: "))
        .collect();
    assert!(sessions.len() == 1 && sessions[0].len() == 36, "{head}");
}
