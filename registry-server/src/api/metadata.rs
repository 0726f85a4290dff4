//! What the server says about itself: `/v1/metadata/…` (`protocol.md` section 7.9).

use super::call::{Answer, Call, Reply};
use super::json;
use crate::app::App;

/// The revision that was built, where the build says so.
const COMMIT: &str = match option_env!("CONCORD_COMMIT") {
    Some(commit) => commit,
    None => "unknown",
};

/// `GET /v1/metadata/id`. There is no Kafka cluster; the registry's own name stands for both.
pub fn id(app: &App, _: &Call) -> Answer {
    let name = &app.options.cluster_id;
    Ok(Reply::ok(json::object(|answer| {
        answer.object("scope", |scope| {
            scope.array("path", [] as [&str; 0], json::write_text);
            scope.object("clusters", |clusters| {
                clusters.text("kafka-cluster", name);
                clusters.text("schema-registry-cluster", name);
            });
        });
    })))
}

/// `GET /v1/metadata/version`.
pub fn version(_: &App, _: &Call) -> Answer {
    Ok(Reply::ok(json::object(|answer| {
        answer.text("version", env!("CARGO_PKG_VERSION"));
        answer.text("commitId", COMMIT);
    })))
}

/// `GET /v1/metadata/deployment`.
pub fn deployment(_: &App, _: &Call) -> Answer {
    Ok(Reply::ok(r#"{"attributes":[]}"#))
}
