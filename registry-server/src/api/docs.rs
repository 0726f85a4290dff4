//! The description of the protocol, for machines and for people. Not part of the protocol.

use super::call::Reply;
use crate::app::App;
use crate::openapi::document::DOCUMENT;
use crate::openapi::page::{PAGE, STYLE};

/// `GET /openapi.json`, `GET /governance/v1/openapi.json`.
pub fn document(_: &App) -> Reply {
    Reply::ok(DOCUMENT.as_str())
}

/// `GET /docs`.
pub fn page(_: &App) -> Reply {
    Reply::ok(PAGE.as_str())
}

/// `GET /docs/style.css`.
pub fn style(_: &App) -> Reply {
    Reply::ok(STYLE)
}
