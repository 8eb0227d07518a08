//! A real server process in a directory of its own: started, killed as a power cut would, stopped as an operator
//! would, and started again on the same data and port. Loopback only, and whoever drops it ends it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::time::sleep;

use crate::client::Client;

/// How long a server may take until it is ready.
const START: Duration = Duration::from_secs(30);

/// How long a server may take to stop when it is asked to.
const STOP: Duration = Duration::from_secs(20);

/// Ports that are never given to outgoing connections: a client that tries a port while nobody listens there can
/// else be connected to itself, and the server could not come back.
const PORTS: std::ops::Range<u16> = 10_000..20_000;

/// What went wrong with a process.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// No binary was named.
    #[error("JOTWARD_BIN does not name the server's binary")]
    NoBinary,
    /// The system did not do it.
    #[error("{0}: {1}")]
    System(&'static str, #[source] io::Error),
    /// It ended or did not become ready; the last lines of its log.
    #[error("the server did not start:\n{0}")]
    NotReady(String),
    /// It did not stop when it was asked to, and was killed.
    #[error("the server did not stop within {STOP:?} and was killed")]
    NotStopped,
    /// A command was refused, with what it said.
    #[error("jotward {0}: {1}")]
    Command(String, String),
}

/// Names of settings with their values: `JOTWARD_…` variables.
pub type Settings = BTreeMap<String, String>;

/// A server, running or not, with its data.
#[derive(Debug)]
pub struct Server {
    binary: PathBuf,
    directory: TempDir,
    address: SocketAddr,
    settings: Settings,
    child: Option<Child>,
}

impl Server {
    /// A server with an empty data directory and a port of its own, not running yet. The binary is the one
    /// `JOTWARD_BIN` names.
    ///
    /// # Errors
    /// [`ProcessError::NoBinary`], [`ProcessError::System`].
    pub fn new(settings: Settings) -> Result<Self, ProcessError> {
        let binary = std::env::var_os("JOTWARD_BIN").ok_or(ProcessError::NoBinary)?;
        Self::of(Path::new(&binary), settings)
    }

    /// The same with a given binary.
    ///
    /// # Errors
    /// [`ProcessError::System`].
    pub fn of(binary: &Path, settings: Settings) -> Result<Self, ProcessError> {
        let system = |what| move |error| ProcessError::System(what, error);
        Ok(Self {
            // The server works in its data directory, where a relative path would mean something else.
            binary: binary.canonicalize().map_err(system("the binary"))?,
            directory: TempDir::with_prefix("jotward-load-").map_err(system("a directory"))?,
            address: free_address().map_err(system("a port"))?,
            settings,
            child: None,
        })
    }

    /// Where it answers.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its data directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The process id, while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// The end of what it wrote so far, for messages.
    #[must_use]
    pub fn log(&self) -> String {
        let text = std::fs::read_to_string(self.log_file()).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    /// Starts it, or starts it again, and waits until it and its database answer.
    ///
    /// # Errors
    /// [`ProcessError::System`], [`ProcessError::NotReady`].
    pub async fn start(&mut self) -> Result<(), ProcessError> {
        let system = |error| ProcessError::System("starting the server", error);
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log_file())
            .map_err(system)?;
        let mut command = Command::new(&self.binary);
        command
            .arg("serve")
            .env_clear()
            .envs(self.environment())
            .current_dir(self.directory())
            .stdin(Stdio::null())
            .stdout(log.try_clone().map_err(system)?)
            .stderr(log);
        self.child = Some(command.spawn().map_err(system)?);
        self.wait_until_ready().await
    }

