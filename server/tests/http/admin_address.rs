//! The addresses of the admin's lists: what is misspelt in them is refused, and never widens what is shown or revoked;
//! and what is rare is found at once.

use jotward::demo_data::{Scope, fill};

use crate::admin_lists::{Listing, cells};
use crate::harness::{Database, START, TestApp, claims, on_both_databases};

const LISTS: [&str; 7] = [
    "/admin/outstanding/",
    "/admin/blacklisted/",
    "/admin/sessions/",
    "/admin/devices/",
    "/admin/users/",
    "/admin/events/",
    "/admin/api-tokens/",
];

on_both_databases! {
    async fn a_list_refuses_what_it_does_not_understand(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        app.log_in("alice").await;
        for path in LISTS {
            let list = Listing { app: &app, cookie: &cookie, path };
            for (query, why) in [
                ("?adress=1.2.3.4", "“adress” is no field of this list."),
                ("?foo=1&q=alice", "“foo” is no field of this list."),
                ("?from=2027-01-01&from=2027-01-02", "“from” is there twice."),
                ("?next=zz", ""),
                ("?prev=%00", ""),
            ] {
                let page = list.get(query).await;
                assert!(page.status == 400 && page.body.contains(why), "{path}{query}: {}", page.body);
                assert!(!page.body.contains("<table"), "{path}{query}");
                assert_eq!(list.get(&format!("export.csv{query}")).await.status, 400, "{path}{query}");
            }
            for query in ["?q=&status=&from=&sort=&dir=", "?done=reset", "?done=deleted", "?foo=", "?sort=nonsense"] {
                assert_eq!(list.get(query).await.status, 200, "{path}{query}");
                assert_eq!(list.get(&format!("export.json{query}")).await.status, 200, "{path}{query}");
            }
        }
    }
}

on_both_databases! {
    async fn a_misspelt_filter_revokes_nothing(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        app.log_in("alice").await;
        let revoke = Listing { app: &app, cookie: &cookie, path: "/admin/revoke/" };
        for query in ["?adress=1.2.3.4&status=live", "?foo=1", "?status=live&status=ended", "?status=live&next=zz"] {
            assert_eq!(revoke.get(query).await.status, 400, "{query}");
        }
        let sessions = Listing { app: &app, cookie: &cookie, path: "/admin/sessions/" };
        let page = sessions.get("?q=alice").await;
        let (_, rest) = page.body.split_once("name=\"id\" value=\"").expect("a box");
        let id = rest.split('"').next().expect("an id");
        for query in [format!("?chosen=yes&id={id}&id={id}"), "?type=client&address=&q=".to_owned(), "?q=alice&sort=expires&dir=asc".to_owned()] {
            assert_eq!(revoke.get(&query).await.status, 200, "{query}");
        }
        assert_eq!(cells(&sessions.get(&format!("?id={id}")).await, "User"), ["alice"]);
        assert_eq!(revoke.get("?foo=").await.status, 303);
    }
}

on_both_databases! {
    async fn rare_tokens_are_found_among_many(database) {
        let settings = jotward::config::Settings::from_flags([""; 0]).expect("defaults");
        let scope = Scope::new(2_000, 1, START, &settings).expect("so many");
        fill(&database.store, scope, |_| ()).await.expect("filled");
        let app = TestApp::new(database, &["--access-token-lifetime=1h"]).await;
        let cookie = app.admin_cookie("admin").await;
        let (_, lives) = app.log_in("alice").await;
        let (_, falls) = app.log_in("alice").await;
        let claims = [&lives, &falls].map(|token| claims(token)["jti"].as_str().expect("text").to_owned());
        // Newer ones than a page looks at: every refresh leaves a spent token.
        let (mut refresh, _) = app.log_in("admin").await;
        let id = app.outstanding(&claims[1]).await[0].id;
        let path = format!("/admin/outstanding/{id}/blacklist/");
        assert_eq!(app.post_form(&path, &cookie, &[("reason", "lost")]).await.status, 303);
        for _ in 0..600 {
            app.wait(1);
            let answer = app.refresh(&refresh).await;
            answer.json()["refresh"].as_str().expect("another").clone_into(&mut refresh);
        }
        let list = Listing { app: &app, cookie: &cookie, path: "/admin/outstanding/" };
        let found = |page: &crate::harness::Answer, jti: &str| page.body.contains(jti);
        let page = list.get("?status=blacklisted").await;
        assert!(found(&page, &claims[1]) && !found(&page, &claims[0]), "{}", page.body);
        let page = list.get("?status=live&type=access").await;
        assert!(found(&page, &claims[0]) && !found(&page, &claims[1]), "{}", page.body);
        let none = list.get("?status=ended&reason=limit&type=sliding").await;
        assert!(none.body.contains("None among the 1,000 looked at."), "{}", none.body);
        assert!(!none.body.contains("<table"));
    }
}
