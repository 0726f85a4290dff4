//! Where a client finds what its answer has no room for: the `Link` header (`governance.md` section 2.8).
//!
//! Of a refusal it is the report that is kept of it; of a version that came in with warnings it is the record of its
//! admission.

use hyper::header::HeaderValue;
use registry_core::{ReportId, Subject, Version};

use crate::request::target::escape_into;

/// Of a refusal.
#[must_use]
pub fn of_refusal(report: ReportId) -> Option<HeaderValue> {
    link(&format!("/governance/v1/reports/{report}"))
}

/// Of a version that was let in.
#[must_use]
pub fn of_version(subject: &Subject, version: Version) -> Option<HeaderValue> {
    let mut target = String::from("/governance/v1/subjects/");
    escape_into(&subject.to_string(), &mut target);
    link(&format!("{target}/versions/{version}/admission"))
}

/// Where the audit log goes on after a record.
#[must_use]
pub fn of_next_export(after: u64) -> Option<HeaderValue> {
    link_as(
        &format!("/governance/v1/audit/export?after={after}"),
        "next",
    )
}

fn link(target: &str) -> Option<HeaderValue> {
    link_as(target, "describedby")
}

fn link_as(target: &str, relation: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("<{target}>; rel=\"{relation}\"")).ok()
}
