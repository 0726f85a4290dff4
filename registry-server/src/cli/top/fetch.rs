//! One look at `/metrics`.

use anyhow::ensure;
use hyper::{Method, StatusCode};

use super::scrape::Scrape;
use crate::cli::remote::Remote;

/// The figures as they are now.
pub(super) async fn look(server: &Remote) -> anyhow::Result<Scrape> {
    let (status, text) = server
        .ask(Method::GET, "/metrics", "text/plain", None)
        .await?;
    ensure!(status == StatusCode::OK, "the server answered {status}");
    Ok(Scrape::read(&text))
}
