//! The documents: what is in force, what was, and how it is changed (`governance.md` section 2.12).

use std::borrow::Cow;

use compat_rules::policy::{
    Bundle, Document, DocumentFault, Kind, Syntax, document_schema, read_documents,
};
use registry_core::{Error, PolicyBase, PolicyClaim, PolicyOrigin, PolicyRevision};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::entity_tag;
use super::shapes::{
    AppliedShape, DocumentShape, FaultLine, RevisionLine, RevisionShape, SentDocuments,
    SentRollback, TextFormat,
};
use super::{body, reply};
use crate::api::call::{Answer, Call, Reply};
use crate::api::error::Refusal;
use crate::app::App;
use crate::governance::digest_of;
use crate::options::PolicySource;

/// `GET /governance/v1/schemas/policy.json`: what a document has to look like.
pub fn schema(_app: &App, _call: &Call) -> Answer {
    Ok(Reply::ok(document_schema().to_string()))
}

/// `GET /governance/v1/policies`: the revision in force with its documents.
pub fn in_force(app: &App, _call: &Call) -> Answer {
    let view = app.registry.view();
    let number = view.policy_number()?;
    let shown = match number {
        Some(number) => whole(&view.policy_revision(number)?),
        None => reply(&json!({"revision": 0, "documents": []})),
    };
    Ok(entity_tag::tagged(shown?, number))
}

/// `GET /governance/v1/policies/{policy}`: one document of it; `kind` says of which kind, where that is no policy.
pub fn one_in_force(app: &App, call: &Call) -> Answer {
    let (name, kind) = (call.parameter("policy"), kind(call)?);
    let missing = || Refusal::missing(format!("{} '{name}' not found", kind.as_str()));
    let view = app.registry.view();
    let number = view.policy_number()?.ok_or_else(missing)?;
    let revision = view.policy_revision(number)?;
    let documents = texts(&revision)?;
    let document = documents
        .into_iter()
        .find(|text| is_named(text, kind, name))
        .ok_or_else(missing)?;
    let shown = reply(&DocumentShape {
        revision: number,
        document,
    })?;
    Ok(entity_tag::tagged(shown, Some(number)))
}

/// True for the document of that kind and name.
fn is_named(text: &RawValue, kind: Kind, name: &str) -> bool {
    #[derive(Deserialize)]
    struct Head<'a> {
        kind: Kind,
        #[serde(borrow)]
        metadata: Named<'a>,
    }
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        name: Cow<'a, str>,
    }
    let head: Result<Head<'_>, _> = serde_json::from_str(text.get());
    head.is_ok_and(|head| (head.kind, &*head.metadata.name) == (kind, name))
}

/// The kind of document that a query names.
fn kind(call: &Call) -> Result<Kind, Refusal> {
    let named = call.query.first("kind").filter(|kind| !kind.is_empty());
    let Some(named) = named else {
        return Ok(Kind::Policy);
    };
    let mut kinds = Kind::ALL.into_iter();
    kinds
        .find(|kind| kind.as_str() == named)
        .ok_or_else(Refusal::not_found)
}

/// `GET /governance/v1/revisions`: newest first; `before` and `limit` cut a page.
pub fn revisions(app: &App, call: &Call) -> Answer {
    const LIMIT_MAX: usize = 100;
    let number = |name| call.query_number(name);
    let limit = number("limit")?.and_then(|limit| usize::try_from(limit).ok());
    let before = number("before")?.and_then(|before| u64::try_from(before).ok());
    let limit = limit.unwrap_or(LIMIT_MAX).clamp(1, LIMIT_MAX);
    let revisions = app
        .registry
        .view()
        .policy_revisions(before.unwrap_or(u64::MAX), limit)?;
    reply(&revisions.iter().map(RevisionLine::new).collect::<Vec<_>>())
}

/// `GET /governance/v1/revisions/{revision}`.
pub fn revision(app: &App, call: &Call) -> Answer {
    whole(
        &app.registry
            .view()
            .policy_revision(numbered(call, "revision")?)?,
    )
}

/// `GET /governance/v1/revisions/{revision}/diff/{other}`: the documents that are there, gone or different in the other.
pub fn difference(app: &App, call: &Call) -> Answer {
    let view = app.registry.view();
    let one = view.policy_revision(numbered(call, "revision")?)?;
    let other = view.policy_revision(numbered(call, "other")?)?;
    let named = |revision: &PolicyRevision| -> Result<Vec<(String, String)>, Error> {
        let name =
            |document: &Document| format!("{} {}", document.kind().as_str(), document.name());
        let documents = revision.read()?;
        Ok(documents
            .iter()
            .map(|document| (name(document), document.canonical()))
            .collect())
    };
    let (one, other) = (named(&one)?, named(&other)?);
    let missing = |from: &[(String, String)], of: &[(String, String)]| -> Vec<String> {
        let is_there = |name: &str| from.iter().any(|(other, _)| other == name);
        of.iter()
            .filter(|(name, _)| !is_there(name))
            .map(|(name, _)| name.clone())
            .collect()
    };
    let changed: Vec<&String> = other
        .iter()
        .filter(|(name, text)| {
            one.iter()
                .any(|(before, old)| before == name && old != text)
        })
        .map(|(name, _)| name)
        .collect();
    reply(&json!({
        "added": missing(&one, &other),
        "removed": missing(&other, &one),
        "changed": changed,
    }))
}

