//! A network between a server and its database that can be made to fail: by silence, by hanging up, or by losing
//! one answer on the way. It knows nothing of what it carries.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What happens to what is sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Traffic {
    /// It arrives.
    Flows,
    /// It is swallowed, and nobody is told.
    Stalls,
    /// Connections are closed, and new ones too.
    Cut,
    /// The next request that contains these bytes arrives; its answer does not, because the connection is closed.
    /// After that it flows again.
    LosesAnswerTo(&'static [u8]),
}

/// How often a waiting connection looks at what is to happen.
const TICK: Duration = Duration::from_millis(10);

/// The network. Its threads end with the process.
pub struct Proxy {
    pub address: SocketAddr,
    traffic: Arc<Mutex<Traffic>>,
}

impl Proxy {
    /// A network that leads to `target`.
    pub fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let traffic = Arc::new(Mutex::new(Traffic::Flows));
        let shared = Arc::clone(&traffic);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if *shared.lock().expect("not poisoned") == Traffic::Cut {
                    continue;
                }
                let Ok(server) = TcpStream::connect(target) else {
                    continue;
                };
                carry(&client, &server, &shared);
            }
        });
        Self { address, traffic }
    }

    /// The same URL, through this network.
    pub fn url(&self, url: &str) -> String {
        let (scheme, rest) = url.split_once("://").expect("a URL");
        let (host, path) = rest.split_once('/').expect("a path");
        let user = host
            .rsplit_once('@')
            .map_or(String::new(), |(user, _)| format!("{user}@"));
        format!("{scheme}://{user}{}/{path}", self.address)
    }

    /// Where a URL leads.
    pub fn target(url: &str) -> SocketAddr {
        let rest = url.split_once("://").expect("a URL").1;
        let host = rest.split('/').next().expect("a host");
        let host = host.rsplit('@').next().expect("a host");
        host.parse().expect("an address and a port")
    }

    pub fn set(&self, traffic: Traffic) {
        *self.traffic.lock().expect("not poisoned") = traffic;
    }

    pub fn traffic(&self) -> Traffic {
        *self.traffic.lock().expect("not poisoned")
    }
}

fn carry(client: &TcpStream, server: &TcpStream, traffic: &Arc<Mutex<Traffic>>) {
    let is_lost = Arc::new(Mutex::new(false));
    for (from, to, is_request) in [(client, server, true), (server, client, false)] {
        let (from, to) = (
            from.try_clone().expect("cloned"),
            to.try_clone().expect("cloned"),
        );
        let (traffic, is_lost) = (Arc::clone(traffic), Arc::clone(&is_lost));
        thread::spawn(move || pump(from, to, is_request, &traffic, &is_lost));
    }
}

fn pump(
    mut from: TcpStream,
    mut to: TcpStream,
    is_request: bool,
    traffic: &Mutex<Traffic>,
    is_lost: &Mutex<bool>,
) {
    from.set_read_timeout(Some(TICK)).expect("set");
    let mut bytes = vec![0; 65_536];
    loop {
        let read = from.read(&mut bytes);
        let mut traffic = traffic.lock().expect("not poisoned");
        if *traffic == Traffic::Cut {
            break;
        }
        let read = match read {
            Ok(0) => break,
            Ok(read) => &bytes[..read],
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                continue;
            }
            Err(_) => break,
        };
        if *traffic == Traffic::Stalls || (!is_request && *is_lost.lock().expect("not poisoned")) {
            continue;
        }
        let loses = match *traffic {
            Traffic::LosesAnswerTo(words) if is_request => contains(read, words),
            _ => false,
        };
        if loses {
            *is_lost.lock().expect("not poisoned") = true;
            *traffic = Traffic::Flows;
        }
        drop(traffic);
        if to.write_all(read).is_err() {
            break;
        }
        if loses {
            // Whoever asked sees the line go dead. The server reads all that was sent, then its end; what it answers
            // is drained, because unread it would reset the connection under the server's feet.
            let _ = from.shutdown(Shutdown::Both);
            let _ = to.shutdown(Shutdown::Write);
            return;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

fn contains(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}
