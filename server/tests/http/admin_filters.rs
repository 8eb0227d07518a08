//! Every field that narrows a list of the admin does: no row outside the filter is shown. A field that is new to a form
//! is missed here until there is a case for it. What is revoked by a filter is looked at in `admin_revoke_fields`.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::header;
use serde_json::json;
use time::OffsetDateTime;

use crate::admin_lists::{Listing, cells};
use crate::harness::{Answer, Caller, Database, TestApp, claims, on_both_databases};

const OFFICE: Caller = Caller::new("203.0.113.7", "curl/8.7.1");

/// The block that address is in, as it stands in an address.
const BLOCK: &str = "203.0.113.0%2F24";

/// Whose rows a filter leaves, of alice's and of those of the staff.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Whose {
    Alices,
    Others,
    Nobodys,
}

use Whose::{Alices, Nobodys, Others};

/// The cases of one list: a field, its value, and whose rows it leaves.
struct Cases {
    path: &'static str,
    column: &'static str,
    fields: Vec<(&'static str, String, Whose)>,
}

impl Cases {
    fn new(path: &'static str, column: &'static str) -> Self {
        let fields = Vec::new();
        Self {
            path,
            column,
            fields,
        }
    }

    fn with(mut self, field: &'static str, value: &str, whose: Whose) -> Self {
        self.fields.push((field, value.to_owned(), whose));
        self
    }

