//! One user in the admin, as a browser without scripts sees and changes them.

use axum::http::header;
use jotward::account::{Change, Edit, Manager, Role};
use jotward::event::Kind;
use jotward::lifecycle::Actor;
use jotward::store::{EventFilter, EventRow, Origin};
use jotward::token::SessionId;
use serde_json::json;

use crate::harness::{Answer, Caller, Database, TestApp, on_both_databases};

/// Alice is the second user of every test.
const ALICE: &str = "/admin/users/2/";

async fn see(app: &TestApp, cookie: &str, path: &str) -> Answer {
    app.get(path, &[(header::COOKIE, cookie)]).await
}

async fn events(app: &TestApp, kind: Kind) -> Vec<EventRow> {
    let filter = EventFilter {
        kind: Some(kind),
        ..EventFilter::default()
    };
    app.store().events(filter, 100).await.expect("read")
}

async fn can_log_in(app: &TestApp, name: &str, password: &str) -> bool {
    let login = json!({"username": name, "password": password});
    app.post("/api/token/", &login).await.status == 200
}

fn alice_is(field: &str, answer: &Answer) -> bool {
    answer.body.contains(field)
}

on_both_databases! {
    async fn the_page_shows_who_it_is_and_where_they_are_signed_in(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let quiet = see(&app, &cookie, ALICE).await;
        assert!(alice_is("Not signed in anywhere.", &quiet) && alice_is("None on record.", &quiet), "{}", quiet.body);
        assert!(!alice_is("Reset the API token", &quiet) && !alice_is("End all sessions", &quiet));

        let (_, access) = app.log_in("alice").await;
        let session = crate::harness::claims(&access)["sid"].as_str().expect("text").to_owned();
        let login = json!({"username": "alice", "password": "alice-pass-1"});
        app.post("/api/get-auth-token/", &login).await;
        app.post("/api/token/", &json!({"username": "alice", "password": "not it"})).await;
        app.wait(120);
        let page = see(&app, &cookie, ALICE).await;
        assert_eq!(page.status, 200);
        for shown in [
            "alice@example.com",
            "<dt>Last login</dt><dd><time",
            "<dt>API token</dt><dd>made",
            &format!("href=\"/admin/sessions/{session}/\""),
            &format!("href=\"/admin/sessions/{session}/end/\""),
            "href=\"/admin/sessions/?user=2\"",
            "href=\"/admin/events/?user=2\"",
            "All sessions of the user; 1 is live",
            "sign-in failed</span> · wrong password",
            "signed in</span> · the API token",
            "/admin/users/2/end-sessions/",
            "/admin/users/2/api-token/",
            "/admin/users/2/deactivate/",
        ] {
            assert!(alice_is(shown, &page), "{shown}: {}", page.body);
        }
        assert!(!alice_is("/admin/users/2/activate/", &page));
        assert!(!alice_is(&access, &page) && !alice_is("argon2", &page));

        for path in ["/admin/users/99/", "/admin/users/x/", "/admin/users/99999999999999999999/", "/admin/users/2/nothing/", "/admin/users/99/edit/", "/admin/users/99/delete/"] {
            assert_eq!(see(&app, &cookie, path).await.status, 404, "{path}");
        }
        let moved = see(&app, &cookie, "/admin/users/2/api-token/").await;
        assert_eq!((moved.status, moved.header("location")), (303, "/admin/api-tokens/2/reset/"));
        assert_eq!(see(&app, "", ALICE).await.status, 303);
    }
}

on_both_databases! {
    async fn a_page_stays_small_whoever_it_is_about(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        for _ in 0..25 {
            app.log_in("alice").await;
        }
        let page = see(&app, &cookie, ALICE).await;
        assert_eq!(page.body.matches(">End</a>").count(), 20);
        assert_eq!(page.body.matches("signed in</span>").count(), 20);
        assert!(alice_is("All sessions of the user; 25 are live", &page));
        assert!(page.body.len() < 60_000, "{}", page.body.len());
        let own = see(&app, &cookie, "/admin/users/1/").await;
        assert!(own.body.contains("yours, now"), "{}", own.body);
    }
}

