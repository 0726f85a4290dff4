//! The body of an answer.

use std::convert::Infallible;
use std::mem;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Buf, Bytes, Frame, SizeHint};

use crate::answers::Kept;

/// What is handed over at a time, in bytes.
pub(crate) const PIECE_BYTES_MAX: usize = 64 << 10;

/// A body that is there as a whole, and is handed over in pieces.
///
/// HTTP/1 has each copied behind what waits to be sent already, most often its head: for the kernel a list of buffers is
/// dearer than one, by more than the copy of an ordinary answer costs. A connection keeps room for the largest piece that
/// it has sent. Smaller pieces would make long answers dearer, which the copy makes dearer as it is.
#[derive(Debug)]
pub struct Pieces(Piece);

/// A part of a body, of which less is left as it is sent.
#[derive(Debug)]
pub struct Piece {
    whole: Whole,
    left: Range<usize>,
}

/// Where a body lies.
#[derive(Debug, Clone)]
enum Whole {
    Made(Bytes),
    /// Behind its question.
    Kept(Kept),
}

impl From<Bytes> for Pieces {
    fn from(body: Bytes) -> Self {
        let left = 0..body.len();
        let whole = Whole::Made(body);
        Self(Piece { whole, left })
    }
}

impl From<Kept> for Pieces {
    fn from(kept: Kept) -> Self {
        let left = kept.body();
        let whole = Whole::Kept(kept);
        Self(Piece { whole, left })
    }
}

impl Piece {
    /// The first so many bytes, which are then no longer in this.
    fn split_to(&mut self, bytes: usize) -> Self {
        let middle = self.left.start + bytes;
        let left = self.left.start..middle;
        self.left.start = middle;
        let whole = match self.left.is_empty() {
            true => mem::replace(&mut self.whole, Whole::Made(Bytes::new())),
            false => self.whole.clone(),
        };
        Self { whole, left }
    }
}

impl Buf for Piece {
    fn remaining(&self) -> usize {
        self.left.len()
    }

    fn chunk(&self) -> &[u8] {
        let whole = match &self.whole {
            Whole::Made(body) => body,
            Whole::Kept(kept) => kept.bytes(),
        };
        &whole[self.left.clone()]
    }

    fn advance(&mut self, bytes: usize) {
        assert!(bytes <= self.left.len(), "there is not so much left");
        self.left.start += bytes;
    }
}

impl Body for Pieces {
    type Data = Piece;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Piece>, Infallible>>> {
        let rest = &mut self.0;
        let next = rest.left.len().min(PIECE_BYTES_MAX);
        Poll::Ready((next > 0).then(|| Ok(Frame::data(rest.split_to(next)))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.0.left.len()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn pieces_are_of_bounded_size_and_together_the_whole() {
        for bytes in [
            0,
            1,
            PIECE_BYTES_MAX,
            PIECE_BYTES_MAX + 1,
            5 * PIECE_BYTES_MAX,
        ] {
            let whole: Vec<u8> = (0..bytes).map(|number| number.to_le_bytes()[1]).collect();
            let mut body = Pieces::from(Bytes::from(whole.clone()));
            assert_eq!(body.size_hint().exact(), Some(bytes as u64));
            let mut sent = Vec::new();
            while !body.is_end_stream() {
                let frame = body.frame().await.expect("there is more");
                let piece = frame.expect("it does not fail").into_data().expect("data");
                assert!(piece.has_remaining() && piece.remaining() <= PIECE_BYTES_MAX);
                sent.extend_from_slice(piece.chunk());
            }
            assert!(sent == whole && body.frame().await.is_none());
        }
    }
}
