//! Rows that are kept by themselves, against the files that they came from.

use super::pending::Pending;
use super::*;

fn write(store: &Store, change: impl FnOnce(&mut Pending<'_>)) {
    let mut pending = Pending::over(store);
    change(&mut pending);
    store.commit(pending.into_batch()).expect("it is written");
    // Only rows of files are kept.
    store.flush().expect("a file is written");
}

/// What is read the first time, from the file, and the second time.
fn read(rows: &impl Rows) -> [Option<String>; 2] {
    [(); 2].map(|()| {
        let value = rows.read(
            b"k",
            |value| Ok(String::from_utf8_lossy(value).into_owned()),
        );
        value.expect("the store reads")
    })
}

#[test]
fn a_row_that_was_read_lately_hides_no_newer_one_and_is_not_shown_to_older_views() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(folder.path(), &StoreOptions::default()).expect("it opens");
    let both = |text: &str| [Some(text.to_owned()), Some(text.to_owned())];
    write(&store, |rows| rows.put(b"k".to_vec(), b"old".to_vec()));
    let empty = store.row_cache_bytes();
    assert_eq!(read(&store), both("old"));
    assert!(store.row_cache_bytes() > empty, "nothing was kept");

    let before = store.snapshot();
    write(&store, |rows| rows.put(b"k".to_vec(), b"new".to_vec()));
    assert_eq!(read(&store), both("new"));
    assert_eq!(read(&before), both("old"));

    let between = store.snapshot();
    write(&store, |rows| rows.delete(b"k".to_vec()));
    assert_eq!(read(&store), [None, None]);
    assert_eq!(read(&between), both("new"));
    assert_eq!(read(&before), both("old"));
}
