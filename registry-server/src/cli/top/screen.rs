//! The picture: plain lines, the same on a terminal and in a file.

use std::fmt::Write;
use std::time::Duration;

use super::scrape::{Latency, Scrape};

/// Routes that are shown.
const ROUTES_MAX: usize = 10;

/// Two looks at a server.
struct Looks<'a> {
    before: &'a Scrape,
    now: &'a Scrape,
    seconds: f64,
}

/// What happened between two looks, and what is.
pub(super) fn draw(url: &str, before: &Scrape, now: &Scrape, elapsed: Duration) -> String {
    let looks = Looks {
        before,
        now,
        seconds: elapsed.as_secs_f64().max(1e-3),
    };
    let state = match now.is_ready() {
        true => "ready".to_owned(),
        false => format!("NOT READY: {}", now.reasons.join("; ")),
    };
    let version = now.label("concord_build_info", "version");
    let title = format!("concord {version} at {url}: {state}");
    let lines = [
        title,
        looks.requests(),
        looks.lookups(),
        looks.changes(),
        looks.evaluations(),
        looks.contents(),
        looks.process(),
    ];
    let mut text = lines.join("\n");
    text.push_str("\n\n");
    routes(&looks, &mut text);
    text
}

impl Looks<'_> {
    fn rate(&self, name: &str) -> f64 {
        (self.now.total(name) - self.before.total(name)) / self.seconds
    }

    fn rate_with(&self, name: &str, label: &str, start: &str) -> f64 {
        let of = |look: &Scrape| look.with(name, label, start);
        (of(self.now) - of(self.before)) / self.seconds
    }

    fn latency(&self, name: &str) -> Latency {
        let all = self.now.latencies(self.before, name, &[]);
        all.into_values().next().unwrap_or_default()
    }

    fn requests(&self) -> String {
        let all = self.latency("concord_http_request_seconds");
        format!(
            "requests    {:>10.1} /s   p50 {}   p99 {}   errors {:.1} /s   refusals {:.1} /s",
            all.requests / self.seconds,
            time(all.quantile(0.5)),
            time(all.quantile(0.99)),
            self.rate_with("concord_http_requests_total", "status", "5"),
            self.rate("concord_refusals_total"),
        )
    }

    fn lookups(&self) -> String {
        let kept = self.rate("concord_answers_hits_total");
        let all = kept + self.rate("concord_answers_misses_total");
        let share = match all {
            all if all > 0.0 => format!("{:.1} %", 100.0 * kept / all),
            _ => "-".to_owned(),
        };
        format!(
            "lookups     {all:>10.1} /s   from memory {share}   answers kept {}",
            bytes(self.now.total("concord_answers_bytes")),
        )
    }

    fn changes(&self) -> String {
        let syncs = self.latency("concord_write_sync_seconds");
        format!(
            "changes     {:>10.1} /s   batches {:.1} /s   to the disk p50 {} p99 {}   waiting {}",
            self.rate_with("concord_changes_total", "outcome", "done"),
            syncs.requests / self.seconds,
            time(syncs.quantile(0.5)),
            time(syncs.quantile(0.99)),
            self.now.total("concord_writes_waiting"),
        )
    }

    fn evaluations(&self) -> String {
        format!(
            "evaluations {:>10}      waiting {}   refused {:.1} /s   connections {}",
            self.now.total("concord_evaluations"),
            self.now.total("concord_evaluations_waiting"),
            self.rate("concord_evaluations_refused_total"),
            self.now.total("concord_http_connections"),
        )
    }

    fn contents(&self) -> String {
        format!(
            "holds       {:>10} subjects   {} versions   {} schemas   {} on disk",
            self.now.total("concord_subjects"),
            self.now.with("concord_versions", "state", "active"),
            self.now.total("concord_schemas"),
            bytes(self.now.total("concord_store_files_bytes")),
        )
    }

    fn process(&self) -> String {
        format!(
            "process     {:>9.1} % CPU   {} resident   {} files open",
            100.0 * self.rate("process_cpu_seconds_total"),
            bytes(self.now.total("process_resident_memory_bytes")),
            self.now.total("process_open_fds"),
        )
    }
}

/// The routes that were asked, slowest first.
fn routes(looks: &Looks<'_>, text: &mut String) {
    let by = ["method", "route"];
    let latencies = looks
        .now
        .latencies(looks.before, "concord_http_request_seconds", &by);
    let mut routes: Vec<(Vec<String>, Latency)> = latencies
        .into_iter()
        .filter(|(_, latency)| latency.requests > 0.5)
        .collect();
    let p99 = |latency: &Latency| latency.quantile(0.99).unwrap_or_default();
    routes.sort_by(|(_, one), (_, other)| p99(other).total_cmp(&p99(one)));
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "{:>9} {:>9} {:>9} {:>9}  slowest routes",
        "req/s", "p50", "p99", "mean"
    );
    for (labels, latency) in routes.iter().take(ROUTES_MAX) {
        let _ = writeln!(
            text,
            "{:>9.1} {:>9} {:>9} {:>9}  {}",
            latency.requests / looks.seconds,
            time(latency.quantile(0.5)),
            time(latency.quantile(0.99)),
            time(Some(latency.seconds() / latency.requests)),
            labels.join(" "),
        );
    }
}

/// A time in the unit that suits it.
fn time(seconds: Option<f64>) -> String {
    match seconds {
        None => "-".to_owned(),
        Some(seconds) if seconds < 0.001 => format!("{:.0} us", seconds * 1e6),
        Some(seconds) if seconds < 1.0 => format!("{:.1} ms", seconds * 1e3),
        Some(seconds) => format!("{seconds:.1} s"),
    }
}

/// A size in the unit that suits it.
fn bytes(bytes: f64) -> String {
    let mut size = bytes;
    for unit in ["B", "KiB", "MiB"] {
        if size < 1024.0 {
            return format!("{size:.0} {unit}");
        }
        size /= 1024.0;
    }
    format!("{size:.1} GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = concat!(
        "concord_http_request_seconds_count{method=\"GET\",route=\"/\"} 10\n",
        "concord_http_request_seconds_sum{method=\"GET\",route=\"/\"} 1\n",
        "concord_answers_hits_total 10\nconcord_answers_misses_total 0\nconcord_ready 1\n"
    );
    const NOW: &str = concat!(
        "concord_http_request_seconds_bucket{method=\"GET\",route=\"/\",le=\"0.001\"} 20\n",
        "concord_http_request_seconds_bucket{method=\"GET\",route=\"/\",le=\"+Inf\"} 20\n",
        "concord_http_request_seconds_count{method=\"GET\",route=\"/\"} 30\n",
        "concord_http_request_seconds_sum{method=\"GET\",route=\"/\"} 1.01\n",
        "concord_build_info{version=\"1.2.3\"} 1\nconcord_ready 1\n",
        "concord_answers_hits_total 25\nconcord_answers_misses_total 5\n",
        "concord_subjects{context=\".\"} 3\nprocess_resident_memory_bytes 2097152\n"
    );

    #[test]
    fn rates_are_taken_between_two_looks() {
        let (before, now) = (Scrape::read(BEFORE), Scrape::read(NOW));
        let text = draw("http://h", &before, &now, Duration::from_secs(2));
        for part in [
            "concord 1.2.3 at http://h: ready\n",
            "requests          10.0 /s   p50 500 us   p99 990 us",
            "from memory 75.0 %",
            "3 subjects",
            "2 MiB resident",
            "     10.0    500 us    990 us    500 us  GET /\n",
        ] {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
    }
}
