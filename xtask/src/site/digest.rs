//! Hashes: the part of a file's name that changes with its content, and what tells whether work is due.

use std::fmt::Write;
use std::path::Path;

use anyhow::Result;
use sha2::{Digest, Sha256};

use super::{Mode, read};

/// Sixteen hex digits over the parts, which are told apart by their lengths.
pub fn of(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher
        .finalize()
        .iter()
        .take(8)
        .fold(String::new(), |mut hex, byte| {
            // Writing to a String can not fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// One hash over everything the site is made of, the tools included: this program and wasm-opt.
pub fn of_inputs(mode: Mode, root: &Path, files: &[&[u8]]) -> Result<String> {
    let this_program = read(&std::env::current_exe()?)?;
    let wasm_opt = read(&root.join("xtask/package-lock.json"))?;
    let mode = format!("{mode:?}");
    let mut parts = vec![mode.as_bytes(), &this_program, &wasm_opt];
    parts.extend(files);
    Ok(of(&parts))
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn tells_where_one_part_ends() {
        assert_ne!(of(&[b"ab", b"c"]), of(&[b"a", b"bc"]));
    }

    #[test]
    fn is_sixteen_hex_digits() {
        let hash = of(&[b"jotward"]);
        assert_eq!(hash.len(), 16);
        assert!(
            hash.chars()
                .all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase())
        );
    }
}