on_both_databases! {
    async fn staff_see_everything_and_manage_nobody(database) {
        let app = TestApp::new(database, &[]).await;
        app.add_staff("sue", false).await;
        let cookie = app.admin_cookie("sue").await;
        let (_, access) = app.log_in("alice").await;
        let page = see(&app, &cookie, ALICE).await;
        assert!(alice_is("End all sessions", &page), "{}", page.body);
        for page_of_superusers in ["edit/", "password/", "deactivate/", "delete/"] {
            let path = format!("{ALICE}{page_of_superusers}");
            assert!(!alice_is(&path, &page), "{path}");
            assert_eq!(see(&app, &cookie, &path).await.status, 403, "{path}");
            let fields = [("reason", "x"), ("password", "other-pass-1"), ("username", "mallory"), ("email", ""), ("role", "superuser")];
            let answer = app.post_form(&path, &cookie, &fields).await;
            assert_eq!(answer.status, 403, "{path}");
            assert!(answer.body.contains("Only superusers may do this"));
        }
        for path in ["/admin/users/new/", "/admin/users/3/activate/"] {
            assert_eq!(see(&app, &cookie, path).await.status, 403, "{path}");
            assert_eq!(app.post_form(path, &cookie, &[("username", "m")]).await.status, 403, "{path}");
        }
        assert_eq!(app.verify(&access).await.status, 200);
        assert_eq!(app.user("alice").await.email, "alice@example.com");
        assert_eq!(events(&app, Kind::AuthzFail).await.len(), 12);
    }
}

on_both_databases! {
    async fn a_user_is_added(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let form = see(&app, &cookie, "/admin/users/new/").await;
        assert!(form.body.contains("Add a user") && !form.body.contains("your_password"));
        let add = async |username, email, password, role| {
            let fields = [("username", username), ("email", email), ("password", password), ("role", role)];
            app.post_form("/admin/users/new/", &cookie, &fields).await
        };
        for (fields, sentence) in [
            (["", "", "eva-pass-1", "user"], "1 to 150 characters"),
            (["eva", "nonsense", "eva-pass-1", "user"], "This is not an e-mail address."),
            (["eva", "", "-pass-1", "user"], "At least 8 characters.</p>"),
            (["Alice", "", "eva-pass-1", "user"], "Somebody has this name"),
            (["eva", "ALICE@example.com", "eva-pass-1", "user"], "Somebody has this e-mail address."),
            (["eva", "", "eva-pass-1", "root"], "Choose one."),
        ] {
            let [username, email, password, role] = fields;
            let answer = add(username, email, password, role).await;
            assert_eq!(answer.status, 400, "{fields:?}");
            assert!(answer.body.contains(sentence), "{sentence}: {}", answer.body);
            assert!(answer.body.contains(&format!("value=\"{username}\"")) && answer.body.contains(&format!("value=\"{email}\"")), "what was typed stays: {}", answer.body);
            assert!(!answer.body.contains(password), "but for the password");
        }
        assert!(events(&app, Kind::UserCreated).await.iter().all(|event| event.actor.as_deref() == Some("command line")));

        let answer = add(" eva ", "eva@example.com", "eva-pass-1", "staff").await;
        assert_eq!((answer.status, answer.header("location")), (303, "/admin/users/4/?done=added"));
        assert!(can_log_in(&app, "eva", "eva-pass-1").await);
        let eva = app.user("eva").await;
        assert_eq!((eva.is_staff, eva.is_superuser, eva.email.as_str()), (true, false, "eva@example.com"));
        let created = &events(&app, Kind::UserCreated).await[0];
        assert_eq!((created.actor.as_deref(), created.username.as_deref(), created.detail.as_deref()), (Some("admin"), Some("eva"), Some("staff")));
        assert!(see(&app, &cookie, answer.header("location")).await.body.contains("The user is added."));
    }
}

