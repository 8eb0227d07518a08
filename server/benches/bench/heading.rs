//! Where and of what the figures are: without that they mean nothing.

use std::thread::available_parallelism;

use time::OffsetDateTime;

/// One line about the machine and what was measured.
#[must_use]
pub fn heading() -> String {
    let cores = available_parallelism().map_or(1, usize::from);
    let version = env!("CARGO_PKG_VERSION");
    let commit = std::env::var("BENCH_COMMIT").unwrap_or_else(|_| "unknown".to_owned());
    format!(
        "Jotward {version} ({commit}), {}; {cores} cores, {}; Argon2id 19456 KiB, 2 passes, 1 lane; SQLite in WAL mode, \
         synchronous=FULL",
        OffsetDateTime::now_utc().date(),
        processor()
    )
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == "model name").then(|| value.trim().to_owned())
    });
    name.unwrap_or_else(|| "unknown processor".to_owned())
}
