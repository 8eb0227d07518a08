//! Revoking in the admin: what the page says it will end is what ends, by whom it may be done, and what stays on record.

use axum::http::header;
use jotward::event::Kind;
use jotward::store::{EventFilter, EventRow, Lent, StoreError};
use serde_json::json;

use crate::harness::{Answer, Caller, Database, TestApp, claims, on_both_databases};

const OFFICE: Caller = Caller::new("203.0.113.7", "curl/8.7.1");
const HOME: Caller = Caller::new(
    "198.51.100.9",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
);

/// Alice is the second user of every test.
const ALICE: &str = "/admin/users/2/end-sessions/";

pub async fn see(app: &TestApp, cookie: &str, path: &str) -> Answer {
    app.get(path, &[(header::COOKIE, cookie)]).await
}

pub async fn events(app: &TestApp, kind: Kind) -> Vec<EventRow> {
    let filter = EventFilter {
        kind: Some(kind),
        ..EventFilter::default()
    };
    app.store().events(filter, 1_000).await.expect("read")
}

pub fn claim(token: &str, name: &str) -> String {
    claims(token)[name].as_str().expect("text").to_owned()
}

/// The hidden fields of a page, as a browser would send them.
pub fn hidden(page: &Answer) -> Vec<(String, String)> {
    let inputs = page.body.split("<input type=\"hidden\" name=\"").skip(1);
    let read = inputs.map(|rest| {
        let (name, rest) = rest.split_once("\" value=\"").expect("a value");
        let (value, _) = rest.split_once('"').expect("its end");
        (
            name.to_owned(),
            value.replace("&quot;", "\"").replace("&amp;", "&"),
        )
    });
    read.collect()
}

/// Sends the form of a page that asks, with these fields beside.
pub async fn send(
    app: &TestApp,
    cookie: &str,
    path: &str,
    page: &Answer,
    more: &[(&str, &str)],
) -> Answer {
    let hidden = hidden(page);
    let hidden = hidden
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = hidden.chain(more.iter().copied()).collect();
    app.post_form(path, cookie, &fields).await
}

