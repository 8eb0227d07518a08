//! Builds the server again when what it carries inside changed: the site, and the migrations.

fn main() {
    println!("cargo:rerun-if-changed=../target/site/manifest.json");
    println!("cargo:rerun-if-changed=../migrations");
}
