//! Runs the binary in a data directory of its own, with no settings but those given.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

/// How long a server may take to start or stop before a test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// A data directory, and what is set for every command in it.
pub struct Home {
    pub dir: TempDir,
    settings: Vec<(String, String)>,
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl Home {
    pub fn new() -> Self {
        let settings = [("ARGON2_MEMORY", "64"), ("ARGON2_ITERATIONS", "1")];
        let settings = settings.map(|(name, value)| (format!("JOTWARD_{name}"), value.to_owned()));
        Self {
            dir: TempDir::new().expect("a directory"),
            settings: settings.to_vec(),
        }
    }

    /// Sets `JOTWARD_<name>` for every command that follows.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.settings
            .push((format!("JOTWARD_{name}"), value.to_owned()));
        self
    }

    /// Logs everything there is to log.
    pub fn talkative(mut self) -> Self {
        self.settings.push((
            "RUST_LOG".to_owned(),
            "trace,hyper=debug,sqlx=debug".to_owned(),
        ));
        self
    }

    /// Runs a command to its end.
    pub fn run(&self, args: &[&str]) -> Said {
        self.run_with_input(args, "")
    }

    /// Runs a command with something to read.
    pub fn run_with_input(&self, args: &[&str], input: &str) -> Said {
        let mut child = self.command(args).spawn().expect("starts");
        // A command that refuses at once does not wait for its input.
        let _ = child
            .stdin
            .take()
            .expect("piped")
            .write_all(input.as_bytes());
        let output = child.wait_with_output().expect("ends");
        Said {
            status: output.status.code().expect("ended by itself"),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }

    /// Runs a command whose output nobody reads.
    pub fn run_unread(&self, args: &[&str]) -> Said {
        let mut child = self.command(args).spawn().expect("starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("ends");
        Said {
            status: output.status.code().expect("ended by itself"),
            out: String::new(),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }

    /// Adds a user.
    pub fn add_user(&self, name: &str, password: &str, flags: &[&str]) {
        let args = [&["user", "add", name, "--password-stdin"], flags].concat();
        let said = self.run_with_input(&args, &format!("{password}\n"));
        assert_eq!(said.status, 0, "{said:?}");
    }

    /// Starts a server on a free port and waits until it is ready.
    pub fn serve(&self, args: &[&str]) -> Serving {
        let address = free_address();
        let child = self
            .command(&[&["serve"], args].concat())
            .env("JOTWARD_LISTEN", address.to_string())
            .spawn()
            .expect("starts");
        let serving = Serving { child, address };
        serving.wait_until_ready();
        serving
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jotward"));
        let ours = std::env::vars_os().map(|(name, _)| name);
        for name in ours.filter(|name| name.to_string_lossy().starts_with("JOTWARD_")) {
            command.env_remove(name);
        }
        command
            .args(args)
            .env("JOTWARD_DATA_DIR", self.dir.path())
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// A server that runs; it ends with the test at the latest.
pub struct Serving {
    child: Child,
    pub address: SocketAddr,
}

impl Serving {
    /// Sends one request; answers the status and the rest of the answer.
    pub fn request(&self, request: &str) -> Option<(u16, String)> {
        exchange(self.address, request)
    }

    pub fn get(&self, path: &str, bearer: &str) -> (u16, String) {
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        self.request(&format!("{head}Authorization: Bearer {bearer}\r\n\r\n"))
            .expect("an answer")
    }

    pub fn post(&self, path: &str, body: &serde_json::Value) -> (u16, serde_json::Value) {
        let body = body.to_string();
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        let head = format!(
            "{head}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let (status, answer) = self.request(&format!("{head}{body}")).expect("an answer");
        let body = answer.split_once("\r\n\r\n").expect("a body").1;
        (status, serde_json::from_str(body).unwrap_or_default())
    }

    /// Asks to stop as an init system does, and answers the exit status and what was printed.
    pub fn stop(mut self) -> Said {
        let id = i32::try_from(self.child.id()).expect("a process id");
        let told = Command::new("kill")
            .args(["-TERM", &id.to_string()])
            .status()
            .expect("kill runs");
        assert!(told.success());
        let status = until(|| self.child.try_wait().expect("known"))
            .code()
            .expect("ended by itself");
        let mut said = Said {
            status,
            out: String::new(),
            err: String::new(),
        };
        self.child
            .stdout
            .take()
            .expect("piped")
            .read_to_string(&mut said.out)
            .expect("text");
        self.child
            .stderr
            .take()
            .expect("piped")
            .read_to_string(&mut said.err)
            .expect("text");
        said
    }

    fn wait_until_ready(&self) {
        let ready = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        until(|| self.request(ready).filter(|(status, _)| *status == 200));
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends one request; answers the status and the rest of the answer.
pub fn exchange(address: SocketAddr, request: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer))
}

/// An address of loopback that nobody listens on.
pub fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address")
}

/// Looks again and again until there is something.
pub fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "nothing after {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The URL of a new, empty PostgreSQL database, on the server that `TEST_DATABASE_URL` names.
pub fn database() -> String {
    let server = std::env::var("TEST_DATABASE_URL")
        .expect("TEST_DATABASE_URL names a PostgreSQL server to test on: `scripts/with-postgres cargo test`");
    let name = format!("c{}", uuid::Uuid::new_v4().simple());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let mut admin = PgConnection::connect(&server).await.expect("it answers");
        sqlx::query(AssertSqlSafe(format!("create database {name}")))
            .execute(&mut admin)
            .await
            .expect("created");
    });
    let (base, _) = server.rsplit_once('/').expect("a path");
    format!("{base}/{name}")
}
