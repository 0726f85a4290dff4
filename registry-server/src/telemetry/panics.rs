//! A panic as a line of the log like any other, where lines are JSON.
//!
//! It is written without the rest of the logging, in the middle of which the panic may have been.

use std::cell::RefCell;
use std::panic::{self, PanicHookInfo};

use hyper::header::HeaderValue;
use serde_json::json;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};

use crate::request::id;

thread_local! {
    /// The id of the request that this thread works for.
    static REQUEST: RefCell<Option<HeaderValue>> = const { RefCell::new(None) };
}

/// Says from now on as one line of JSON that something panicked.
pub(super) fn tell_as_json() {
    panic::set_hook(Box::new(|info| eprintln!("{}", line(info))));
}

/// Does work for a request, which is named if the work panics.
pub(crate) fn naming<T>(id: Option<&HeaderValue>, work: impl FnOnce() -> T) -> T {
    let _named = Named(REQUEST.replace(id.cloned()));
    work()
}

/// Puts back what was before, also after a panic.
struct Named(Option<HeaderValue>);

impl Drop for Named {
    fn drop(&mut self) {
        REQUEST.set(self.0.take());
    }
}

fn line(info: &PanicHookInfo<'_>) -> String {
    let mut time = String::new();
    // Writing to a string cannot fail.
    let _ = SystemTime.format_time(&mut Writer::new(&mut time));
    let mut line = json!({
        "timestamp": time,
        "level": "ERROR",
        "message": "a panic, which is a bug",
        "cause": info.payload_as_str().unwrap_or("no message"),
        "place": info.location().map(ToString::to_string),
        "thread": std::thread::current().name(),
        "target": module_path!(),
    });
    let id = REQUEST.try_with(|request| request.try_borrow().ok()?.clone());
    if let Some(id) = id.ok().flatten() {
        line["request_id"] = id::shown(&id).into();
    }
    line.to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_panic_is_one_line_of_json_that_names_the_request_it_happened_in() {
        let (lines, told) = channel();
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let _ = lines.send(line(info));
        }));
        let id = HeaderValue::from_static("r-1");
        for id in [Some(&id), None] {
            let work = || naming(id, || panic!("two\nlines"));
            panic::catch_unwind(work).expect_err("it panics");
        }
        panic::set_hook(before);
        let told: Vec<serde_json::Value> = told
            .try_iter()
            .filter(|line| line.contains("two\\nlines"))
            .map(|line| {
                assert!(!line.contains('\n'), "{line}");
                serde_json::from_str(&line).expect("JSON")
            })
            .collect();
        assert_eq!(told.len(), 2, "{told:?}");
        for line in &told {
            assert_eq!(line["level"], "ERROR");
            assert_eq!(line["cause"], "two\nlines");
            let place = line["place"].as_str().unwrap_or_default();
            assert!(place.contains("panics.rs"), "{line}");
        }
        assert_eq!(told[0]["request_id"], "r-1");
        assert_eq!(told[1].get("request_id"), None);
    }
}
