//! The context in front of a path: `/contexts/{context}/…` (`protocol.md` section 2.1).
//!
//! Such a path is another spelling of one without the prefix, in which the subjects carry the context. Nothing
//! is looked up. Segments come decoded, so an escaped context is recognised, too.

use hyper::Method;

use super::query::Query;
use super::target::Target;

/// A context that no spelling rule allows: status 400.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Context name '{0}' cannot contain a colon")]
pub struct BadContext(String);

/// Takes the prefix off a path and puts the context into its subjects and its query.
pub fn fold(target: &mut Target, query: &mut Query, method: &Method) -> Result<(), BadContext> {
    let mut rest = target.segments.as_slice();
    let mut context = None;
    // The prefix may stand there again; the innermost counts.
    while let [first, name, tail @ ..] = rest
        && first == "contexts"
    {
        context = Some(normalised(name)?);
        rest = tail;
    }
    let Some(context) = context else {
        return Ok(());
    };
    let segments = match rest {
        // The context itself is meant. The default one has no name, and leads to the list of all.
        [] if context.is_empty() => vec!["contexts".to_owned()],
        [] => vec!["contexts".to_owned(), context.clone()],
        [only] if !context.is_empty() && (only == "config" || only == "mode") => {
            vec![only.clone(), context.clone()]
        }
        _ => qualified_segments(rest, &context),
    };
    fold_into_query(&segments, query, method, &context);
    target.segments = segments;
    Ok(())
}

/// `:.name:`, or nothing for the default context.
fn normalised(spelling: &str) -> Result<String, BadContext> {
    let inner = spelling.strip_prefix(':').unwrap_or(spelling);
    let inner = inner.strip_suffix(':').unwrap_or(inner);
    if inner.contains(':') {
        return Err(BadContext(spelling.to_owned()));
    }
    let name = inner.strip_prefix('.').unwrap_or(inner);
    Ok(if name.is_empty() {
        String::new()
    } else {
        format!(":.{name}:")
    })
}

fn qualified_segments(segments: &[String], context: &str) -> Vec<String> {
    let mut names_subject = false;
    segments
        .iter()
        .enumerate()
        .map(|(index, segment)| {
            let is_subject = names_subject;
            names_subject = !is_subject
                && (segment == "subjects"
                    || segment == "deks"
                    || index == 0 && (segment == "config" || segment == "mode"));
            if is_subject {
                qualified(segment, context)
            } else {
                segment.clone()
            }
        })
        .collect()
}

fn qualified(subject: &str, context: &str) -> String {
    if subject.starts_with(":.") || subject.starts_with(":*:") {
        subject.to_owned()
    } else {
        format!("{context}{subject}")
    }
}

