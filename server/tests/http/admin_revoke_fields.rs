//! Every field of a list by whose filter sessions are ended says which: the page counts those and no others, and those are
//! what the form that it shows would end. A field that is new to one of these lists is missed here until there is a case
//! for it.

use std::collections::BTreeSet;

use jotward::store::{Accepted, Extent, Part, Target};
use jotward::token::SessionId;
use serde_json::Value;

use crate::admin_filters::{day, fields};
use crate::admin_revoke::{claim, hidden, see};
use crate::harness::{Answer, Caller, Database, TestApp, on_both_databases};

const OFFICE: Caller = Caller::new("203.0.113.7", "curl/8.7.1");
const HOME: Caller = Caller::new("198.51.100.9", "curl/8.7.1");

/// The block the office is in, as it stands in an address.
const BLOCK: &str = "203.0.113.0%2F24";

/// The sessions that are live, beside the one the admin looks at them in.
struct Live {
    /// Alice's, in the office.
    alice: String,
    jti: String,
    device: String,
    /// Sue's, at home.
    sue: String,
    /// Sue's of the admin, there.
    staff: String,
}

async fn live(app: &TestApp) -> Live {
    let (refresh, access) = OFFICE.logs_in(app, "alice").await;
    let list = app.get_as(&access, "/api/sessions/").await.json();
    let rows = list["sessions"].as_array().or(list.as_array());
    let device = rows.expect("rows")[0]["device"]["id"]
        .as_str()
        .expect("an id");
    app.wait(18 * 3_600);
    let current = OFFICE.goes_on(app, &refresh).await;
    app.add_staff("sue", false).await;
    let (_, sues) = HOME.logs_in(app, "sue").await;
    let staff = app.admin_cookie("sue").await;
    app.state.hand_on().await;
    Live {
        alice: claim(&access, "sid"),
        jti: claim(&current, "jti"),
        device: device.to_owned(),
        sue: claim(&sues, "sid"),
        staff: claim(&staff, "sid"),
    }
}

/// The cases of one list: a field, its value, and which sessions end by it.
struct Cases<'a> {
    list: &'static str,
    /// Where its filter leads to.
    path: &'static str,
    live: &'a Live,
    fields: Vec<(&'static str, String, Vec<&'a str>)>,
}

impl<'a> Cases<'a> {
    fn new(list: &'static str, path: &'static str, live: &'a Live) -> Self {
        let fields = Vec::new();
        Self {
            list,
            path,
            live,
            fields,
        }
    }

    fn with(mut self, field: &'static str, value: &str, ids: &[&'a String]) -> Self {
        let ids = ids.iter().map(|id| id.as_str()).collect();
        self.fields.push((field, value.to_owned(), ids));
        self
    }

    fn alices(self, field: &'static str, value: &str) -> Self {
        let alice = &self.live.alice;
        self.with(field, value, &[alice])
    }

    fn nobodys(self, field: &'static str, value: &str) -> Self {
        self.with(field, value, &[])
    }

    async fn check(self, app: &TestApp, cookie: &str, read: fn(Value) -> Value) {
        let form = see(app, cookie, self.list).await;
        let covered: BTreeSet<_> = self.fields.iter().map(|(name, ..)| *name).collect();
        assert_eq!(
            fields(&form),
            covered,
            "{}: each field has a case",
            self.list
        );
        for (field, value, expected) in &self.fields {
            let path = format!("{}?{field}={value}", self.path);
            let page = see(app, cookie, &path).await;
            assert_eq!(
                page.status,
                200,
                "{path} leads to {}",
                page.header("location")
            );
            let said = match expected.len() {
                0 => "No session is left to end.".to_owned(),
                1 => "1 live session<".to_owned(),
                n => format!("{n} live sessions<"),
            };
            assert!(page.body.contains(&said), "{path}: {}", page.body);
            let ends = would_end(app, cookie, &page, read).await;
            let expected: BTreeSet<_> = expected.iter().map(|id| (*id).to_owned()).collect();
            assert!(ends.is_none_or(|ends| ends == expected), "{path}");
        }
    }
}