/// Asks, gives a reason, and answers the page of what came of it.
pub async fn revoke(app: &TestApp, cookie: &str, path: &str, more: &[(&str, &str)]) -> Answer {
    let page = see(app, cookie, path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let fields = [&[("reason", "a phone was lost")], more].concat();
    let done = send(app, cookie, path, &page, &fields).await;
    assert_eq!(done.status, 303, "{}", done.body);
    see(app, cookie, done.header("location")).await
}

#[track_caller]
pub fn assert_says(page: &Answer, sentences: &[&str]) {
    for sentence in sentences {
        assert!(page.body.contains(sentence), "{sentence}: {}", page.body);
    }
}

on_both_databases! {
    async fn all_sessions_of_a_user_end_and_nobody_elses(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (first, access) = app.log_in("alice").await;
        let (second, _) = app.log_in("alice").await;
        let second = app.refresh(&second).await.text("refresh");
        let (others, _) = app.log_in("admin").await;
        app.wait(19);

        let page = see(&app, &cookie, ALICE).await;
        assert_says(&page, &[
            "End all sessions of alice?", "2 live sessions<", "1 user<", "3 alive<", "2 alive<", "another 281 seconds",
            "there is no way to take a token off the blacklist; people sign in again.",
        ]);
        assert!(!page.body.contains("own_session") && !page.body.contains("api_token"), "there is nothing to choose: {}", page.body);
        let refused = app.post_form(ALICE, &cookie, &[("reason", &"x".repeat(201))]).await;
        assert_eq!(refused.status, 400);
        assert_says(&refused, &["At most 200 characters", &"x".repeat(201)]);
        assert_eq!(app.verify(&access).await.status, 200, "nothing is done yet");

        let result = revoke(&app, &cookie, ALICE, &[]).await;
        assert_says(&result, &["2 sessions of 1 user ended.", "all sessions of alice", "a phone was lost", "href=\"/admin/users/2/\""]);
        assert!(result.header("refresh").is_empty());
        for token in [&first, &second] {
            let refused = app.refresh(token).await;
            refused.assert_token_refused("Token is blacklisted");
            assert_eq!(refused.header("jotward-session-ended"), "admin");
        }
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        assert_eq!(app.refresh(&others).await.status, 200);

        let whole = &events(&app, Kind::SessionsRevoked).await[..];
        assert_eq!(whole.len(), 1, "{whole:?}");
        assert_eq!((whole[0].actor.as_deref(), whole[0].username.as_deref()), (Some("admin"), Some("alice")));
        assert_eq!(whole[0].detail.as_deref(), Some("2 sessions ended; all sessions of alice: a phone was lost"));
        let ends = events(&app, Kind::SessionExpired).await;
        assert_eq!(ends.len(), 2);
        assert!(ends.iter().all(|end| end.detail.as_deref() == Some("admin: a phone was lost") && end.actor.as_deref() == Some("admin")), "{ends:?}");

        let list = see(&app, &cookie, "/admin/revocations/").await;
        assert_says(&list, &["all sessions of alice", "finished", "a phone was lost"]);
        let again = revoke(&app, &cookie, ALICE, &[]).await;
        assert_says(&again, &["No session was left to end."]);
        assert!(!again.body.contains("The sessions it ended"), "{}", again.body);
    }
}

on_both_databases! {
    async fn an_api_token_is_reset_where_that_was_asked_for(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let login = json!({"username": "alice", "password": "alice-pass-1"});
        let token = app.post("/api/get-auth-token/", &login).await.text("token");
        let works = async || {
            let value = format!("Token {token}");
            app.get("/api/users/", &[(header::AUTHORIZATION, &value)]).await.status == 200
        };
        app.log_in("alice").await;
        revoke(&app, &cookie, ALICE, &[]).await;
        assert!(works().await);
        assert_says(&revoke(&app, &cookie, ALICE, &[("api_token", "yes")]).await, &["No session was left to end."]);
        assert!(!works().await);
        let reset = &events(&app, Kind::TokenRevoked).await[0];
        assert_eq!(reset.detail.as_deref(), Some("the API token: a phone was lost"));
    }
}

on_both_databases! {
    async fn an_api_token_is_reset_by_who_proved_who_they_are(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let login = json!({"username": "alice", "password": "alice-pass-1"});
        let token = app.post("/api/get-auth-token/", &login).await.text("token");
        let works = async || {
            let value = format!("Token {token}");
            app.get("/api/users/", &[(header::AUTHORIZATION, &value)]).await.status == 200
        };
        let (refresh, _) = app.log_in("alice").await;
        app.wait(15 * 60 + 1);
        let ticked = [("reason", "kept <words>"), ("api_token", "yes")];
        let asked = app.post_form(ALICE, &cookie, &ticked).await;
        assert_eq!(asked.status, 403);
        assert_says(&asked, &["Confirm it is you", "kept &lt;words&gt;", "name=\"api_token\" value=\"yes\""]);
        let wrong = [&ticked[..], &[("your_password", "not it")]].concat();
        assert_eq!(app.post_form(ALICE, &cookie, &wrong).await.status, 403);
        assert!(works().await && app.refresh(&refresh).await.status == 200, "nothing is done yet");
        let proved = [&ticked[..], &[("your_password", "admin-pass-1")]].concat();
        assert_eq!(app.post_form(ALICE, &cookie, &proved).await.status, 303);
        assert!(!works().await);
        app.wait(15 * 60 + 1);
        assert_eq!(app.post_form(ALICE, &cookie, &ticked[..1]).await.status, 303, "sessions end at once");
    }
}

on_both_databases! {
    async fn all_sessions_on_a_device_end_and_none_elsewhere(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (phone, access) = HOME.logs_in(&app, "alice").await;
        let (desk, _) = OFFICE.logs_in(&app, "alice").await;
        let list = app.get_as(&access, "/api/sessions/").await.json();
        let rows = list["sessions"].as_array().or(list.as_array()).expect("rows").clone();
        let id = claim(&access, "sid");
        let row = rows.iter().find(|row| row["id"] == id.as_str()).expect("mine");
        let device = row["device"]["id"].as_str().expect("an id").to_owned();
        let path = format!("/admin/devices/{device}/end-sessions/");
        let page = see(&app, &cookie, &path).await;
        assert_says(&page, &["End all sessions on this device?", "Firefox on Windows", "1 live session<"]);
        let result = revoke(&app, &cookie, &path, &[]).await;
        assert_says(&result, &["1 session of 1 user ended.", "all sessions on Firefox on Windows of alice"]);
        HOME.refreshes(&app, &phone).await.assert_token_refused("Token is blacklisted");
        assert_eq!(OFFICE.refreshes(&app, &desk).await.status, 200);
        assert_says(&see(&app, &cookie, &path).await, &["No session is left to end."]);
        for nothing in ["nonsense", "01890a5d-ac96-774b-bcce-b302099a8057", "%00"] {
            let answer = see(&app, &cookie, &format!("/admin/devices/{nothing}/end-sessions/")).await;
            assert_eq!(answer.status, 404, "{nothing}");
        }
    }
}

on_both_databases! {
    async fn what_the_page_showed_ends_and_nothing_that_came_after(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (before, _) = OFFICE.logs_in(&app, "alice").await;
        app.wait(5);
        let path = "/admin/revoke/?q=ali&status=live";
        let page = see(&app, &cookie, path).await;
        assert_says(&page, &["End all sessions that match?", "href=\"/admin/users/2/\">2</a>", "<dt>Status</dt><dd>live</dd>", "1 live session<"]);
        app.wait(1);
        // Somebody else whose name begins so, and a login that nobody saw.
        let alina = app.add_staff("alina", false).await;
        let (new, _) = app.log_in("alina").await;
        let (late, _) = OFFICE.logs_in(&app, "alice").await;
        let done = send(&app, &cookie, path, &page, &[("reason", "shared password")]).await;
        let result = see(&app, &cookie, done.header("location")).await;
        assert_says(&result, &["1 session of 1 user ended.", "href=\"/admin/sessions/?q=ali&amp;status=live\""]);
        OFFICE.refreshes(&app, &before).await.assert_token_refused("Token is blacklisted");
        assert_eq!(OFFICE.refreshes(&app, &late).await.status, 200);
        assert_eq!(app.refresh(&new).await.status, 200, "{}", alina.id);
        let whole = &events(&app, Kind::SessionsRevoked).await[0];
        assert_eq!(whole.detail.as_deref(), Some("1 session ended; sessions by filter (user 2, status live): shared password"));
    }
}

on_both_databases! {
    async fn the_chosen_sessions_end_and_no_others(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (one, first) = app.log_in("alice").await;
        let (two, second) = app.log_in("alice").await;
        let (kept, _) = app.log_in("alice").await;
        let path = format!("/admin/revoke/?chosen=yes&id={}&id={}", claim(&first, "sid"), claim(&second, "sid"));
        assert_says(&see(&app, &cookie, &path).await, &["End the chosen sessions?", "2 live sessions<"]);
        assert_says(&revoke(&app, &cookie, &path, &[]).await, &["2 sessions of 1 user ended."]);
        for token in [&one, &two] {
            app.refresh(token).await.assert_token_refused("Token is blacklisted");
        }
        assert_eq!(app.refresh(&kept).await.status, 200);
        assert_says(&see(&app, &cookie, &path).await, &["No session is left to end."]);
        let nothing = see(&app, &cookie, "/admin/revoke/?chosen=yes").await;
        assert_eq!(nothing.status, 400);
        assert_says(&nothing, &["You chose no session."]);
    }
}

on_both_databases! {
    async fn the_end_of_an_id_means_that_session_alone(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (meant, access) = app.log_in("alice").await;
        let (kept, _) = app.log_in("alice").await;
        let (others, _) = app.log_in("admin").await;
        let path = format!("/admin/revoke/?q={}", &claim(&access, "sid")[24..]);
        let page = see(&app, &cookie, &path).await;
        let ending = format!("<dt>Id ending in</dt><dd>{}</dd>", &claim(&access, "sid")[24..]);
        assert_says(&page, &["1 live session<", &ending]);
        assert_says(&revoke(&app, &cookie, &path, &[]).await, &["1 session of 1 user ended.", "id ending in"]);
        app.refresh(&meant).await.assert_token_refused("Token is blacklisted");
        for token in [&kept, &others] {
            assert_eq!(app.refresh(token).await.status, 200);
        }
        let nobodys = "/admin/revoke/?q=abcdefabcdef";
        assert_says(&see(&app, &cookie, nobodys).await, &["No session is left to end."]);
    }
}

on_both_databases! {
    async fn where_sessions_were_used_from_is_a_filter_too(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (there, _) = OFFICE.logs_in(&app, "alice").await;
        let (here, _) = HOME.logs_in(&app, "alice").await;
        app.state.hand_on().await;
        let path = "/admin/revoke/?address=203.0.113.0/24";
        assert_says(&see(&app, &cookie, path).await, &["<dt>Address</dt><dd>203.0.113.0/24</dd>", "1 live session<"]);
        assert_says(&revoke(&app, &cookie, path, &[]).await, &["1 session of 1 user ended."]);
        OFFICE.refreshes(&app, &there).await.assert_token_refused("Token is blacklisted");
        assert_eq!(HOME.refreshes(&app, &here).await.status, 200);
    }
}

on_both_databases! {
    async fn a_filter_that_can_not_be_read_ends_nothing(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (token, _) = app.log_in("alice").await;
        for query in ["?status=alive", "?address=10.0.0", "?user=alice", "?from=yesterday", "?q=alice&reason=x", "?typo=alice"] {
            assert_eq!(see(&app, &cookie, &format!("/admin/revoke/{query}")).await.status, 400, "{query}");
        }
        // What leaves nobody out is said by its name.
        for query in ["", "?q=", "?status=live", "?sort=expires"] {
            let answer = see(&app, &cookie, &format!("/admin/revoke/{query}")).await;
            assert_eq!((answer.status, answer.header("location")), (303, "/admin/revoke/everyone/"), "{query}");
        }
        let last = "01890a5d-ac96-774b-bcce-b302099a8057";
        let ids = format!("{{\"ids\":[{}]}}", vec!["\"x\""; 501].join(","));
        for (filter, last) in [
            ("", last), ("{}x", last), ("{\"user\":[2]}", last), ("{\"users\":[2]}", ""), ("{\"users\":[2]}", "x"),
            ("{\"device\":\"\\u0000\"}", last), (&ids, last), ("{\"status\":\"all\"}", last),
        ] {
            let fields = [("reason", "x"), ("filter", filter), ("last", last)];
            assert_eq!(app.post_form("/admin/revoke/?q=alice", &cookie, &fields).await.status, 400, "{filter} {last}");
        }
        let fields = [("reason", "x"), ("filter", "{\"status\":\"live\"}"), ("last", last)];
        let answer = app.post_form("/admin/revoke/?q=alice", &cookie, &fields).await;
        assert_eq!(answer.header("location"), "/admin/revoke/everyone/");
        // Nothing that matches is nothing to end.
        for query in ["?q=nobody-of-this-name", "?status=ended", "?user=77", "?id=%00", "?device=%00", "?reason=logout"] {
            let page = see(&app, &cookie, &format!("/admin/revoke/{query}")).await;
            assert_eq!(page.status, 200, "{query}");
            assert_says(&page, &["No session is left to end."]);
        }
        assert_eq!(app.refresh(&token).await.status, 200);
        assert!(events(&app, Kind::SessionsRevoked).await.is_empty());
    }
}

on_both_databases! {
    async fn everyone_in_other_words_is_everyone(database) {
        let app = TestApp::new(database, &[]).await;
        app.add_staff("sue", false).await;
        app.wait(86_400);
        let (sue, admin) = (app.admin_cookie("sue").await, app.admin_cookie("admin").await);
        let (token, _) = app.log_in("alice").await;
        let last = "ffffffff-ffff-7fff-bfff-ffffffffffff";
        for query in [
            "?until=2999-12-31", "?from=1970-01-01", "?from=2027-01-16", "?address=::/0", "?address=0.0.0.0/0", "?q=2000::/3",
            "?status=live&from=1970-01-01&until=2999-12-31&address=::/0",
        ] {
            for cookie in [&sue, &admin] {
                let answer = see(&app, cookie, &format!("/admin/revoke/{query}")).await;
                assert_eq!((answer.status, answer.header("location")), (303, "/admin/revoke/everyone/"), "{query}");
            }
        }
        for filter in ["{\"until\":32503680000}", "{\"from\":0}", "{\"address\":\"::/0\"}", "{\"of_admin\":false}"] {
            let fields = [("reason", "x"), ("filter", filter), ("last", last)];
            let answer = app.post_form("/admin/revoke/?user=2", &sue, &fields).await;
            assert_eq!(answer.header("location"), "/admin/revoke/everyone/", "{filter}");
        }
        // All of the clients are for superusers, too, who may leave the admin's alone.
        let clients = "/admin/revoke/?type=client&status=live";
        assert_eq!(see(&app, &sue, clients).await.header("location"), "/admin/revoke/everyone/");
        assert_says(&see(&app, &admin, clients).await, &["1 live session<"]);
        assert_says(&see(&app, &sue, "/admin/revoke/?until=2027-01-15").await, &["No session is left to end."]);
        assert_says(&see(&app, &sue, "/admin/revoke/?from=2027-01-17").await, &["No session is left to end."]);
        assert_eq!(app.refresh(&token).await.status, 200);
    }
}

on_both_databases! {
    async fn a_name_that_stands_for_too_many_ends_nobodys(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (token, _) = app.log_in("alice").await;
        for n in 0..19 {
            app.add_staff(&format!("alina-{n}"), false).await;
        }
        let path = "/admin/revoke/?q=ali";
        assert_says(&see(&app, &cookie, path).await, &["1 live session<"]);
        app.add_staff("alina-19", false).await;
        let refused = see(&app, &cookie, path).await;
        assert_eq!(refused.status, 400);
        assert_says(&refused, &["More than 20 users match", "narrow the search"]);
        assert_eq!(app.refresh(&token).await.status, 200);
    }
}

on_both_databases! {
    async fn what_another_version_wrote_stands_in_nobodys_way(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (token, _) = app.log_in("alice").await;
        let sql = "insert into warrants (id, begun_at, actor, note, ip, user_agent, target, spared, last_id, expected,
                                         is_more_expected, position, ended, users, finished_at, claimed_until)
                   values (1, 1800000000, 'zoe', 'another time', '', '', '{\"filter\":{\"moon\":3}}', '', '', 7, false, '', 3,
                           null, null, 0)";
        let written = app.store().write(move |tx| Box::pin(async move {
            match tx.lent() {
                Lent::Sqlite(tx) => sqlx::query(sql).execute(&mut **tx).await.map(drop),
                Lent::Postgres(tx) => sqlx::query(sql).execute(&mut **tx).await.map(drop),
            }.map_err(StoreError::from)
        }));
        written.await.expect("written");
        assert_eq!(app.state.take_up_warrant().await.expect("asked"), None);
        assert_says(&revoke(&app, &cookie, ALICE, &[]).await, &["1 session of 1 user ended."]);
        app.refresh(&token).await.assert_token_refused("Token is blacklisted");
        let list = see(&app, &cookie, "/admin/revocations/").await;
        assert_says(&list, &["all sessions of alice", "Written by another version", "zoe", "another time", "goes on"]);
        assert_says(&list, &["href=\"/admin/revocations/1/\""]);
        let page = see(&app, &cookie, "/admin/revocations/1/").await;
        assert_eq!((page.status, page.header("refresh")), (200, ""));
        assert_says(&page, &[
            "Another version of Jotward wrote this.", "start the version that wrote it", "<dt>Sessions ended</dt><dd>3</dd>",
            "zoe", "another time", "href=\"/admin/sessions/?revocation=1\"",
        ]);
    }
}

