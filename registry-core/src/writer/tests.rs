//! The queue of the writer, with nobody at its end.

use super::*;

#[test]
fn a_draft_that_finds_the_queue_full_is_refused_at_once_and_the_next_is_taken_when_there_is_room() {
    let (queue, jobs) = sync_channel(1);
    let (reply, _answer) = sync_channel(1);
    let waiting = Job {
        draft: Box::new(Draft::of_nothing()),
        entry: None,
        reply,
    };
    queue.try_send(waiting).expect("there is one place");
    let writer = Writer {
        queue: Mutex::new(Some(queue)),
        thread: Mutex::new(None),
        failed: Arc::default(),
    };
    let commit = || writer.commit(Box::new(Draft::of_nothing()), None);
    assert!(matches!(commit(), Err(Error::WriterBusy)));
    jobs.recv().expect("the draft that waited");
    std::thread::scope(|scope| {
        let next = scope.spawn(commit);
        answer(&jobs.recv().expect("the next"), Ok(Commit::Stale));
        assert!(matches!(next.join().expect("no panic"), Ok(Commit::Stale)));
    });
}
