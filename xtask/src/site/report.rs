//! What a visitor downloads, as a table, and the limit that keeps it from growing unnoticed.

use anyhow::{Result, ensure};

/// The most bytes a file may have as brotli. Users on slow lines wait for these before a page is live.
const BUDGET: [(&str, usize); 2] = [("wasm", 150_000), ("script", 8_000)];

/// The size of one file.
pub struct Size {
    /// What the manifest calls it.
    pub key: &'static str,
    /// Its path in the site.
    pub path: String,
    /// Bytes as written.
    pub raw: usize,
    /// Bytes as most browsers receive them.
    pub brotli: usize,
}

/// Prints one line a file.
pub fn print(sizes: &[Size]) {
    println!("{:<36} {:>10} {:>10}", "target/site", "bytes", "brotli");
    for Size {
        path, raw, brotli, ..
    } in sizes
    {
        println!("{path:<36} {raw:>10} {brotli:>10}");
    }
}

/// Fails when a file is larger than it may be.
pub fn check_budget(sizes: &[Size]) -> Result<()> {
    for size in sizes {
        for (_, limit) in BUDGET.iter().filter(|(key, _)| *key == size.key) {
            ensure!(
                size.brotli <= *limit,
                "{} has {} bytes of brotli, {} more than its budget",
                size.path,
                size.brotli,
                size.brotli - limit
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Size, check_budget};

    fn module_of(brotli: usize) -> [Size; 1] {
        [Size {
            key: "wasm",
            path: "pkg/jotward.wasm".into(),
            raw: 3 * brotli,
            brotli,
        }]
    }

    #[test]
    fn refuses_a_module_beyond_its_budget() {
        assert!(check_budget(&module_of(150_000)).is_ok());
        assert!(check_budget(&module_of(150_001)).is_err());
    }
}
