//! Two servers on one PostgreSQL: what one revokes, the other refuses; and a node that can not hear stops trusting
//! what it remembers.

use serde_json::json;

use crate::process::{Home, Serving, database, until};
use crate::proxy::{Proxy, Traffic};
use crate::serving::log_in;

const KEY: &str = "a-signing-key-that-both-nodes-know-0123456789";

/// Two nodes; the second reaches the database through a network that can fail.
struct Nodes {
    one: Serving,
    other: Serving,
    network: Proxy,
    _homes: [Home; 2],
}

impl Nodes {
    fn start() -> Self {
        Self::trusting("60s")
    }

    /// Nodes that trust their memory for so long.
    fn trusting(max_staleness: &str) -> Self {
        let url = database();
        let network = Proxy::to(Proxy::target(&url));
        let home = |url: &str| {
            Home::new()
                .set("DATABASE_URL", url)
                .set("SIGNING_KEY", KEY)
                .set("REVOCATION_MAX_STALENESS", max_staleness)
        };
        let homes = [home(&url), home(&network.url(&url))];
        homes[0].add_user("alice", "alice-pass-1", &[]);
        Self {
            one: homes[0].serve(&[]),
            other: homes[1].serve(&[]),
            network,
            _homes: homes,
        }
    }
}

fn verify(server: &Serving, token: &str) -> u16 {
    server
        .post("/api/token/verify/", &json!({"token": token}))
        .0
}

fn log_out(server: &Serving, refresh: &str) {
    let (status, body) = server.post("/api/token/blacklist/", &json!({"refresh": refresh}));
    assert_eq!(status, 200, "{body}");
}

#[test]
fn what_one_node_revokes_the_other_refuses_within_a_second() {
    let nodes = Nodes::start();
    for _ in 0..3 {
        let (refresh, access) = log_in(&nodes.one, "alice", "alice-pass-1");
        assert_eq!(verify(&nodes.other, &access), 200);
        log_out(&nodes.one, &refresh);
        let answered = std::time::Instant::now();
        assert_eq!(verify(&nodes.one, &access), 401, "here at once");
        until(|| (verify(&nodes.other, &access) == 401).then_some(()));
        println!("refused by the other node after {:?}", answered.elapsed());
    }
}

#[test]
fn a_refresh_on_the_other_node_is_the_same_session() {
    let nodes = Nodes::start();
    let (first, _) = log_in(&nodes.one, "alice", "alice-pass-1");
    let refresh = |server: &Serving| {
        server
            .post("/api/token/refresh/", &json!({"refresh": first}))
            .1["refresh"]
            .clone()
    };
    let second = refresh(&nodes.one);
    assert!(second.is_string());
    assert_eq!(
        refresh(&nodes.other),
        second,
        "a repetition, wherever it arrives"
    );
}

/// A node whose network fails in this way answers no access token from memory, and none wrongly; it is well again
/// when the network is.
fn cut_off_by(traffic: Traffic) {
    let nodes = Nodes::trusting("1s");
    let (ended, ended_access) = log_in(&nodes.one, "alice", "alice-pass-1");
    let (_, live_access) = log_in(&nodes.one, "alice", "alice-pass-1");
    assert_eq!(verify(&nodes.other, &live_access), 200);

    nodes.network.set(traffic);
    log_out(&nodes.one, &ended);
    until(|| (verify(&nodes.other, &ended_access) == 503).then_some(()));
    assert_eq!(verify(&nodes.other, &live_access), 503, "it can not know");
    let (status, _) = nodes.other.get("/api/users/", &live_access);
    assert_eq!(status, 503, "never a 401, never a guess");
    assert_eq!(
        verify(&nodes.one, &live_access),
        200,
        "the other node is well"
    );

    nodes.network.set(Traffic::Flows);
    until(|| (verify(&nodes.other, &live_access) == 200).then_some(()));
    assert_eq!(
        verify(&nodes.other, &ended_access),
        401,
        "it has heard of it before it trusts itself again"
    );
}

#[test]
fn a_node_that_is_cut_off_stops_trusting_its_memory() {
    cut_off_by(Traffic::Cut);
}

#[test]
fn a_node_in_a_silent_network_stops_trusting_its_memory() {
    cut_off_by(Traffic::Stalls);
}
