//! What the lab's page calls things.

use crate::api::REFRESH_TRANSPORT;
use crate::lab::diff::Kind;
use crate::lab::json::pretty;
use crate::lab::record::{Exchange, Record};
use crate::lab::scenes::Scene;
use crate::lab::stage::token_in;
use crate::lab::token::Token;

/// The number of a scene, and its name.
pub fn title(scene: Scene) -> (&'static str, &'static str) {
    match scene {
        Scene::Expiry => ("1", "Expiry"),
        Scene::Crowd => ("2", "Ten calls at once"),
        Scene::Tabs => ("3", "Two tabs"),
        Scene::Lost => ("4", "The lost answer"),
        Scene::VictimFirst => ("5a", "Theft: victim first"),
        Scene::ThiefFirst => ("5b", "Theft: thief first"),
        Scene::AsTab => ("5c", "Theft: like a second tab"),
        Scene::Logout => ("6", "Signing out"),
        Scene::Tampered => ("7", "Forged tokens"),
        Scene::Clock => ("8", "A wrong clock"),
        Scene::Storage => ("9a", "In storage"),
        Scene::Cookie => ("9b", "In a cookie"),
    }
}

/// What a request says: the line, and which token it brings.
pub fn asked(record: &Record, number: usize) -> (String, String) {
    let Some(exchange) = record.exchanges.get(number) else {
        return Default::default();
    };
    let line = [exchange.method, " ", &exchange.path].concat();
    (line, brought(exchange))
}

/// What an answer says: its class in the drawing, its status, and what it holds.
pub fn answered(record: &Record, number: usize) -> (&'static str, (String, String)) {
    let Some(exchange) = record.exchanges.get(number) else {
        return Default::default();
    };
    let Some(reply) = &exchange.answer else {
        let said = (
            "no answer".to_owned(),
            "the server can not be reached".to_owned(),
        );
        return ("wire wire--answered wire--lost", said);
    };
    let mut holds = Vec::new();
    for name in ["access", "refresh"] {
        if let Some(token) = token_in(reply, name) {
            holds.push([name, " ", &token.generation().to_string()].concat());
        }
    }
    let mut more = holds.join(" + ");
    if let Some(why) = &reply.ended {
        more = ["session ended: ", why].concat();
    }
    let status = [&reply.status.to_string(), " ", phrase(reply.status)].concat();
    if exchange.lost {
        more = [&more, " – sent, and lost on the way"].concat();
        return ("wire wire--answered wire--lost", (status, more));
    }
    let class = match reply.status {
        200..300 => "wire wire--answered",
        _ => "wire wire--answered wire--bad",
    };
    (class, (status, more))
}

/// A request as it is sent.
pub fn request(record: &Record, number: usize) -> String {
    let Some(exchange) = record.exchanges.get(number) else {
        return String::new();
    };
    let mut text = [exchange.method, " ", &exchange.path].concat();
    for (name, value) in &exchange.headers {
        text.push_str(&["\n", name, ": ", value].concat());
    }
    if exchange.has_cookie {
        text.push_str("\nCookie: (added by the browser; no script can read it)");
    }
    if let Some(body) = &exchange.body {
        text.push_str(&["\n\n", &pretty(body)].concat());
    }
    text
}

/// An answer as it came.
pub fn response(record: &Record, number: usize) -> String {
    let exchange = record.exchanges.get(number);
    let Some((exchange, reply)) =
        exchange.and_then(|exchange| Some((exchange, exchange.answer.as_ref()?)))
    else {
        return "None yet.".to_owned();
    };
    let mut text = [&reply.status.to_string(), " ", phrase(reply.status)].concat();
    for (name, value) in &exchange.answer_headers {
        text.push_str(&["\n", name, ": ", value].concat());
    }
    if is_with_cookie(exchange) && reply.status == 200 {
        text.push_str("\nset-cookie: (HttpOnly, SameSite=Strict, Path=/api/token: the browser keeps it from every script)");
    }
    text.push_str(&["\n\n", &pretty(&reply.body)].concat());
    text
}

/// Whether an answer says that the session is over, and why.
pub fn is_end_told(record: &Record, number: usize) -> bool {
    let exchange = record.exchanges.get(number);
    let reply = exchange.and_then(|exchange| exchange.answer.as_ref());
    reply.is_some_and(|reply| reply.ended.is_some())
}

/// What the database does for a change.
pub fn statement(kind: Kind) -> &'static str {
    match kind {
        Kind::Added => {
            "A new row. Of a token it holds the name (jti), its SHA-256, generation, parent and times. Never the token itself."
        }
        Kind::Spent => {
            "One transaction, for the whole refresh: the session's generation goes up by one, but only if it is still the old one \
             and the session has not ended (compare-and-swap); the new tokens are put on record; the old refresh token is \
             blacklisted, reason rotated, which is what \"spent\" means. Of two that come at once only the first changes a row."
        }
        Kind::Ended => {
            "The session's row gets its end and the reason, if it has none yet, and every token of it that is not spent is \
             blacklisted. That is never undone."
        }
        Kind::Replayed => {
            "Nothing is issued: the successor is made again from its row, with the same name and the same times. \
             The session counts how often that happened."
        }
    }
}

/// Whether a refresh token travels in a cookie with it, or is to.
pub fn is_with_cookie(exchange: &Exchange) -> bool {
    let mut names = exchange.headers.iter().map(|(name, _)| *name);
    names.any(|name| name == REFRESH_TRANSPORT)
}

/// A length of time, rounded up to the largest unit that says enough.
pub fn duration(seconds: u64) -> String {
    let (unit, name) = match seconds {
        0..120 => (1, " s"),
        120..7_200 => (60, " min"),
        7_200..172_800 => (3_600, " h"),
        _ => (86_400, " d"),
    };
    [&seconds.div_ceil(unit).to_string(), name].concat()
}

/// Which token a request brings.
fn brought(exchange: &Exchange) -> String {
    let bearer = exchange
        .headers
        .iter()
        .find_map(|(_, value)| value.strip_prefix("Bearer "));
    if let Some(bearer) = bearer {
        return with_token(bearer);
    }
    let Some(body) = &exchange.body else {
        return String::new();
    };
    let Some((_, rest)) = body.split_once("\"refresh\":\"") else {
        let what = match (body.contains("\"password\""), exchange.has_cookie) {
            (true, _) => "with a name and a password",
            (false, true) => "with the cookie",
            (false, false) => "without a cookie: there is none",
        };
        return what.to_owned();
    };
    with_token(rest.split('"').next().unwrap_or_default())
}

/// That a request brings this token: its type, and its generation.
fn with_token(compact: &str) -> String {
    Token::read(compact).map_or_else(
        || "with a broken token".to_owned(),
        |token| {
            [
                "with ",
                token.word("token_type"),
                " ",
                &token.generation().to_string(),
            ]
            .concat()
        },
    )
}

/// The words that go with a status (RFC 9110, section 15).
fn phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        _ => "",
    }
}