/// `POST /governance/v1/validate`: would these documents be taken? The answer is that of `apply`, but nothing is put in
/// force, and documents that come from a folder may be tried here as well.
pub fn validate(app: &App, call: &Call) -> Answer {
    let wish: SentDocuments = body(call, "validate.request")?;
    let base = base(call, wish.base_revision);
    let bundle = app
        .registry
        .try_policies(&call.caller(), &sent(&wish)?, &claim(&wish), &base)?;
    let warnings: Vec<_> = bundle.warnings().iter().map(FaultLine::new).collect();
    reply(&json!({
        "valid": true,
        "digest": digest_of(&bundle),
        "documentCount": bundle.documents().len(),
        "warnings": warnings,
    }))
}

/// `POST /governance/v1/apply`: these documents are in force, in place of all that were, or of those of their manager.
pub fn apply(app: &App, call: &Call) -> Answer {
    managed_here(app)?;
    let wish: SentDocuments = body(call, "apply.request")?;
    let (documents, claim) = (sent(&wish)?, claim(&wish));
    let base = base(call, wish.base_revision);
    let origin = PolicyOrigin {
        source: wish.source,
        comment: wish.comment,
    };
    let revision =
        app.registry
            .apply_policies(&call.caller(), &documents, &claim, &base, &origin)?;
    applied(app, &revision)
}

/// `POST /governance/v1/rollback`: an earlier revision is in force again, as a new one.
pub fn roll_back(app: &App, call: &Call) -> Answer {
    managed_here(app)?;
    let wish: SentRollback = body(call, "rollback.request")?;
    let base = base(call, wish.base_revision);
    let revision =
        app.registry
            .roll_back_policies(&call.caller(), wish.revision, &base, &wish.comment)?;
    applied(app, &revision)
}

/// What is in force now, and what of it is probably not meant, such as policies that tie.
fn applied(app: &App, revision: &PolicyRevision) -> Answer {
    app.show_policy_revision(revision.number);
    let in_force = app.registry.policies_in_force()?;
    // Another one may have been faster.
    let bundle = in_force.as_ref().map(|policies| &policies.bundle);
    let ours = in_force
        .as_ref()
        .is_some_and(|policies| policies.number == revision.number);
    let warnings = bundle.filter(|_| ours).map_or(&[][..], Bundle::warnings);
    reply(&AppliedShape {
        line: RevisionLine::new(revision),
        warnings: warnings.iter().map(FaultLine::new).collect(),
    })
}

/// Documents that come from a folder are changed there.
fn managed_here(app: &App) -> Result<(), Refusal> {
    match app.options.policy_source {
        PolicySource::Api => Ok(()),
        PolicySource::Dir => Err(Refusal::policies_managed_elsewhere(
            "in the folder that --policy-dir names",
        )),
        PolicySource::None => Err(Refusal::policies_managed_elsewhere(
            "nowhere: --policy-source is none",
        )),
    }
}

fn claim(wish: &SentDocuments) -> PolicyClaim {
    PolicyClaim {
        manager: wish.manager.clone(),
        prunes: wish.prune,
        takes_over: wish.take_over,
    }
}

/// What a change is based on, by its headers and by its body.
fn base(call: &Call, sent: Option<u64>) -> PolicyBase {
    match (sent, entity_tag::seen(call, sent)) {
        (_, Some(seen)) => PolicyBase::Seen(seen),
        (Some(revision), None) => PolicyBase::Revision(revision),
        (None, None) => PolicyBase::Any,
    }
}

fn numbered(call: &Call, name: &str) -> Result<u64, Refusal> {
    call.parameter(name)
        .parse()
        .map_err(|_| Refusal::not_found())
}

/// The documents of a body. That there shall be none must be said.
fn sent(wish: &SentDocuments) -> Result<Vec<Document>, Refusal> {
    let mut documents = Vec::new();
    let mut faults: Vec<DocumentFault> = Vec::new();
    let syntax = match wish.format {
        TextFormat::Yaml => Syntax::Yaml,
        TextFormat::Json => Syntax::Json,
        TextFormat::Toml => Syntax::Toml,
    };
    let texts = wish.text.iter().map(|text| (syntax, text.clone()));
    let values = wish
        .documents
        .iter()
        .flatten()
        .map(|value| (Syntax::Json, value.to_string()));
    for (syntax, text) in texts.chain(values) {
        match read_documents("", syntax, &text) {
            Ok(read) => documents.extend(read),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() && documents.is_empty() && wish.documents.is_none() {
        faults.push(DocumentFault::of_all(
            "no document was sent; an empty list of `documents` says that there shall be none",
        ));
    }
    if faults.is_empty() {
        Ok(documents)
    } else {
        Err(Refusal::from(Error::InvalidPolicies(faults)).not_on_record())
    }
}

fn whole(revision: &PolicyRevision) -> Answer {
    reply(&RevisionShape {
        line: RevisionLine::new(revision),
        documents: texts(revision)?,
    })
}

/// The documents as they are kept, which a later version may not understand any more.
fn texts(revision: &PolicyRevision) -> Result<Vec<&RawValue>, Refusal> {
    let texts = revision.documents.iter();
    let texts: Result<_, _> = texts.map(|text| serde_json::from_str(text)).collect();
    texts.map_err(|_| {
        let number = revision.number;
        Refusal::internal(format_args!(
            "a document of revision {number} is not JSON any more"
        ))
    })
}