on_both_databases! {
    async fn staff_revoke_all_but_everyone_and_prove_who_they_are_for_many(database) {
        let app = TestApp::new(database, &[]).await;
        app.add_staff("sue", false).await;
        let cookie = app.admin_cookie("sue").await;
        let (token, _) = app.log_in("alice").await;
        let everyone = "/admin/revoke/everyone/";
        assert_eq!(see(&app, &cookie, everyone).await.status, 403);
        assert_eq!(app.post_form(everyone, &cookie, &[("reason", "x")]).await.status, 403);
        assert_eq!(see(&app, "", ALICE).await.status, 303);
        assert_eq!(app.refresh(&token).await.status, 200);

        app.wait(15 * 60 + 1);
        let filter = "/admin/revoke/?user=2";
        let page = see(&app, &cookie, filter).await;
        assert_says(&page, &["your_password"]);
        let asked = send(&app, &cookie, filter, &page, &[("reason", "kept <words>")]).await;
        assert_eq!(asked.status, 403);
        assert_says(&asked, &["Confirm it is you", "kept &lt;words&gt;", "name=\"filter\""]);
        assert!(events(&app, Kind::SessionsRevoked).await.is_empty());
        let done = send(&app, &cookie, filter, &page, &[("reason", "x"), ("your_password", "sue-pass-1")]).await;
        assert_eq!(done.status, 303);
        // One user's are ended at once, however long ago that was.
        app.wait(15 * 60 + 1);
        app.log_in("alice").await;
        assert_says(&revoke(&app, &cookie, ALICE, &[]).await, &["1 session of 1 user ended."]);
    }
}

