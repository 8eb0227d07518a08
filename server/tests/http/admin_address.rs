//! The addresses of the admin's lists: what is misspelt in them is refused, and never widens what is shown or revoked.

use crate::admin_lists::{Listing, cells};
use crate::harness::{Database, TestApp, on_both_databases};

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
