//! Whether the process lives and whether traffic should be sent to it. Not part of the protocol.

use hyper::StatusCode;

use super::call::Reply;
use super::json;
use crate::app::App;

/// `GET /health/live`: answering is the proof.
pub fn live(_: &App) -> Reply {
    Reply::ok(r#"{"status":"alive"}"#)
}

/// `GET /health/ready`: 503 with the reasons when it is not. What does not stop anybody is a warning.
pub fn ready(app: &App) -> Reply {
    let reasons = app.reasons_not_ready();
    if reasons.is_empty() {
        return Reply::ok(json::object(|answer| {
            answer.text("status", "ready");
            answer.texts_if_any("warnings", app.warnings());
        }));
    }
    let body = json::object(|answer| {
        answer.text("status", "not ready");
        answer.texts_if_any("reasons", reasons);
    });
    Reply {
        status: StatusCode::SERVICE_UNAVAILABLE,
        ..Reply::ok(body)
    }
}
