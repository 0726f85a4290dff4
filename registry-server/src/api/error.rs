//! Refusals on the wire: status, number and message (`protocol.md` sections 1.4, 6).
//!
//! This is the only place with the protocol's numbers. The status is the first three digits of a number.

use std::borrow::Cow;
use std::fmt::Display;

use compat_rules::UnknownLevel;
use hyper::StatusCode;
use hyper::header::HeaderValue;
use registry_core::{Error, Fault, KeyError, PolicyEvaluation, ReportId};

use super::json::{self, Object};
use super::negotiation::{JSON, PREFERRED};
use crate::governance::findings::FindingLine;

/// An answer that says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    status: StatusCode,
    code: u32,
    message: Cow<'static, str>,
    /// Decided before the media type of the answer was.
    is_early: bool,
    /// More about it, for those who ask for more.
    details: Option<Box<Details>>,
    /// Where it is told at length.
    report: Option<ReportId>,
    /// The registry has decided it, and so put it on record if it was about a change.
    is_on_record: bool,
    /// What went wrong inside: for the log, not for the client.
    cause: Option<Box<str>>,
}

/// What a refusal by policy tells to those who say that they understand it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Details {
    /// The findings, as JSON.
    violations: String,
    policy_revision: u64,
}

impl Refusal {
    /// A refusal of the domain, by its five-digit number.
    #[must_use]
    pub fn new(code: u32, message: impl Into<Cow<'static, str>>) -> Self {
        let digits = if code < 1000 { code } else { code / 100 };
        let status = u16::try_from(digits)
            .ok()
            .and_then(|digits| StatusCode::from_u16(digits).ok());
        Self {
            status: status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code,
            message: message.into(),
            is_early: false,
            details: None,
            report: None,
            is_on_record: false,
            cause: None,
        }
    }