fn fold_into_query(segments: &[String], query: &mut Query, method: &Method, context: &str) {
    let first = segments.first().map_or("", String::as_str);
    let is_by_id = first == "schemas" && segments.get(1).is_some_and(|segment| segment == "ids");
    let is_list = segments.len() == 1 && (first == "schemas" || first == "subjects");
    let writes = [Method::POST, Method::PUT, Method::PATCH].contains(method);
    if is_by_id {
        let subject = qualified(query.first("subject").unwrap_or_default(), context);
        query.set("subject", subject);
    } else if is_list || first.starts_with("keks") {
        query.map("subjectPrefix", context, |prefix| {
            qualified(prefix, context)
        });
    } else if first.starts_with("associations") && writes {
        query.set("context", context.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rewritten path and query, the path as segments joined by slashes.
    fn folded(method: &Method, target: &str) -> Result<(Vec<String>, Query), BadContext> {
        let (path, text) = target
            .split_once('?')
            .map_or((target, None), |(path, text)| (path, Some(text)));
        let mut target = Target::parse(path).expect("a valid path");
        let mut query = Query::parse(text);
        fold(&mut target, &mut query, method)?;
        Ok((target.segments, query))
    }

    #[track_caller]
    fn pinned(method: &Method, from: &str, to: &str) {
        let (path, text) = to
            .split_once('?')
            .map_or((to, None), |(path, text)| (path, Some(text)));
        let segments = Target::parse(path).expect("a valid path").segments;
        assert_eq!(
            folded(method, from),
            Ok((segments, Query::parse(text))),
            "{from}"
        );
    }

    /// The table of `protocol.md` section 2.1.
    const PINNED: &[(&str, &str)] = &[
        ("/contexts/", "/contexts/"),
        ("/contexts/.foo", "/contexts/:.foo:/"),
        (
            "/contexts/.test-ctx/subjects/test-subject/versions",
            "/subjects/:.test-ctx:test-subject/versions/",
        ),
        (
            "/contexts/:.:/subjects/test-subject/versions",
            "/subjects/test-subject/versions/",
        ),
        (
            "/contexts/.test-ctx/subjects/",
            "/subjects/?subjectPrefix=:.test-ctx:",
        ),
        (
            "/contexts/.test-ctx/schemas/ids/1/",
            "/schemas/ids/1/?subject=:.test-ctx:",
        ),
        (
            "/contexts/.test-ctx/schemas?subjectPrefix=:*:",
            "/schemas/?subjectPrefix=:*:",
        ),
        (
            "/contexts/.test-ctx/subjects/%3A.test-ctx%3Atest-subject/versions",
            "/subjects/%3A.test-ctx%3Atest-subject/versions/",
        ),
        (
            "/contexts/.test-ctx/subjects/slash%2Fin%2Fmiddle/",
            "/subjects/:.test-ctx:slash%2Fin%2Fmiddle/",
        ),
        ("/contexts/.test-ctx/config", "/config/:.test-ctx:/"),
        ("/contexts/.test-ctx/mode", "/mode/:.test-ctx:/"),
        (
            "/contexts/.test-ctx/config/test-subject",
            "/config/:.test-ctx:test-subject/",
        ),
        ("/contexts/:.:/mode", "/mode/"),
        (
            "/contexts/.test-ctx/other/config/test",
            "/other/config/test/",
        ),
        (
            "/contexts/.test-ctx/dek-registry/v1/keks/test-kek",
            "/dek-registry/v1/keks/test-kek/",
        ),
        (
            "/contexts/.test-ctx/dek-registry/v1/keks/test-kek/deks/test-subject",
            "/dek-registry/v1/keks/test-kek/deks/:.test-ctx:test-subject/",
        ),
        (
            "/contexts/.ctx/subjects/subjects/versions",
            "/subjects/:.ctx:subjects/versions/",
        ),
        ("/subjects/contexts/versions", "/subjects/contexts/versions"),
    ];

    #[test]
    fn the_pinned_rewrites_hold() {
        for (from, to) in PINNED {
            pinned(&Method::GET, from, to);
        }
        pinned(
            &Method::POST,
            "/contexts/.ctx/associations",
            "/associations/?context=:.ctx:",
        );
        pinned(
            &Method::GET,
            "/contexts/.ctx/associations/subjects/s",
            "/associations/subjects/:.ctx:s",
        );
    }

    #[test]
    fn every_spelling_of_a_context_means_the_same() {
        for spelling in ["c", ".c", ":.c:", ":.c", "%3A.c%3A", "%2Ec"] {
            pinned(
                &Method::GET,
                &format!("/contexts/{spelling}/subjects/s/versions"),
                "/subjects/:.c:s/versions",
            );
        }
        for spelling in [".", ":.:", ":."] {
            pinned(
                &Method::DELETE,
                &format!("/contexts/{spelling}"),
                "/contexts",
            );
            pinned(
                &Method::GET,
                &format!("/contexts/{spelling}/config"),
                "/config",
            );
        }
    }

    #[test]
    fn a_context_with_a_colon_inside_is_refused() {
        let refused = folded(&Method::GET, "/contexts/foo:bar/subjects").expect_err("a colon");
        assert_eq!(
            refused.to_string(),
            "Context name 'foo:bar' cannot contain a colon"
        );
    }

    #[test]
    fn a_list_behind_the_default_context_asks_for_that_context_only() {
        pinned(
            &Method::GET,
            "/contexts/:.:/subjects",
            "/subjects?subjectPrefix=",
        );
        pinned(
            &Method::GET,
            "/contexts/.b/subjects?subjectPrefix=s",
            "/subjects?subjectPrefix=:.b:s",
        );
    }

    #[test]
    fn the_prefix_may_be_repeated() {
        pinned(&Method::GET, "/contexts/.c/contexts", "/contexts");
        pinned(
            &Method::GET,
            "/contexts/.c/contexts/.d/subjects",
            "/subjects?subjectPrefix=:.d:",
        );
    }
}
