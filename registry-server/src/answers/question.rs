//! What an answer is kept under.

use hyper::header::HeaderValue;
use hyper::{Method, Uri};

/// Everything of a request that its answer may depend on.
///
/// Questions are compared in full: no two requests are ever taken for one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Question<'r> {
    verb: Verb,
    target: &'r [u8],
    negotiated: [Option<&'r [u8]>; 3],
    body: &'r [u8],
}

/// The methods that ask. Only some of what `POST` does is a question: `router.rs` says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Verb {
    Get,
    Head,
    Post,
}

/// A question but for its bytes, which lie one behind the other elsewhere: how many there are of each part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    verb: Verb,
    target: u32,
    negotiated: [Option<u32>; 3],
    body: u32,
}

impl<'r> Question<'r> {
    /// The question of a request, with the headers that choose the form of its answer; `None` for methods that change
    /// something.
    pub(crate) fn of(
        method: &Method,
        target: &'r Uri,
        negotiated: [Option<&'r HeaderValue>; 3],
        body: &'r [u8],
    ) -> Option<Self> {
        let verb = match *method {
            Method::GET => Verb::Get,
            Method::HEAD => Verb::Head,
            Method::POST => Verb::Post,
            _ => return None,
        };
        Some(Self {
            verb,
            target: target.path_and_query()?.as_str().as_bytes(),
            negotiated: negotiated.map(|header| header.map(HeaderValue::as_bytes)),
            body,
        })
    }

    /// How its bytes lie; `None` when there are more than can be said.
    pub(super) fn layout(&self) -> Option<Layout> {
        let length = |part: &[u8]| u32::try_from(part.len()).ok();
        Some(Layout {
            verb: self.verb,
            target: length(self.target)?,
            // Hyper lets through no header of that length.
            negotiated: self.negotiated.map(|header| header.and_then(length)),
            body: length(self.body)?,
        })
    }

    /// Its bytes, in their order.
    pub(super) fn parts(&self) -> impl Iterator<Item = &'r [u8]> {
        let headers = self.negotiated.into_iter().flatten();
        [self.target].into_iter().chain(headers).chain([self.body])
    }
}

impl Layout {
    /// The question whose bytes these are.
    pub(super) fn question<'b>(&self, bytes: &'b [u8]) -> Question<'b> {
        let mut rest = bytes;
        let mut next = |length: u32| {
            let (part, after) = rest.split_at(length as usize);
            rest = after;
            part
        };
        Question {
            verb: self.verb,
            target: next(self.target),
            negotiated: self.negotiated.map(|header| header.map(&mut next)),
            body: next(self.body),
        }
    }

    /// How many bytes it has.
    pub(super) fn length(&self) -> usize {
        let headers = self.negotiated.iter().flatten();
        let parts = [self.target, self.body];
        headers.chain(&parts).map(|length| *length as usize).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_found_again_among_its_bytes_and_what_follows_them() {
        let target = Uri::from_static("/subjects/s?deleted=true");
        let header = HeaderValue::from_static("text/plain");
        let headers = [
            [None, None, None],
            [Some(&header), None, None],
            [None, Some(&header), None],
            [Some(&header), Some(&header), Some(&header)],
        ];
        let mut before = None;
        for headers in headers {
            let question = Question::of(&Method::POST, &target, headers, b"{}").expect("it asks");
            let layout = question.layout().expect("it is short");
            let mut bytes = question.parts().collect::<Vec<_>>().concat();
            assert_eq!(layout.length(), bytes.len());
            bytes.extend_from_slice(b"the answer");
            assert_eq!(layout.question(&bytes), question);
            // The same bytes with the header in another place are another question.
            assert_ne!(before.replace(question), Some(question));
        }
        assert!(Question::of(&Method::PUT, &target, [None; 3], b"{}").is_none());
    }
}