    fn early(code: u32, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            is_early: true,
            ..Self::new(code, message)
        }
    }

    /// No such path; also a parameter that cannot be converted.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(404, "HTTP 404 Not Found")
    }

    /// What a known path names is not there, in words.
    #[must_use]
    pub fn missing(message: String) -> Self {
        Self::new(404, message)
    }

    /// A known path, but not with this method.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::new(405, "HTTP 405 Method Not Allowed")
    }

    /// No type that the client accepts can be produced.
    #[must_use]
    pub fn not_acceptable() -> Self {
        Self::new(406, "HTTP 406 Not Acceptable")
    }

    /// The body is of a type that is not read.
    #[must_use]
    pub fn unsupported_media_type() -> Self {
        Self::new(415, "HTTP 415 Unsupported Media Type")
    }

    /// A header that cannot be read.
    #[must_use]
    pub fn bad_header() -> Self {
        Self::early(400, "Bad Request")
    }

    /// A request that cannot be understood; the message says where.
    #[must_use]
    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, message)
    }

    /// The connection ended within the body.
    #[must_use]
    pub fn body_interrupted() -> Self {
        Self::new(
            400,
            "EOF Exception encountered - client disconnected during stream processing.",
        )
    }

    /// A body is needed and there is none. The name is `method.argument`, as the reference calls it.
    #[must_use]
    pub fn body_missing(name: &str) -> Self {
        Self::new(422, format!("{name} must not be null (was null)"))
    }

    /// The body is larger than the limit; the length is what is known of it.
    #[must_use]
    pub fn body_too_large(length: u64, limit: usize) -> Self {
        Self::early(413, format!("Request body is too large: {length}>{limit}"))
    }

    /// A version in a path that can be none.
    #[must_use]
    pub fn invalid_version(text: &str) -> Self {
        Self::new(
            42202,
            format!(
                "The specified version '{text}' is not a valid version id. \
                 Allowed values are between [1, 2^31-1] and the string \"latest\""
            ),
        )
    }

    /// A level that is none of the seven.
    #[must_use]
    pub fn invalid_level(unknown: &UnknownLevel) -> Self {
        Self::new(42203, unknown.to_string())
    }

    /// A member of an association that is wrong.
    #[must_use]
    pub fn invalid_association(property: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Error::InvalidAssociation { property, detail }.into()
    }

    /// A path and a body that name two resources.
    #[must_use]
    pub fn other_resource() -> Self {
        let detail =
            "Resource ID in the path parameter does not match the resource ID in the request body";
        Self::invalid_association("resourceId", detail)
    }

    /// An element of a batch that does not say whose associations are meant.
    #[must_use]
    pub fn unreadable_association(property: &str, detail: &str) -> Self {
        let message =
            format!("Error while getting associations: property: {property}; detail: {detail}");
        Self::new(500, message)
    }

    /// What stands in the way of an association; of incompatible schemas the reasons alone.
    #[must_use]
    pub fn of_association(error: Error) -> Self {
        match &error {
            Error::Incompatible {
                messages, policies, ..
            } => Self {
                report: policies.as_ref().and_then(|policies| policies.report),
                is_on_record: true,
                ..Self::new(code(&error), format!("[{}]", messages.join(", ")))
            },
            _ => error.into(),
        }
    }

    /// The same within a batch, where an invalid schema counts as an invalid association.
    #[must_use]
    pub fn in_association_batch(error: Error) -> Self {
        match &error {
            Error::InvalidSchema(message) => Self::new(42212, message.clone()),
            // An element says no more than the protocol lets it: who asks for more is known to the whole answer alone.
            _ => Self::of_association(error).to(false),
        }
    }

    /// A fault that is no one's business but the log's.
    #[must_use]
    pub fn internal(cause: impl Display) -> Self {
        Self::new(500, "Internal Server Error").because(cause)
    }

    fn because(mut self, cause: impl Display) -> Self {
        self.cause = Some(cause.to_string().into());
        self
    }

    /// Who asks is not known, or the password is wrong: the answer does not say which.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::early(401, "Unauthorized")
    }

    /// Too many evaluations wait already.
    #[must_use]
    pub fn busy() -> Self {
        Self::new(
            503,
            "Too many requests are waiting to be evaluated; try again",
        )
    }

    /// The time for the request is over.
    #[must_use]
    pub fn timed_out() -> Self {
        Self::new(504, "Request timed out")
    }

    /// The documents of this server are not changed by requests.
    #[must_use]
    pub fn policies_managed_elsewhere(place: &str) -> Self {
        Self::new(
            40971,
            format!("Governance documents are managed elsewhere: {place}"),
        )
    }

    /// As it is told to a client; nobody who did not ask for more is told more.
    #[must_use]
    pub fn to(mut self, asks_for_more: bool) -> Self {
        if !asks_for_more {
            self.details = None;
        }
        self
    }

    fn with_findings(mut self, policies: &PolicyEvaluation) -> Self {
        self.report = policies.report;
        let findings = policies.evaluation.findings.iter().map(FindingLine::new);
        // Findings are texts and numbers: there is nothing in them that JSON could not say.
        let violations = serde_json::to_string(&findings.collect::<Vec<_>>()).unwrap_or_default();
        self.details = (!violations.is_empty()).then(|| {
            Box::new(Details {
                violations,
                policy_revision: policies.revision,
            })
        });
        self
    }

    /// Where it is told at length, if that is kept.
    #[must_use]
    pub const fn report(&self) -> Option<ReportId> {
        self.report
    }

    /// True if it is in the audit log already, where one is kept and it refuses a change.
    #[must_use]
    pub const fn is_on_record(&self) -> bool {
        self.is_on_record
    }

    /// The same, decided before the registry was asked.
    #[must_use]
    pub const fn not_on_record(mut self) -> Self {
        self.is_on_record = false;
        self
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The number in the body.
    #[must_use]
    pub const fn code(&self) -> u32 {
        self.code
    }

    /// The sentence in the body.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What the log says about a request that failed; `None` where the client was at fault, and where a limit turned it
    /// away: there may be thousands of those in a second, and figures tell of them.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        let said = || self.cause.as_deref().unwrap_or(&self.message);
        let failed =
            self.status.is_server_error() && self.status != StatusCode::SERVICE_UNAVAILABLE;
        failed.then(said)
    }

    /// The media type of the answer, given what was negotiated, if that was reached.
    #[must_use]
    pub fn media_type(&self, negotiated: Option<HeaderValue>) -> HeaderValue {
        let otherwise = if self.is_early { JSON } else { PREFERRED };
        negotiated.unwrap_or_else(|| HeaderValue::from_static(otherwise))
    }

    /// The envelope.
    #[must_use]
    pub fn body(&self) -> String {
        json::object(|envelope| self.members(envelope))
    }

    /// The members of the envelope.
    pub fn members(&self, envelope: &mut Object<'_>) {
        envelope.int("error_code", i64::from(self.code));
        envelope.text("message", &self.message);
        if let Some(details) = &self.details {
            envelope.raw("violations", &details.violations);
            envelope.int(
                "policyRevision",
                i64::try_from(details.policy_revision).unwrap_or(i64::MAX),
            );
            if let Some(report) = self.report {
                envelope.text("report", &report.to_string());
            }
        }
    }
}