on_both_databases! {
    async fn a_user_is_edited(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, _) = app.log_in("alice").await;
        let path = format!("{ALICE}edit/");
        let form = see(&app, &cookie, &path).await;
        assert!(form.body.contains("value=\"alice@example.com\""), "{}", form.body);
        let edit = async |path: &str, username, email, role| {
            let fields = [("username", username), ("email", email), ("role", role)];
            app.post_form(path, &cookie, &fields).await
        };
        assert_eq!(edit(&path, "alice", "alice@example.com", "user").await.status, 303);
        assert!(events(&app, Kind::UserUpdated).await.is_empty(), "nothing was different");
        let taken = edit(&path, "BOB", "alice@example.com", "user").await;
        assert_eq!(taken.status, 400);
        assert!(taken.body.contains("Somebody has this name") && taken.body.contains("aria-invalid=\"true\"") && taken.body.contains("value=\"BOB\""));
        assert_eq!(edit(&path, "Alice", "", "superuser").await.header("location"), "/admin/users/2/?done=edited");
        let alice = app.user("Alice").await;
        assert_eq!((alice.id, alice.email.as_str(), alice.is_staff, alice.is_superuser), (2, "", true, true));
        let updated = &events(&app, Kind::UserUpdated).await[0];
        assert_eq!((updated.actor.as_deref(), updated.username.as_deref(), updated.detail.as_deref()), (Some("admin"), Some("alice"), Some("username, email; now called Alice")));
        let allowed = &events(&app, Kind::AuthzChange).await[0];
        assert_eq!((allowed.actor.as_deref(), allowed.user_id, allowed.detail.as_deref()), (Some("admin"), Some(2), Some("from user to superuser")));
        assert_eq!(app.refresh(&refresh).await.status, 200, "nothing of it ends a session");
        edit(&path, "Alice", "", "staff").await;
        assert_eq!(events(&app, Kind::AuthzChange).await[0].detail.as_deref(), Some("from superuser to staff"));
    }
}

on_both_databases! {
    async fn a_user_is_shut_out_and_let_in_again(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, access) = app.log_in("alice").await;
        app.log_in("alice").await;
        let path = format!("{ALICE}deactivate/");
        assert!(see(&app, &cookie, &path).await.body.contains("2 sessions end, wherever they are."));
        let blank = app.post_form(&path, &cookie, &[("reason", " ")]).await;
        assert_eq!(blank.status, 400);
        assert!(blank.body.contains("Say why"));
        assert_eq!(app.verify(&access).await.status, 200, "nothing is done without a reason");

        let answer = app.post_form(&path, &cookie, &[("reason", "left <us>")]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/admin/users/2/?done=deactivated"));
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        let refused = app.refresh(&refresh).await;
        assert_eq!((refused.status, refused.header("jotward-session-ended")), (401, "user_disabled"));
        assert!(!can_log_in(&app, "alice", "alice-pass-1").await);
        let page = see(&app, &cookie, answer.header("location")).await;
        assert!(page.body.contains("They can not sign in any more,") && page.body.contains("inactive: can not sign in"));
        let updated = &events(&app, Kind::UserUpdated).await[0];
        assert_eq!((updated.actor.as_deref(), updated.detail.as_deref()), (Some("admin"), Some("deactivated: left <us>")));
        let ended = &events(&app, Kind::SessionExpired).await[0];
        assert_eq!((ended.actor.as_deref(), ended.detail.as_deref()), (Some("admin"), Some("user_disabled")));

        let answer = app.post_form(&format!("{ALICE}activate/"), &cookie, &[]).await;
        assert_eq!(answer.header("location"), "/admin/users/2/?done=activated");
        assert!(can_log_in(&app, "alice", "alice-pass-1").await);
        let forged = see(&app, &cookie, "/admin/users/2/?done=deactivated&ended=9").await;
        assert!(!forged.body.contains("can not sign in") && !forged.body.contains("9 sessions"), "no link makes it say so");
        assert_eq!(app.refresh(&refresh).await.status, 401, "what ended stays ended");
    }
}