    /// `kill -9`: the process is gone when this returns, and had no chance to say good-bye.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Both fail only for a process that has ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Asks it to stop (`SIGTERM`) and waits until it did.
    ///
    /// # Errors
    /// [`ProcessError::NotStopped`]; then it was killed.
    pub async fn stop(&mut self) -> Result<(), ProcessError> {
        let Some(child) = &mut self.child else {
            return Ok(());
        };
        if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            // It fails only for a process that has ended already.
            let _ = kill_process(pid, Signal::TERM);
        }
        let asked = Instant::now();
        while asked.elapsed() < STOP {
            if has_ended(child) {
                self.child = None;
                return Ok(());
            }
            sleep(Duration::from_millis(10)).await;
        }
        self.kill();
        Err(ProcessError::NotStopped)
    }

    /// A command of the binary on the same data, with a line on its standard input if one is given; what it printed.
    ///
    /// # Errors
    /// [`ProcessError::Command`], [`ProcessError::System`]; it may have had its effect all the same.
    pub async fn command(
        &self,
        arguments: &[&str],
        input: Option<&str>,
    ) -> Result<String, ProcessError> {
        self.operator().run(arguments, input).await
    }

    /// Whoever can run commands on this server's data while somebody else holds the server.
    #[must_use]
    pub fn operator(&self) -> Operator {
        Operator {
            binary: self.binary.clone(),
            environment: self.environment(),
        }
    }

    async fn wait_until_ready(&mut self) -> Result<(), ProcessError> {
        let mut client = Client::new(self.address, "load").patience(Duration::from_secs(2));
        let began = Instant::now();
        while began.elapsed() < START {
            if let Ok(answer) = client.get("/readyz", None).await
                && answer.status.is_success()
            {
                return Ok(());
            }
            if self.child.as_mut().is_none_or(has_ended) {
                break;
            }
            sleep(Duration::from_millis(5)).await;
        }
        self.kill();
        Err(ProcessError::NotReady(self.log()))
    }

    fn log_file(&self) -> PathBuf {
        self.directory().join("server.log")
    }

    /// Nothing of this process's own settings: a server under test has the ones it is given.
    fn environment(&self) -> Vec<(OsString, OsString)> {
        let mut all: Vec<(OsString, OsString)> = std::env::var_os("PATH")
            .map(|path| ("PATH".into(), path))
            .into_iter()
            .collect();
        all.push(("JOTWARD_DATA_DIR".into(), self.directory().into()));
        all.push(("JOTWARD_LISTEN".into(), self.address.to_string().into()));
        all.extend(
            self.settings
                .iter()
                .map(|(name, value)| (name.into(), value.into())),
        );
        all
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs commands of the server's binary on its data, whether the server runs or not.
#[derive(Clone, Debug)]
pub struct Operator {
    binary: PathBuf,
    environment: Vec<(OsString, OsString)>,
}

impl Operator {
    /// Runs a command, with a line on its standard input if one is given; what it printed.
    ///
    /// # Errors
    /// [`ProcessError::Command`], [`ProcessError::System`]; it may have had its effect all the same.
    pub async fn run(
        &self,
        arguments: &[&str],
        input: Option<&str>,
    ) -> Result<String, ProcessError> {
        let system = |error| ProcessError::System("running a command", error);
        let mut child = tokio::process::Command::new(&self.binary)
            .args(arguments)
            .env_clear()
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(system)?;
        if let (Some(mut stdin), Some(line)) = (child.stdin.take(), input) {
            // A command that does not want it may have closed its end.
            let _ = stdin.write_all(format!("{line}\n").as_bytes()).await;
        }
        let output = child.wait_with_output().await.map_err(system)?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(ProcessError::Command(arguments.join(" "), said))
    }

    /// Whether this binary knows a setting, such as `JOTWARD_LEEWAY`.
    ///
    /// # Errors
    /// As [`Operator::run`].
    pub async fn knows(&self, setting: &str) -> Result<bool, ProcessError> {
        let lines = self.run(&["config"], None).await?;
        Ok(lines.lines().any(|line| {
            line.trim_start_matches(['#', ' '])
                .split('=')
                .next()
                .is_some_and(|name| name.trim() == setting)
        }))
    }
}

fn has_ended(child: &mut Child) -> bool {
    !matches!(child.try_wait(), Ok(None))
}

fn free_address() -> io::Result<SocketAddr> {
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..50 {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, fastrand::u16(PORTS)));
        match TcpListener::bind(address) {
            Ok(_) => return Ok(address),
            Err(error) => last = error,
        }
    }
    Err(last)
}
