//! What really happened, in order: every request, what it changed on record, every answer. The drawing shows this and
//! nothing else. A password is taken out before it gets here.

use super::cast::Actor;
use super::diff::Change;
use crate::client::{Deed, Reply, Request};

/// A request, and its answer once there is one.
#[derive(Clone, Eq, PartialEq)]
pub struct Exchange {
    /// Who asked.
    pub actor: Actor,
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// Where to.
    pub path: String,
    /// The headers that matter, in the order they are shown in.
    pub headers: Vec<(&'static str, String)>,
    /// The body; `None` where there is none.
    pub body: Option<String>,
    /// The browser had a cookie with a refresh token to go with it.
    pub has_cookie: bool,
    /// What came back; `None` while nothing did.
    pub answer: Option<Reply>,
    /// The headers that came with it.
    pub answer_headers: Vec<(String, String)>,
    /// The answer was sent, and never arrived.
    pub lost: bool,
}

/// A line of the drawing.
#[derive(Clone, Eq, PartialEq)]
pub struct Row {
    /// Its number, never given twice in a record.
    pub id: usize,
    /// Whose it is.
    pub actor: Actor,
    /// What happened.
    pub event: Event,
}

/// What a line tells.
#[derive(Clone, Eq, PartialEq)]
pub enum Event {
    /// A request went out.
    Asked(usize),
    /// Its answer came back.
    Answered(usize),
    /// The registry changed.
    Changed(Change),
    /// Something happened in the client alone.
    Remark(String),
}

/// Whether something was as the scene said it would be.
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum Verdict {
    /// It was.
    Held,
    /// It was not.
    Failed,
    /// It was not, but the scene was played in steps: tokens run out between them, and what is forgiven for seconds is not
    /// any more.
    TooSlow,
}

/// What came of a scene.
#[derive(Clone, Eq, PartialEq)]
pub struct Finding {
    /// Whether it was as the scene said.
    pub verdict: Verdict,
    /// What was found, in a sentence.
    pub text: String,
}

/// Everything since the scene began.
#[derive(Default)]
pub struct Record {
    /// The exchanges, in the order they began.
    pub exchanges: Vec<Exchange>,
    /// The lines of the drawing.
    pub rows: Vec<Row>,
    /// What came of it.
    pub findings: Vec<Finding>,
    /// How many lines there ever were.
    count: usize,
}

impl Record {
    /// Forgets everything. Numbers go on, so that no line is taken for one of the scene before.
    pub fn clear(&mut self) {
        *self = Self {
            count: self.count,
            ..Self::default()
        };
    }

    /// Adds a line.
    pub fn add(&mut self, actor: Actor, event: Event) {
        self.count += 1;
        let id = self.count;
        self.rows.push(Row { id, actor, event });
    }

    /// Notes that `request` goes out; answers the number of its exchange.
    pub fn ask(
        &mut self,
        actor: Actor,
        request: &Request,
        headers: Vec<(&'static str, String)>,
    ) -> usize {
        let (method, body) = match &request.deed {
            Deed::Get => ("GET", None),
            Deed::Post(json) => ("POST", Some(without_password(json))),
            Deed::Patch(json) => ("PATCH", Some(json.clone())),
            Deed::Delete => ("DELETE", None),
        };
        self.exchanges.push(Exchange {
            actor,
            method,
            path: request.path.to_string(),
            headers,
            body,
            has_cookie: false,
            answer: None,
            answer_headers: Vec::new(),
            lost: false,
        });
        let number = self.exchanges.len() - 1;
        self.add(actor, Event::Asked(number));
        number
    }

    /// Notes that a cookie of the browser goes with the request.
    pub fn add_cookie(&mut self, number: usize) {
        if let Some(exchange) = self.exchanges.get_mut(number) {
            exchange.has_cookie = true;
        }
    }

    /// Notes the answer to an exchange; `None` if the network failed, `lost` if it was dropped after it was sent.
    pub fn answer(
        &mut self,
        number: usize,
        answer: Option<(Reply, Vec<(String, String)>)>,
        lost: bool,
    ) {
        let Some(exchange) = self.exchanges.get_mut(number) else {
            return; // the scene was left meanwhile
        };
        if let Some((reply, headers)) = answer {
            exchange.answer = Some(reply);
            exchange.answer_headers = headers;
        }
        exchange.lost = lost;
        let actor = exchange.actor;
        self.add(actor, Event::Answered(number));
    }

    /// How many requests went to `path` and were answered with `status`; any status if that is zero.
    pub fn count(&self, path: &str, status: u16) -> usize {
        let is_one = |exchange: &&Exchange| {
            let answered = exchange.answer.as_ref().map(|reply| reply.status);
            exchange.path == path && (status == 0 || answered == Some(status))
        };
        self.exchanges.iter().filter(is_one).count()
    }
}

/// What stands in a record in place of a password.
pub const NO_PASSWORD: &str = "your password";

/// A body without the password in it.
fn without_password(json: &str) -> String {
    const KEY: &str = "\"password\":\"";
    let Some((before, rest)) = json.split_once(KEY) else {
        return json.to_owned();
    };
    let mut escaped = false;
    let end = rest.find(|symbol| {
        let ends = symbol == '"' && !escaped;
        escaped = symbol == '\\' && !escaped;
        ends
    });
    [before, KEY, NO_PASSWORD, &rest[end.unwrap_or(rest.len())..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_recorded_whatever_is_in_it() {
        for password in [r"plain", r#"with \" a quote"#, r"ends in \\"] {
            let json = [r#"{"username":"u","password":""#, password, r#"","x":1}"#].concat();
            let mut record = Record::default();
            record.ask(
                Actor::First,
                &Request::post("/api/token/", json),
                Vec::new(),
            );
            assert_eq!(
                record.exchanges[0].body.as_deref(),
                Some(r#"{"username":"u","password":"your password","x":1}"#)
            );
        }
    }

    #[test]
    fn answers_find_their_requests_and_numbers_are_not_given_twice() {
        let mut record = Record::default();
        let first = record.ask(Actor::First, &Request::get("/a"), Vec::new());
        let second = record.ask(Actor::Second, &Request::get("/a"), Vec::new());
        let reply = |status| {
            let reply = Reply {
                status,
                ..Reply::default()
            };
            Some((reply, Vec::new()))
        };
        record.answer(second, reply(200), false);
        record.answer(first, reply(401), false);
        assert_eq!((record.count("/a", 0), record.count("/a", 401)), (2, 1));
        assert!(
            record.rows[2].event == Event::Answered(1) && record.rows[2].actor == Actor::Second
        );

        let last = record.rows[3].id;
        record.clear();
        record.answer(0, None, true); // a straggler
        record.add(Actor::First, Event::Remark("new".to_owned()));
        assert!(record.rows.len() == 1 && record.rows[0].id > last);
    }
}
