//! What a visitor downloads, as a table, and the limits that keep it from growing unnoticed.

use anyhow::{Result, ensure};

use super::publish::Kind;

/// The size of one file.
pub struct Size {
    /// What it is.
    pub kind: Kind,
    /// Its path in the site.
    pub path: String,
    /// Bytes as written.
    pub raw: usize,
    /// Bytes as most browsers receive them.
    pub brotli: usize,
}

/// The most bytes a file may have as brotli; `None` where nobody waits for it. Users on slow lines wait for these before a
/// page is live.
fn budget(kind: Kind) -> Option<usize> {
    match kind {
        Kind::Wasm("door") => Some(100_000),
        Kind::Wasm("desk") => Some(130_000),
        Kind::Wasm(_) => Some(150_000),
        Kind::Script(_) => Some(8_000),
        Kind::Asset("style") => Some(12_000),
        Kind::Asset(_) => None,
    }
}

/// Prints one line a file.
pub fn print(sizes: &[Size]) {
    let (site, bytes, brotli, budget_) = ("target/site", "bytes", "brotli", "budget");
    println!("{site:<36} {bytes:>10} {brotli:>10} {budget_:>10}");
    for size in sizes {
        let Size {
            path, raw, brotli, ..
        } = size;
        let budget = budget(size.kind).map_or(String::new(), |bytes| bytes.to_string());
        println!("{path:<36} {raw:>10} {brotli:>10} {budget:>10}");
    }
}

/// Fails when a file is larger than it may be.
pub fn check_budget(sizes: &[Size]) -> Result<()> {
    for size in sizes {
        let limit = budget(size.kind).unwrap_or(usize::MAX);
        ensure!(
            size.brotli <= limit,
            "{} has {} bytes of brotli, {} more than its budget",
            size.path,
            size.brotli,
            size.brotli - limit
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::publish::Kind;
    use super::{Size, check_budget};

    fn file_of(kind: Kind, brotli: usize) -> [Size; 1] {
        [Size {
            kind,
            path: "pkg/door.wasm".into(),
            raw: 3 * brotli,
            brotli,
        }]
    }

    #[test]
    fn refuses_a_file_beyond_its_budget() {
        for (kind, limit) in [
            (Kind::Wasm("door"), 100_000),
            (Kind::Wasm("lab"), 150_000),
            (Kind::Script("lab"), 8_000),
            (Kind::Asset("style"), 12_000),
        ] {
            assert!(check_budget(&file_of(kind, limit)).is_ok());
            assert!(check_budget(&file_of(kind, limit + 1)).is_err());
        }
    }
}