on_both_databases! {
    async fn the_session_one_works_in_stays_unless_a_box_is_ticked(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (other, _) = app.log_in("admin").await;
        let path = "/admin/users/1/end-sessions/";
        assert_says(&see(&app, &cookie, path).await, &["1 live session<", "name=\"own_session\""]);
        assert_says(&revoke(&app, &cookie, path, &[]).await, &["1 session of 1 user ended.", "the session it was done from"]);
        app.refresh(&other).await.assert_token_refused("Token is blacklisted");
        assert_eq!(see(&app, &cookie, path).await.status, 200);
        let done = app.post_form(path, &cookie, &[("reason", "x"), ("own_session", "yes")]).await;
        assert_eq!(done.status, 303);
        let result = see(&app, &cookie, done.header("location")).await;
        assert!(result.header("location").starts_with("/admin/login/?next=%2Fadmin%2Frevocations%2F"), "{result:?}");
    }
}

on_both_databases! {
    async fn where_access_tokens_live_on_the_page_says_so(database) {
        let app = TestApp::new(database, &["--immediate-revocation=false"]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, access) = app.log_in("alice").await;
        let page = see(&app, &cookie, ALICE).await;
        assert_says(&page, &["IMMEDIATE_REVOCATION is off", "the last of them for another 300 seconds"]);
        assert!(!page.body.contains("refused at once"));
        revoke(&app, &cookie, ALICE, &[]).await;
        assert_eq!(app.verify(&access).await.status, 200);
        app.refresh(&refresh).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn a_result_is_read_off_the_record_and_leads_nowhere_else(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        app.log_in("alice").await;
        let page = see(&app, &cookie, &format!("{ALICE}?next=//evil.example/admin/")).await;
        assert!(!page.body.contains("evil.example/admin/\""), "{}", page.body);
        let done = app.post_form(&format!("{ALICE}?next=/admin/events/"), &cookie, &[("reason", "x")]).await;
        let location = done.header("location");
        assert!(location.ends_with("/?next=%2Fadmin%2Fevents%2F"), "{location}");
        let (address, _) = location.split_once('?').expect("a query");
        let elsewhere = see(&app, &cookie, &format!("{address}?next=https://evil.example")).await;
        assert!(!elsewhere.body.contains("evil.example"));
        for nothing in ["1", "x", "99999999999999999999", "%00"] {
            assert_eq!(see(&app, &cookie, &format!("/admin/revocations/{nothing}/")).await.status, 404, "{nothing}");
        }
        assert_eq!(see(&app, "", address).await.status, 303);
    }
}

on_both_databases! {
    async fn a_revocation_says_what_it_met_and_leads_to_what_it_ended(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (first, _) = app.log_in("alice").await;
        OFFICE.goes_on(&app, &first).await;
        let (_, second) = app.log_in("alice").await;
        let (_, admins) = app.log_in("admin").await;
        let result = revoke(&app, &cookie, ALICE, &[]).await;
        assert_says(&result, &["<dt>Access tokens then</dt><dd>3 alive</dd>", "<dt>Other tokens then</dt><dd>2 alive</dd>"]);
        let link = "<a href=\"/admin/sessions/?revocation=";
        let (_, rest) = result.body.split_once(link).expect("the way to the sessions");
        let (number, _) = rest.split_once('"').expect("its end");
        // The same admin ends another one on the same day.
        let path = format!("/admin/sessions/{}/end/", claim(&admins, "sid"));
        assert_says(&revoke(&app, &cookie, &path, &[]).await, &["<dt>Access tokens then</dt><dd>1 alive</dd>"]);
        let list = see(&app, &cookie, &format!("/admin/sessions/?revocation={number}")).await;
        assert_says(&list, &["2 sessions<", &claim(&first, "sid"), &claim(&second, "sid"), "Filters (1 in use)"]);
        assert!(!list.body.contains(&claim(&admins, "sid")), "{}", list.body);
        let file = see(&app, &cookie, &format!("/admin/sessions/export.csv?revocation={number}")).await;
        assert_eq!(file.body.lines().count(), 3, "{}", file.body);

        // An access token that falls alone ends no session.
        let (_, access) = app.log_in("alice").await;
        let row = app.outstanding(&claim(&access, "jti")).await.remove(0);
        let alone = revoke(&app, &cookie, &format!("/admin/outstanding/{}/blacklist/", row.id), &[]).await;
        assert_says(&alone, &["The token is blacklisted."]);
        assert!(!alone.body.contains(link) && !alone.body.contains("tokens then"), "{}", alone.body);
    }
}
