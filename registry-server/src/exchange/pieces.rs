//! The body of an answer.

use std::convert::Infallible;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// What is handed over at a time, in bytes.
pub(crate) const PIECE_BYTES_MAX: usize = 64 << 10;

/// A body that is there as a whole, and is handed over in pieces.
///
/// HTTP/1 has each copied behind what waits to be sent already, most often its head: for the kernel a list of buffers is
/// dearer than one, by more than the copy of an ordinary answer costs. A connection keeps room for the largest piece that
/// it has sent. Smaller pieces would make long answers dearer, which the copy makes dearer as it is.
#[derive(Debug)]
pub struct Pieces(Bytes);

impl From<Bytes> for Pieces {
    fn from(whole: Bytes) -> Self {
        Self(whole)
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let rest = &mut self.0;
        let piece = match rest.len() > PIECE_BYTES_MAX {
            true => rest.split_to(PIECE_BYTES_MAX),
            false => mem::take(rest),
        };
        Poll::Ready((!piece.is_empty()).then(|| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.0.len()).unwrap_or(u64::MAX))
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
                assert!(!piece.is_empty() && piece.len() <= PIECE_BYTES_MAX);
                sent.extend_from_slice(&piece);
            }
            assert!(sent == whole && body.frame().await.is_none());
        }
    }
}