on_both_databases! {
    async fn a_password_is_set(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (_, access) = app.log_in("alice").await;
        let path = format!("{ALICE}password/");
        let set = async |path: &str, password, reason| {
            app.post_form(path, &cookie, &[("password", password), ("reason", reason)]).await
        };
        let short = set(&path, "short", "a kept reason").await;
        assert_eq!(short.status, 400);
        assert!(short.body.contains("At least 8 characters.</p>") && short.body.contains("a kept reason") && !short.body.contains("short\""));
        assert_eq!(set(&path, "new-alice-pass-1", "").await.status, 400);
        assert_eq!(app.verify(&access).await.status, 200);
        assert_eq!(set(&path, "new-alice-pass-1", "she asked").await.header("location"), "/admin/users/2/?done=password");
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        assert!(can_log_in(&app, "alice", "new-alice-pass-1").await && !can_log_in(&app, "alice", "alice-pass-1").await);
        let changed = &events(&app, Kind::PasswordChange).await[0];
        assert_eq!((changed.actor.as_deref(), changed.username.as_deref(), changed.detail.as_deref()), (Some("admin"), Some("alice"), Some("she asked")));

        let (_, own_access) = app.log_in("admin").await;
        let own = set("/admin/users/1/password/", "new-admin-pass-1", "time for it").await;
        assert_eq!(own.header("location"), "/admin/users/1/?done=password");
        assert_eq!(see(&app, &cookie, "/admin/users/1/").await.status, 200, "the session one works in stays");
        app.verify(&own_access).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn a_user_is_deleted_and_what_happened_stays(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (_, access) = app.log_in("alice").await;
        let path = format!("{ALICE}delete/");
        let question = see(&app, &cookie, &path).await;
        assert!(question.body.contains("1 session ends") && question.body.contains("This can not be undone."));
        let answer = app.post_form(&path, &cookie, &[("reason", "asked for it")]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/admin/users/?done=deleted&whose=2"));
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        assert_eq!(see(&app, &cookie, ALICE).await.status, 404);
        assert_eq!(app.post_form(&path, &cookie, &[("reason", "again")]).await.status, 404);
        let deleted = &events(&app, Kind::UserDeleted).await[0];
        assert_eq!((deleted.actor.as_deref(), deleted.username.as_deref(), deleted.detail.as_deref()), (Some("admin"), Some("alice"), Some("asked for it")));
        assert_eq!(events(&app, Kind::LoginSuccess).await[0].username.as_deref(), Some("alice"));
    }
}

on_both_databases! {
    async fn nobody_shuts_themselves_out(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let fields = [("reason", "a slip"), ("username", "admin"), ("email", ""), ("role", "staff")];
        for page in ["deactivate/", "delete/", "edit/"] {
            let answer = app.post_form(&format!("/admin/users/1/{page}"), &cookie, &fields).await;
            assert_eq!(answer.status, 403, "{page}");
            assert!(answer.body.contains("You would shut yourself out."), "{}", answer.body);
        }
        for page in ["deactivate/", "delete/"] {
            let question = see(&app, &cookie, &format!("/admin/users/1/{page}")).await;
            assert!(question.body.contains("This is you.") && !question.body.contains("name=\"reason\""), "{}", question.body);
        }
        let admin = app.user("admin").await;
        assert!(admin.is_active && admin.is_superuser);
        let fields = [("username", "boss"), ("email", ""), ("role", "superuser")];
        let answer = app.post_form("/admin/users/1/edit/", &cookie, &fields).await;
        assert_eq!(answer.status, 303, "a name is no danger");
    }
}

on_both_databases! {
    async fn what_concerns_users_asks_for_the_password_again(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        app.wait(15 * 60 + 1);
        let fields = [("reason", "x"), ("password", "other-pass-1"), ("username", "mallory"), ("email", ""), ("role", "user")];
        for path in ["/admin/users/new/", "/admin/users/2/edit/", "/admin/users/2/password/", "/admin/users/2/deactivate/", "/admin/users/2/delete/", "/admin/users/3/activate/"] {
            let form = see(&app, &cookie, path).await;
            assert!(form.body.contains("name=\"your_password\""), "it is asked for at once: {path}");
            let asked = app.post_form(path, &cookie, &fields).await;
            assert_eq!(asked.status, 403, "{path}");
            assert!(asked.body.contains("Confirm it is you") && !asked.body.contains("other-pass-1"), "{path}: {}", asked.body);
        }
        let before = app.user("alice").await;
        assert!(before.is_active && can_log_in(&app, "alice", "alice-pass-1").await);
        let with_mine = [&fields[..], &[("your_password", "admin-pass-1")]].concat();
        assert_eq!(app.post_form("/admin/users/new/", &cookie, &with_mine).await.status, 303);
        assert!(can_log_in(&app, "mallory", "other-pass-1").await);
    }
}

on_both_databases! {
    async fn of_two_superusers_who_demote_each_other_one_is_left(database) {
        let app = TestApp::new(database, &[]).await;
        let manager = |id, name: &str| Manager {
            id,
            session: SessionId::at(0),
            actor: Actor { name: name.to_owned(), note: String::new(), origin: Origin::default() },
        };
        for round in 0..15 {
            let pair = [format!("left{round}"), format!("right{round}")];
            let left = app.add_staff(&pair[0], true).await;
            let right = app.add_staff(&pair[1], true).await;
            let demote = |who: &jotward::store::User| Change::Edit(Edit {
                username: who.username.clone(),
                email: String::new(),
                role: Some(Role::Staff),
            });
            let deeds = [
                (right.user_id(), demote(&right), manager(left.user_id(), &left.username)),
                (left.user_id(), if round % 3 == 0 { Change::Deactivate } else if round % 3 == 1 { Change::Delete } else { demote(&left) }, manager(right.user_id(), &right.username)),
            ];
            let tasks = deeds.map(|(user, change, by)| {
                let state = app.state.clone();
                tokio::spawn(async move { state.change_user(user, change, by).await })
            });
            let mut done = 0;
            for task in tasks {
                done += usize::from(task.await.expect("no panic").is_ok());
            }
            assert_eq!(done, 1, "round {round}");
            let users = app.store().users().await.expect("read");
            let left = users.iter().filter(|user| pair.contains(&user.username) && user.is_superuser && user.is_active);
            assert_eq!(left.count(), 1, "round {round}");
        }
    }
}

on_both_databases! {
    async fn the_page_shows_what_an_attack_left_behind(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let quiet = see(&app, &cookie, ALICE).await;
        assert!(!alice_is("Alarms of the last 30 days", &quiet) && !alice_is("Recently ended", &quiet));

        let home = Caller::new("203.0.113.7", "curl/8.7.1");
        let (refresh, _) = home.logs_in(&app, "alice").await;
        let session = crate::harness::claims(&refresh)["sid"].as_str().expect("text").to_owned();
        home.goes_on(&app, &refresh).await;
        app.wait(3_600);
        assert_eq!(home.at("198.51.100.4").refreshes(&app, &refresh).await.status, 401);
        app.state.hand_on().await;
        let page = see(&app, &cookie, ALICE).await;
        let (_, top) = page.body.split_once("Alarms of the last 30 days").expect("alarms");
        let (alarms, rest) = top.split_once("</ul>").expect("a list");
        for shown in ["alarm: ", "spent token came back", "198.51.100.4", &format!("href=\"/admin/sessions/{session}/\"")] {
            assert!(alarms.contains(shown), "{shown}: {alarms}");
        }
        assert!(rest.contains("Not signed in anywhere.") && rest.contains("ended: token used twice"), "{rest}");
        assert!(rest.contains("/admin/sessions/?user=2&amp;status=ended"), "{rest}");
        assert!(!rest.contains("End its sessions"), "no session of the device is live");
        let (_, history) = rest.split_once("Sign-in history").expect("a history");
        assert!(history.contains(&format!("href=\"/admin/sessions/{session}/\"")), "{history}");

        let (again, _) = home.logs_in(&app, "alice").await;
        let session = crate::harness::claims(&again)["sid"].as_str().expect("text").to_owned();
        let asked = see(&app, &cookie, &format!("/admin/sessions/{session}/end/")).await;
        for shown in ["<dt>Device</dt><dd>curl", "<dt>Address</dt><dd>203.0.113.7", "<dd>curl/8.7.1"] {
            assert!(asked.body.contains(shown), "{shown}: {}", asked.body);
        }

        app.wait(31 * 86_400);
        assert!(!alice_is("Alarms of the last 30 days", &see(&app, &app.admin_cookie("admin").await, ALICE).await));
    }
}
