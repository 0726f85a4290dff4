//! One look at `/metrics`, and at `/health/ready` where that says no.

use anyhow::ensure;
use hyper::{Method, StatusCode};

use super::scrape::Scrape;
use crate::api::negotiation::JSON;
use crate::cli::remote::Remote;

/// The figures as they are now.
pub(super) async fn look(server: &Remote) -> anyhow::Result<Scrape> {
    let (status, text) = server
        .ask(Method::GET, "/metrics", "text/plain", None)
        .await?;
    ensure!(status == StatusCode::OK, "the server answered {status}");
    let mut scrape = Scrape::read(&text);
    if !scrape.is_ready() {
        let (_, health) = server.ask(Method::GET, "/health/ready", JSON, None).await?;
        let health: Health = serde_json::from_str(&health).unwrap_or_default();
        scrape.reasons = health.reasons;
    }
    Ok(scrape)
}

/// What `/health/ready` says.
#[derive(Default, serde::Deserialize)]
struct Health {
    /// Missing when it is ready.
    #[serde(default)]
    reasons: Vec<String>,
}
