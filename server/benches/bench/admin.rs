//! How long the pages of the admin take among a million sessions, on both databases: every list, filter and sort, and every page
//! about one thing. A new page is a new line in [`pages::PAGES`]. No ratios: what was promised is a time, a number of
//! statements and a size.

mod pages;
mod past;
mod sample;

use std::time::{Duration, Instant};

use hyper::header;
use load::client::{Ask, Client};
use load::process::{Server, Settings};
use load::stats::Sample;

use crate::Outcome;
use crate::table::Table;
use crate::world::{AGENT, PASSWORD};
use pages::PAGES;
use past::Past;
use sample::Thing;

/// How often each page is asked for, with another thing each time.
const TIMES: usize = 100;

/// How long one page may take in all; slow ones are asked for less often.
const ENOUGH: Duration = Duration::from_secs(10);

/// What was promised of a page: the time of 99 in 100 answers, statements, and bytes of HTML.
const PROMISED: (Duration, usize, usize) = (Duration::from_millis(50), 5, 60_000);

/// Who asks.
const NAME: &str = "bench-admin";

/// What one page cost.
struct Cost {
    page: &'static str,
    status: u16,
    took: Sample,
    bytes: usize,
    statements: Option<usize>,
}

/// Measures it, and prints a table for each database.
///
/// # Errors
/// A database can not be filled, or a server does not start or refuses.
pub async fn measure(table: &mut Table) -> Outcome<()> {
    for name in ["SQLite", "PostgreSQL"] {
        let past = match name {
            "SQLite" => Past::sqlite().await,
            _ => Past::postgres().await,
        };
        let measured = match past {
            Ok(past) => {
                let costs = on(&past).await;
                past.leave().await?;
                costs
            }
            Err(error) => Err(error),
        };
        match measured {
            Ok(costs) => println!("{}", shown(name, &costs)),
            Err(error) => table.note(format!("admin on {name}: not measured: {error}")),
        }
    }
    Ok(())
}

async fn on(past: &Past) -> Outcome<Vec<Cost>> {
    let things = sample::some(past.url(), TIMES).await?;
    let mut admin = Admin::new(past.url(), "error").await?;
    let mut costs = Vec::new();
    for page in PAGES {
        eprintln!("bench:   {page}");
        costs.push(admin.cost(page, &things).await?);
    }
    admin.server.stop().await?;
    // PostgreSQL's statements can be logged, and are the same on both.
    if past.logs_statements() {
        let mut admin = Admin::new(past.url(), "error,sqlx::query=debug").await?;
        for cost in costs.iter_mut().filter(|cost| cost.status == 200) {
            cost.statements = Some(admin.statements(cost.page, &things).await?);
        }
        admin.server.stop().await?;
    }
    Ok(costs)
}

/// Somebody who is logged in to the admin.
struct Admin {
    server: Server,
    client: Client,
    cookie: String,
}

impl Admin {
    /// Starts a server that logs as it is told, and logs in.
    async fn new(url: &str, log: &str) -> Outcome<Self> {
        let mut server = Server::new(Settings::from([
            ("JOTWARD_DATABASE_URL".to_owned(), url.to_owned()),
            ("JOTWARD_KEEP_EXPIRED".to_owned(), "400d".to_owned()),
            ("JOTWARD_THROTTLE".to_owned(), "off".to_owned()),
            ("RUST_LOG".to_owned(), log.to_owned()),
        ]))?;
        let add = ["user", "add", NAME, "--superuser", "--password-stdin"];
        // Who measures for the second time is there already.
        let _ = server.command(&add, Some(PASSWORD)).await;
        server.start().await?;
        let mut client = Client::new(server.address(), AGENT);
        let form = [("username", NAME), ("password", PASSWORD), ("next", "")];
        let answer = client.send(Ask::post_form("/admin/login/", &form)).await?;
        let cookie = answer
            .header("set-cookie")
            .and_then(|cookie| cookie.split(';').next());
        let cookie = cookie.ok_or("the admin lets nobody in")?.to_owned();
        Ok(Self {
            server,
            client,
            cookie,
        })
    }

    async fn get(&mut self, path: &str) -> Outcome<load::client::Answer> {
        let ask = Ask::get(path).with(header::COOKIE, &self.cookie);
        Ok(self.client.send(ask).await?)
    }

    async fn cost(&mut self, page: &'static str, things: &[Thing]) -> Outcome<Cost> {
        let (mut took, mut bytes, mut status) = (Vec::new(), 0, 0);
        let begun = Instant::now();
        // The first one does not count: statements are prepared.
        for (n, thing) in things.iter().take(1).chain(things).enumerate() {
            let asked = Instant::now();
            let answer = self.get(&thing.fill(page)).await?;
            if n > 0 {
                took.push(asked.elapsed());
            }
            bytes = answer.body.len().max(bytes);
            status = answer.status.as_u16().max(status);
            if status != 200 || begun.elapsed() > ENOUGH {
                break;
            }
        }
        Ok(Cost {
            page,
            status,
            took: Sample::new(took),
            bytes,
            statements: None,
        })
    }

    /// How many statements a page takes: the fewest of a few times, because a server also asks for itself.
    async fn statements(&mut self, page: &str, things: &[Thing]) -> Outcome<usize> {
        let log = self.server.directory().join("server.log");
        let logged =
            || std::fs::read_to_string(&log).map(|text| text.matches("sqlx::query").count());
        let mut fewest = usize::MAX;
        for thing in things.iter().take(5) {
            let before = logged()?;
            self.get(&thing.fill(page)).await?;
            fewest = fewest.min(logged()? - before);
        }
        Ok(fewest)
    }
}

fn shown(database: &str, costs: &[Cost]) -> String {
    let mut lines = vec![
        format!("The admin on {database}, milliseconds\n"),
        "| page | p50 | p99 | max | statements | bytes | |".to_owned(),
        "| --- | --- | --- | --- | --- | --- | --- |".to_owned(),
    ];
    lines.extend(costs.iter().map(Cost::line));
    lines.join("\n") + "\n"
}

impl Cost {
    fn line(&self) -> String {
        let milliseconds = |per_mille| match self.status {
            200 => format!("{:.1}", self.took.quantile(per_mille).as_secs_f64() * 1e3),
            _ => String::new(),
        };
        let statements = self.statements.map(|count| count.to_string());
        let cells = [
            self.page.to_owned(),
            milliseconds(500),
            milliseconds(990),
            milliseconds(1000),
            statements.unwrap_or_default(),
            self.bytes.to_string(),
            self.verdict(),
        ];
        format!("| {} |", cells.join(" | "))
    }

    fn verdict(&self) -> String {
        if self.status != 200 {
            return format!("answers {}", self.status);
        }
        let (time, statements, bytes) = PROMISED;
        let missed = [
            (self.took.quantile(990) > time, "slow"),
            (self.statements > Some(statements), "many statements"),
            (self.bytes > bytes, "large"),
        ];
        let missed = missed.into_iter().filter(|(is_missed, _)| *is_missed);
        missed.map(|(_, what)| what).collect::<Vec<_>>().join(", ")
    }
}