/// The table: every refusal of the registry has its number here, and its message from itself.
pub(crate) const fn code(error: &Error) -> u32 {
    match error {
        Error::SubjectNotFound(_) => 40401,
        Error::VersionNotFound(_) => 40402,
        Error::SchemaNotFound | Error::NoSuchSchema(_) => 40403,
        Error::SubjectSoftDeleted(_) => 40404,
        Error::SubjectNotSoftDeleted(_) => 40405,
        Error::VersionSoftDeleted(..) => 40406,
        Error::VersionNotSoftDeleted(..) => 40407,
        Error::ConfigNotFound(_) => 40408,
        Error::ModeNotFound(_) => 40409,
        Error::AssociationNotFound(_) => 40410,
        Error::Incompatible { .. } => 40901,
        Error::ResourceAssociated { .. } => 40903,
        Error::SubjectAssociated(_) => 40904,
        Error::SubjectOwned(_) => 40905,
        Error::NoActiveVersion(_) => 40907,
        Error::AssociationFrozen { .. } => 40908,
        Error::InvalidSchema(_) => 42201,
        Error::InvalidMode | Error::ForwardOnlyGlobally => 42204,
        Error::NotPermitted(_) => 42205,
        Error::ReferencesExist { .. } | Error::SubjectReferenced(_) => 42206,
        Error::InvalidSubject(_) => 42208,
        Error::SchemaTooLarge => 42209,
        Error::InvalidRuleSet(_) => 42210,
        Error::RefusedByPolicy { .. } => 42270,
        Error::InvalidPolicies(_) => 42272,
        Error::NoSuchPolicyRevision(_) => 404,
        Error::PoliciesChanged { .. } => 40970,
        Error::PoliciesNotSeen { .. } => 412,
        Error::PoliciesManagedElsewhere(_) => 40971,
        Error::ContextNotEmpty(_) => 42211,
        Error::InvalidAssociation { .. } => 42212,
        Error::LastVersionAssociated => 500,
        Error::Key(error) => key_code(error),
        Error::NoIdLeft | Error::WriteOutcomeUnknown | Error::WritesStopped | Error::Fault(_) => {
            50001
        }
        Error::Contended | Error::WriterBusy | Error::ShuttingDown => 503,
    }
}

/// The rows of the key registry (`dek-registry.md` section 2).
const fn key_code(error: &KeyError) -> u32 {
    match error {
        KeyError::NotFound(_) => 40470,
        KeyError::NotSoftDeleted(_) => 40471,
        KeyError::KekSoftDeleted(_) => 40472,
        KeyError::Exists(_) => 40971,
        KeyError::TooMany(_) => 40972,
        KeyError::Invalid(_) => 42271,
        KeyError::HasDeks(_) => 42272,
        KeyError::NotWrapped(..) | KeyError::NotUnwrapped(..) => 50070,
        KeyError::Unusable { .. } => 500,
    }
}

impl From<KeyError> for Refusal {
    fn from(error: KeyError) -> Self {
        Error::from(error).into()
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        if let Error::Fault(fault) = &error {
            // What the disk said is for the log, not for the client.
            return Self {
                is_on_record: true,
                ..Self::new(code(&error), "Error in the backend data store").because(fault)
            };
        }
        let refusal = Self {
            is_on_record: true,
            ..Self::new(code(&error), error.to_string())
        };
        match &error {
            Error::RefusedByPolicy { policies, .. }
            | Error::Incompatible {
                policies: Some(policies),
                ..
            } => refusal.with_findings(policies),
            _ => refusal,
        }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Error::from(fault).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_the_first_three_digits_of_the_number() {
        for (code, status) in [
            (40401, 404),
            (42201, 422),
            (409, 409),
            (50001, 500),
            (404, 404),
        ] {
            assert_eq!(Refusal::new(code, "x").status().as_u16(), status, "{code}");
        }
    }

    #[test]
    fn a_version_that_can_be_none_is_refused_with_its_text() {
        let refusal = Refusal::invalid_version("abc");
        assert_eq!(refusal.code(), 42202);
        assert_eq!(
            refusal.message(),
            "The specified version 'abc' is not a valid version id. \
             Allowed values are between [1, 2^31-1] and the string \"latest\""
        );
    }

    #[test]
    fn the_envelope_is_the_protocols() {
        assert_eq!(
            Refusal::new(40401, "Subject 'foo' not found.").body(),
            r#"{"error_code":40401,"message":"Subject 'foo' not found."}"#
        );
        assert_eq!(
            Refusal::body_missing("updateTopLevelConfig.request").body(),
            r#"{"error_code":422,"message":"updateTopLevelConfig.request must not be null (was null)"}"#
        );
    }

    #[test]
    fn what_is_refused_before_negotiation_is_plain_json_where_the_reference_says_so() {
        assert_eq!(Refusal::bad_header().media_type(None), JSON);
        assert_eq!(Refusal::not_found().media_type(None), PREFERRED);
        assert_eq!(
            Refusal::not_found().media_type(Some(HeaderValue::from_static(JSON))),
            JSON
        );
    }
}
