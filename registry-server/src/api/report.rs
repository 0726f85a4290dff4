//! Where a client finds at length what its answer has no room for: the `Link` header (`governance.md` section 2.8).
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

fn link(target: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("<{target}>; rel=\"describedby\"")).ok()
}