/// What the form of a page ends; `None` where there is no form, because nothing is left.
async fn would_end(
    app: &TestApp,
    cookie: &str,
    page: &Answer,
    read: fn(Value) -> Value,
) -> Option<BTreeSet<String>> {
    let hidden = hidden(page);
    let field = |name: &str| {
        hidden
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value)
    };
    let filter = serde_json::from_str(field("filter")?).expect("JSON");
    let target: Target = serde_json::from_value(read(filter)).expect("a target");
    let extent = Extent {
        meant: target.meant(),
        last_id: field("last").cloned(),
        spared: SessionId::parse(&claim(cookie, "sid")),
    };
    let accepted = Accepted {
        now: app.state.clock.now(),
        leeway: 0,
    };
    let found = app
        .store()
        .sessions_to_end(&extent, &Part::First, 500, accepted)
        .await;
    Some(found.expect("found").rows.into_iter().collect())
}

on_both_databases! {
    async fn every_field_of_the_list_of_tokens_says_whose_sessions_end(database) {
        let app = TestApp::new(database, &[]).await;
        let live = live(&app).await;
        let cookie = app.admin_cookie("admin").await;
        let Live { alice, jti, device, sue, staff } = &live;
        let cases = Cases::new("/admin/outstanding/", "/admin/revoke/tokens/", &live)
            .alices("q", "alice")
            .alices("q", alice)
            .alices("q", &alice[24..])
            .alices("q", &jti[20..])
            .alices("q", jti)
            .alices("q", BLOCK)
            .with("q", "sue", &[sue, staff])
            .nobodys("q", "abcdefabcdef")
            .nobodys("status", "rotated")
            .nobodys("status", "blacklisted")
            .nobodys("status", "ended")
            .nobodys("status", "expired")
            .with("type", "refresh", &[alice, sue])
            .with("type", "admin", &[staff])
            .nobodys("type", "sliding")
            .nobodys("reason", "reuse")
            .alices("user", "2")
            .alices("session", alice)
            .alices("device", device)
            .alices("address", BLOCK)
            .alices("address", "203.0.113.7")
            .nobodys("address", "203.0.113.8")
            // Later by the clock of the sessions and by that of the tokens' numbers.
            .nobodys("from", "2099-01-01")
            .nobodys("until", &day(-2));
        cases.check(&app, &cookie, |filter| serde_json::json!({"tokens": filter})).await;
    }
}

on_both_databases! {
    async fn every_field_of_the_list_of_sessions_says_which_end(database) {
        let app = TestApp::new(database, &[]).await;
        let live = live(&app).await;
        let cookie = app.admin_cookie("admin").await;
        let Live { alice, jti, device, sue, staff } = &live;
        let cases = Cases::new("/admin/sessions/", "/admin/revoke/", &live)
            .alices("q", "alice")
            .alices("q", alice)
            .alices("q", &alice[24..])
            .alices("q", jti)
            .alices("q", BLOCK)
            .with("q", "sue", &[sue, staff])
            .nobodys("q", "abcdefabcdef")
            .nobodys("status", "ended")
            .nobodys("status", "run-out")
            .nobodys("reason", "reuse")
            .nobodys("revocation", "1")
            .with("type", "client", &[alice, sue])
            .with("type", "admin", &[staff])
            .alices("user", "2")
            .alices("device", device)
            .alices("address", BLOCK)
            .with("from", "2027-01-16", &[sue, staff])
            .alices("until", "2027-01-15");
        cases.check(&app, &cookie, |filter| serde_json::json!({"filter": filter})).await;
        let another = format!("/admin/revoke/?id={alice}&q={sue}");
        assert!(see(&app, &cookie, &another).await.body.contains("No session is left to end."));
    }
}
