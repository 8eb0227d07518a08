//! Dates that leave nobody out, whatever else is on record: those of sessions, and those of tokens, which are younger than
//! the sessions they belong to.

use jotward::store::{Lent, StoreError};

use crate::admin_revoke::see;
use crate::harness::{Database, TestApp, on_both_databases};

const EVERYONE: &str = "/admin/revoke/everyone/";

/// As many as are looked at for the oldest session that is live, all of them run out and none of them ended.
const RUN_OUT: &str = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 10000)
     insert into sessions (id, opened_at, last_seen_at, generation, rotated_at, expires_at, tokens_expire_at)
     select '00e8d4a51000-0000-7000-8000-' || substr(cast(1000000000 + i as text), 2), 1000000000, 1000000000, 0,
            1000000000, 1000000001, 1000000001
     from n";

async fn write(app: &TestApp, sql: &'static str) {
    let written = app.store().write(move |tx| {
        Box::pin(async move {
            let done = match tx.lent() {
                Lent::Sqlite(tx) => sqlx::query(sql).execute(&mut **tx).await.map(drop),
                Lent::Postgres(tx) => sqlx::query(sql).execute(&mut **tx).await.map(drop),
            };
            done.map_err(StoreError::from)
        })
    });
    written.await.expect("written");
}

on_both_databases! {
    async fn a_day_before_all_live_tokens_leaves_nobody_out(database) {
        let app = TestApp::new(database, &["--leeway=60s"]).await;
        app.add_staff("sue", false).await;
        let (mut token, _) = app.log_in("alice").await;
        for _ in 0..10 {
            app.wait(12 * 3_600);
            token = app.refresh(&token).await.text("refresh");
        }
        // It is 2027-01-20, 08:00, and the session is of five days ago.
        let sue = app.admin_cookie("sue").await;
        let path = "/admin/revoke/tokens/?from=";
        for day in ["1970-01-01", "2027-01-15", "2027-01-17", "2027-01-19"] {
            for more in ["", "&type=refresh", "&status=live"] {
                let answer = see(&app, &sue, &format!("{path}{day}{more}")).await;
                assert_eq!((answer.status, answer.header("location")), (303, EVERYONE), "{day}{more}");
            }
        }
        assert_eq!(see(&app, &sue, &format!("{path}2027-01-20")).await.status, 200, "some may be older");
        // Of sessions the day counts on which they were opened.
        assert_eq!(see(&app, &sue, "/admin/revoke/?from=2027-01-17").await.status, 200);
        // A token that lives longer is left out by the same day.
        let app = app.restarted(&["--refresh-token-lifetime=4d"]).await;
        let sue = app.admin_cookie("sue").await;
        assert_eq!(see(&app, &sue, &format!("{path}2027-01-17")).await.status, 200);
        assert_eq!(see(&app, &sue, &format!("{path}2027-01-16")).await.header("location"), EVERYONE);
    }
}

on_both_databases! {
    async fn sessions_that_ran_out_hide_nobody(database) {
        let app = TestApp::new(database, &[]).await;
        app.add_staff("sue", false).await;
        write(&app, RUN_OUT).await;
        let sue = app.admin_cookie("sue").await;
        for path in ["/admin/revoke/", "/admin/revoke/tokens/"] {
            let answer = see(&app, &sue, &format!("{path}?from=1970-01-01")).await;
            assert_eq!((answer.status, answer.header("location")), (303, EVERYONE), "{path}");
        }
        assert_eq!(see(&app, &sue, "/admin/revoke/?from=2027-01-16").await.status, 200, "sue is of the day before");
    }
}