    async fn check(self, app: &TestApp, cookie: &str) {
        let list = Listing {
            app,
            cookie,
            path: self.path,
        };
        let all = list.get("").await;
        let shown = cells(&all, self.column);
        assert!(whose(&shown) == (true, true), "{}: {shown:?}", self.path);
        let covered: BTreeSet<_> = self.fields.iter().map(|(name, ..)| *name).collect();
        assert_eq!(
            fields(&all),
            covered,
            "{}: each field has a case",
            self.path
        );
        for (field, value, expected) in self.fields {
            let query = format!("?{field}={value}");
            let shown = list.cells(&query, self.column).await;
            let wanted = match expected {
                Alices => (true, false),
                Others => (false, true),
                Nobodys => (false, false),
            };
            assert_eq!(whose(&shown), wanted, "{}{query}: {shown:?}", self.path);
        }
    }
}

/// Whether rows are alice's, and whether there are any of others.
fn whose(shown: &[String]) -> (bool, bool) {
    let is_alices = |cell: &&String| cell.split(' ').next() == Some("alice");
    let alices = shown.iter().filter(is_alices).count();
    (alices > 0, alices < shown.len())
}

/// The names of the fields in a list's form.
pub fn fields(page: &Answer) -> BTreeSet<&str> {
    let (_, form) = page.body.split_once("class=\"filters\"").expect("a form");
    let (form, _) = form.split_once("</form>").expect("its end");
    let names = form.split(" name=\"").skip(1);
    names
        .map(|rest| rest.split_once('"').expect("a name").0)
        .collect()
}

/// A day by the system's clock, from which numbers have their time, so many days from now.
pub fn day(from_now: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = i64::try_from(now.expect("after 1970").as_secs()).expect("a time");
    let at = OffsetDateTime::from_unix_timestamp(now + from_now * 86_400);
    at.expect("a time").date().to_string()
}

/// What alice did on the first day.
struct Past {
    sid: String,
    jti: String,
    device: String,
    /// What the admin revoked, of sue's.
    revocation: String,
}

/// On the first day alice's session ended because a spent token came back; two days later the staff is there, one of
/// whom the admin signed out.
async fn past(app: &TestApp) -> (Past, String) {
    let login = json!({"username": "alice", "password": "alice-pass-1"});
    let api_token = app.post("/api/get-auth-token/", &login).await.text("token");
    let value = format!("Token {api_token}");
    app.get("/api/users/", &[(header::AUTHORIZATION, &value)])
        .await;
    let (first, access) = OFFICE.logs_in(app, "alice").await;
    let sessions = app.get_as(&access, "/api/sessions/").await.json();
    let second = OFFICE.goes_on(app, &first).await;
    OFFICE.goes_on(app, &second).await;
    assert_eq!(OFFICE.refreshes(app, &first).await.status, 401);
    app.state.hand_on().await;

    app.wait(2 * 86_400);
    app.add_staff("sue", false).await;
    app.admin_cookie("sue").await;
    let login = json!({"username": "sue", "password": "sue-pass-1"});
    app.post("/api/get-auth-token/", &login).await.text("token");
    let cookie = app.admin_cookie("admin").await;
    let sue = app.user("sue").await.id;
    let path = format!("/admin/users/{sue}/end-sessions/");
    let ended = app.post_form(&path, &cookie, &[("reason", "x")]).await;
    assert_eq!(ended.status, 303);
    let parts = ended.header("location").split('/');
    let revocation = parts.filter(|part| part.parse::<i64>().is_ok()).collect();
    let list = sessions["sessions"].as_array().or(sessions.as_array());
    let claims = claims(&first);
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    let past = Past {
        sid: text(&claims["sid"]),
        jti: text(&claims["jti"]),
        device: text(&list.expect("rows")[0]["device"]["id"]),
        revocation,
    };
    (past, cookie)
}

/// The lists of sessions and of tokens.
fn of_sessions_and_tokens(past: &Past) -> Vec<Cases> {
    let Past {
        sid,
        jti,
        device,
        revocation,
    } = past;
    let (yesterday, tomorrow) = (day(-1), day(1));
    let (end_of_sid, end_of_jti) = (&sid[24..], &jti[20..]);
    vec![
        Cases::new("/admin/sessions/", "User")
            .with("q", "alice", Alices)
            .with("q", sid, Alices)
            .with("q", end_of_sid, Alices)
            .with("q", &format!("…{}", &sid[29..]), Alices)
            .with("q", "abcdefabcdef", Nobodys)
            .with("q", jti, Alices)
            .with("q", BLOCK, Alices)
            .with("status", "live", Others)
            .with("user", "2", Alices)
            .with("type", "client", Alices)
            .with("type", "admin", Others)
            .with("device", device, Alices)
            .with("address", BLOCK, Alices)
            .with("reason", "reuse", Alices)
            .with("revocation", revocation, Others)
            .with("from", "2027-01-17", Others)
            .with("until", "2027-01-16", Alices),
        Cases::new("/admin/outstanding/", "User")
            .with("q", "alice", Alices)
            .with("q", sid, Alices)
            .with("q", end_of_sid, Alices)
            .with("q", end_of_jti, Alices)
            .with("q", "abcdefabcdef", Nobodys)
            .with("q", jti, Alices)
            .with("q", BLOCK, Alices)
            .with("status", "rotated", Alices)
            .with("status", "live", Others)
            .with("type", "refresh", Alices)
            .with("type", "admin", Others)
            .with("reason", "reuse", Alices)
            .with("user", "2", Alices)
            .with("session", sid, Alices)
            .with("device", device, Alices)
            .with("address", BLOCK, Alices)
            .with("address", "203.0.113.7", Alices)
            .with("from", &tomorrow, Nobodys)
            .with("until", &yesterday, Nobodys),
        Cases::new("/admin/blacklisted/", "User")
            .with("q", "alice", Alices)
            .with("q", sid, Alices)
            .with("q", end_of_jti, Alices)
            .with("q", "abcdefabcdef", Nobodys)
            .with("q", jti, Alices)
            .with("q", BLOCK, Alices)
            .with("status", "rotated", Alices)
            .with("type", "admin", Others)
            .with("reason", "reuse", Alices)
            .with("reason", "rotated", Alices)
            .with("actor", "admin", Others)
            .with("user", "2", Alices)
            .with("session", sid, Alices)
            .with("address", BLOCK, Alices)
            .with("from", "2027-01-17", Others)
            .with("until", "2027-01-16", Alices),
    ]
}

/// The lists of all else.
fn of_others(past: &Past) -> Vec<Cases> {
    let Past {
        sid, jti, device, ..
    } = past;
    let (yesterday, tomorrow) = (day(-1), day(1));
    vec![
        Cases::new("/admin/devices/", "User")
            .with("q", "alice", Alices)
            .with("q", sid, Alices)
            .with("q", jti, Alices)
            .with("q", "abcdefabcdef", Nobodys)
            .with("q", BLOCK, Alices)
            .with("type", "program", Alices)
            .with("user", "2", Alices)
            .with("device", device, Alices)
            .with("address", BLOCK, Alices)
            .with("from", &tomorrow, Nobodys)
            .with("until", &yesterday, Nobodys),
        Cases::new("/admin/events/", "User")
            .with("q", "alice", Alices)
            .with("q", sid, Alices)
            .with("q", jti, Alices)
            .with("q", "abcdefabcdef", Nobodys)
            .with("q", BLOCK, Alices)
            .with("kind", "authn_token_reuse", Alices)
            .with("status", "alarming", Alices)
            .with("address", BLOCK, Alices)
            .with("actor", "admin", Others)
            .with("user", "2", Alices)
            .with("session", sid, Alices)
            .with("from", &tomorrow, Nobodys)
            .with("until", &yesterday, Nobodys),
        Cases::new("/admin/users/", "Username")
            .with("q", "alice", Alices)
            .with("q", sid, Alices)
            .with("q", jti, Alices)
            .with("q", "abcdefabcdef", Nobodys)
            .with("q", "2", Alices)
            .with("q", BLOCK, Alices)
            .with("status", "shut-out", Others)
            .with("type", "staff", Others)
            .with("from", "2027-01-17", Others)
            .with("until", "2027-01-14", Nobodys),
        Cases::new("/admin/api-tokens/", "User")
            .with("q", "alice", Alices)
            .with("q", "2", Alices)
            .with("q", "abcdefabcdef", Nobodys)
            .with("status", "used", Alices)
            .with("status", "unused", Others)
            .with("user", "2", Alices)
            .with("from", "2027-01-17", Others)
            .with("until", "2027-01-16", Alices),
    ]
}

on_both_databases! {
    async fn every_field_of_every_list_narrows_it(database) {
        let app = TestApp::new(database, &[]).await;
        let (past, cookie) = past(&app).await;
        for list in of_sessions_and_tokens(&past).into_iter().chain(of_others(&past)) {
            list.check(&app, &cookie).await;
        }
    }
}

on_both_databases! {
    async fn a_search_and_a_field_that_say_two_things_show_nothing(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let other = format!("?q={id}&session=01890a5d-ac96-774b-bcce-b302099a8058");
        for (path, has_session) in [
            ("/admin/sessions/", false), ("/admin/outstanding/", true), ("/admin/blacklisted/", true),
            ("/admin/devices/", false), ("/admin/events/", true),
        ] {
            let list = Listing { app: &app, cookie: &cookie, path };
            list.refuses(&[("?q=0.0.0.0/1&address=128.0.0.0/1", "The search says another one")]).await;
            assert_eq!(list.get("?q=10.1.2.3/8&address=10.0.0.0/8").await.status, 200, "{path}");
            if has_session {
                list.refuses(&[(&other, "The search says another one")]).await;
                assert_eq!(list.get(&format!("?q={id}&session={id}")).await.status, 200, "{path}");
            }
        }
    }
}
