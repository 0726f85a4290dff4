//! Puts the pages of the policy rules into the library, so that they are read without a network.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=governance");
    let mut codes = Vec::new();
    // Before the first page is written there is no folder.
    for entry in fs::read_dir("governance").into_iter().flatten() {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(code) = name.strip_suffix(".md") {
            codes.push(code.to_owned());
        }
    }
    codes.sort();
    let mut table = String::from("&[\n");
    for code in codes {
        let path = format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/governance/{code}.md\")");
        writeln!(table, "    ({code:?}, include_str!({path})),").map_err(io::Error::other)?;
    }
    table.push_str("]\n");
    let folder = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    fs::write(Path::new(&folder).join("pages.rs"), table)
}
