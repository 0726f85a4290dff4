//! Which package may depend on which.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tests::binary::checkout;

/// The packages of the workspace and those among them that each may depend on: arrows point one way.
const ARROWS: [(&str, &[&str]); 5] = [
    ("compat-rules", &[]),
    ("registry-core", &["compat-rules"]),
    ("registry-server", &["compat-rules", "registry-core"]),
    (
        "tests",
        &["compat-rules", "registry-core", "registry-server"],
    ),
    (
        "benches",
        &["compat-rules", "registry-core", "registry-server"],
    ),
];

/// What the code that ships must not bring along, directly or through others.
const FORBIDDEN: [(&str, &[&str]); 3] = [
    // A pure function needs no sockets, no runtime, no store, no clock of its own and no dice.
    (
        "compat-rules",
        &[
            "tokio", "mio", "hyper", "axum", "reqwest", "rocksdb", "socket2", "rand", "jiff",
            "chrono",
        ],
    ),
    (
        "registry-core",
        &["tokio", "mio", "hyper", "axum", "reqwest", "socket2"],
    ),
    // One stack for TLS, none of it the system's; no second JSON or HTTP.
    (
        "registry-server",
        &[
            "openssl-sys",
            "native-tls",
            "actix-web",
            "warp",
            "serde_yaml",
            "regress",
        ],
    ),
];

#[test]
fn arrows_between_packages_point_one_way() -> Result<()> {
    let graph = Graph::read()?;
    let members: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<&str> = graph.members.keys().map(String::as_str).collect();
    assert_eq!(found, members, "a new member needs its arrows in this test");
    for (name, allowed) in ARROWS {
        let direct = graph.direct(name);
        let wrong: Vec<&String> = direct
            .iter()
            .filter(|dependency| {
                members.contains(dependency.as_str()) && !allowed.contains(&dependency.as_str())
            })
            .collect();
        assert!(wrong.is_empty(), "{name} must not depend on {wrong:?}");
    }
    Ok(())
}

#[test]
fn packages_bring_nothing_along_that_they_must_not_need() -> Result<()> {
    let graph = Graph::read()?;
    for (name, forbidden) in FORBIDDEN {
        let reached = graph.reached(name);
        let wrong: Vec<&&str> = forbidden
            .iter()
            .filter(|dependency| reached.contains(**dependency))
            .collect();
        assert!(
            wrong.is_empty(),
            "{name} brings {wrong:?} along; `cargo tree -p {name} -i <dependency>` says through what"
        );
    }
    Ok(())
}

/// The resolved dependencies of this platform, without those of tests and build scripts.
struct Graph {
    members: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
    edges: BTreeMap<String, Vec<String>>,
}

impl Graph {
    fn read() -> Result<Self> {
        let platform = format!("{}-unknown-linux-gnu", env::consts::ARCH);
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--offline",
            "--filter-platform",
            &platform,
        ]);
        let output = cargo
            .current_dir(checkout())
            .output()
            .context("running cargo metadata")?;
        ensure!(
            output.status.success(),
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let names: BTreeMap<String, String> = list(&metadata["packages"])
            .iter()
            .map(|package| (text(&package["id"]), text(&package["name"])))
            .collect();
        let members = list(&metadata["workspace_members"]);
        let members = members
            .iter()
            .map(|id| (names.get(&text(id)).cloned().unwrap_or_default(), text(id)))
            .collect();
        let mut edges = BTreeMap::new();
        for node in list(&metadata["resolve"]["nodes"]) {
            let mut dependencies = list(&node["deps"]);
            dependencies.retain(|dependency| {
                list(&dependency["dep_kinds"])
                    .iter()
                    .any(|kind| kind["kind"].is_null())
            });
            let dependencies: Vec<String> = dependencies
                .iter()
                .map(|dependency| text(&dependency["pkg"]))
                .collect();
            edges.insert(text(&node["id"]), dependencies);
        }
        Ok(Self {
            members,
            names,
            edges,
        })
    }

    /// What a member depends on itself, by name.
    fn direct(&self, member: &str) -> BTreeSet<String> {
        let edges = self.members.get(member).and_then(|id| self.edges.get(id));
        edges
            .into_iter()
            .flatten()
            .filter_map(|id| self.names.get(id).cloned())
            .collect()
    }

    /// What a member brings along, by name.
    fn reached(&self, member: &str) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<&String> = self.members.get(member).into_iter().collect();
        while let Some(id) = waiting.pop() {
            if seen.insert(id) {
                waiting.extend(self.edges.get(id).into_iter().flatten());
            }
        }
        seen.into_iter()
            .filter_map(|id| self.names.get(id).cloned())
            .collect()
    }
}
