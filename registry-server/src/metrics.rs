//! What an operator sees at `/metrics`, in Prometheus' text format.
//!
//! Everything that depends on a label is resolved once, when a route is built; a request then only adds to
//! counters. Labels are bounded: no id is one, and subjects and contexts only within a number.

mod audit;
pub mod auth;
mod contents;
mod policies;
mod process;
mod reference;
mod registry;
mod standing;
pub mod subjects;
mod text;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hyper::StatusCode;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
    TextEncoder,
};

use registry_core::Fault;

use crate::app::App;
use crate::options::Options;
use crate::options::subjects::SubjectPatterns;
use contents::Contents;
use policies::PolicyMetrics;
use process::Process;
use reference::Reference;
use subjects::SubjectFigures;
use text::{Kind, Page};

/// Upper bounds of the latency buckets, in seconds: from a kept answer to a request whose time is nearly over.
const LATENCIES: [f64; 17] = [
    0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025,
    0.05, 0.1, 0.5, 1.0, 5.0, 30.0,
];

/// Statuses that are counted one by one; any other is counted as its class, `2xx` to `5xx`.
const STATUSES: [u16; 16] = [
    200, 204, 207, 400, 401, 404, 405, 406, 409, 413, 415, 422, 431, 500, 503, 504,
];

/// The media type of what [`Metrics::render`] writes.
pub const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All figures of this process.
pub struct Metrics {
    registry: Registry,
    process: Process,
    requests: IntCounterVec,
    seconds: HistogramVec,
    refusals: IntCounterVec,
    reference: Reference,
    /// Requests that no route answers.
    pub unrouted: RouteMetrics,
    /// Connections that are open.
    pub connections: IntGauge,
    /// Requests whose client went away before there was an answer.
    pub abandoned: IntCounter,
    /// Evaluations that are running.
    pub evaluations: IntGauge,
    /// Evaluations that wait for their turn.
    pub evaluations_waiting: IntGauge,
    /// Evaluations that were refused because too many waited.
    pub evaluations_refused: IntCounter,
    /// Lookups that were answered by a kept answer.
    pub answers_kept: IntCounter,
    /// Lookups that were not.
    pub answers_made: IntCounter,
    answers_bytes: IntGauge,
    /// Lines of the access log that nobody read in time.
    pub access_log_lost: IntCounter,
    /// How far the audit log is verified.
    pub audit: audit::AuditFigures,
    /// Spans that the collector did not take, where there is one.
    pub spans_lost: OnceLock<Arc<AtomicU64>>,
    /// What policies did.
    pub policies: PolicyMetrics,
}

/// The figures of one route and method.
#[derive(Debug, Clone)]
pub struct RouteMetrics {
    route: &'static str,
    method: &'static str,
    requests: IntCounterVec,
    refusals: IntCounterVec,
    by_status: [OnceLock<IntCounter>; STATUSES.len()],
    seconds: Histogram,
}

impl Metrics {
    /// Figures that all stand at zero.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let (requests, seconds, refusals) = http_families(&registry)?;
        let gauge = |name: &str, help: &str| {
            let gauge = IntGauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok::<_, prometheus::Error>(gauge)
        };
        let counter = |name: &str, help: &str| {
            let counter = IntCounter::new(name, help)?;
            registry.register(Box::new(counter.clone()))?;
            Ok::<_, prometheus::Error>(counter)
        };
        Ok(Self {
            process: Process::new(&registry)?,
            policies: PolicyMetrics::new(&registry)?,
            unrouted: RouteMetrics::new((&requests, &seconds, &refusals), "none", "any"),
            connections: gauge("concord_http_connections", "Connections that are open.")?,
            abandoned: counter(
                "concord_http_abandoned_total",
                "Requests whose client went away before there was an answer.",
            )?,
            evaluations: gauge("concord_evaluations", "Evaluations that are running.")?,
            evaluations_waiting: gauge(
                "concord_evaluations_waiting",
                "Evaluations that wait for their turn.",
            )?,
            evaluations_refused: counter(
                "concord_evaluations_refused_total",
                "Evaluations refused because too many waited.",
            )?,
            answers_kept: counter(
                "concord_answers_hits_total",
                "Lookups answered by an answer that was kept.",
            )?,
            answers_made: counter(
                "concord_answers_misses_total",
                "Lookups whose answer had to be made.",
            )?,
            answers_bytes: gauge(
                "concord_answers_bytes",
                "Memory of the answers that are kept.",
            )?,
            access_log_lost: counter(
                "concord_access_log_lost_total",
                "Lines of the access log that were not read in time, and lost.",
            )?,
            audit: audit::AuditFigures::default(),
            spans_lost: OnceLock::new(),
            registry,
            requests,
            seconds,
            refusals,
            reference: Reference::new(),
        })
    }

    /// The figures of the gate; to be asked for once.
    pub fn auth(&self) -> Result<auth::AuthFigures, prometheus::Error> {
        auth::AuthFigures::new(&self.registry)
    }

    /// The figures of the subjects that are named, if any is; to be asked for once.
    pub fn subjects(
        &self,
        patterns: &SubjectPatterns,
    ) -> Result<Option<SubjectFigures>, prometheus::Error> {
        SubjectFigures::new(&self.registry, patterns)
    }

    /// The figures of a route; to be asked for once.
    #[must_use]
    pub fn route(&self, route: &'static str, method: &'static str) -> RouteMetrics {
        let families = (&self.requests, &self.seconds, &self.refusals);
        RouteMetrics::new(families, route, method)
    }

    /// The text that Prometheus reads: these figures, and those of everything else in the process.
    pub fn render(&self, app: &App) -> Result<String, MetricsError> {
        self.process.refresh();
        self.policies.standing.refresh(&app.registry);
        self.answers_bytes
            .set(i64::try_from(app.answers.bytes()).unwrap_or(i64::MAX));
        let contents = Contents::of(&app.registry, app.options.metrics_contexts_max)?;
        let mut page = Page::default();
        let is_ready = u8::from(app.reasons_not_ready().is_empty());
        let help = "1 while traffic may be sent here.";
        page.alone("concord_ready", help, Kind::Gauge, is_ready);
        let is_writable = u8::from(app.registry.is_healthy());
        let help = "1 until a write fails; then nothing is written before a restart.";
        page.alone("concord_accepts_writes", help, Kind::Gauge, is_writable);
        let lost = self.spans_lost.get();
        let lost = lost.map_or(0, |lost| lost.load(Ordering::Relaxed));
        let help = "Spans that the collector did not take.";
        page.alone("concord_trace_spans_lost_total", help, Kind::Counter, lost);
        write_limits(&app.options, &mut page);
        contents.write(&mut page);
        registry::write(&app.registry, &mut page);
        self.audit.write(&mut page);
        let connections = self.connections.get();
        let http = (&self.requests, &self.seconds);
        self.reference
            .write(&mut page, &contents.total(), is_writable, connections, http);
        let mut text = page.into_text();
        TextEncoder::new().encode_utf8(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}

/// Requests, their times, and refusals.
fn http_families(
    registry: &Registry,
) -> Result<(IntCounterVec, HistogramVec, IntCounterVec), prometheus::Error> {
    let requests = IntCounterVec::new(
        Opts::new("concord_http_requests_total", "Requests answered."),
        &["route", "method", "status"],
    )?;
    let seconds = HistogramVec::new(
        HistogramOpts::new(
            "concord_http_request_seconds",
            "Time from the head of a request to its answer.",
        )
        .buckets(LATENCIES.to_vec()),
        &["route", "method"],
    )?;
    let refusals = IntCounterVec::new(
        Opts::new(
            "concord_refusals_total",
            "Requests refused, by the number that the answer gives as `error_code`.",
        ),
        &["route", "method", "code"],
    )?;
    registry.register(Box::new(refusals.clone()))?;
    registry.register(Box::new(requests.clone()))?;
    registry.register(Box::new(seconds.clone()))?;
    Ok((requests, seconds, refusals))
}

/// The bounds that the figures can be held against.
fn write_limits(options: &Options, page: &mut Page) {
    let name = "concord_limit";
    let help = "The bound that an option sets, by the name of the option.";
    page.family(name, help, Kind::Gauge);
    let limits = [
        ("body-bytes-max", options.body_bytes_max),
        ("header-bytes-max", options.header_bytes_max),
        ("connections-max", options.connections_max),
        ("evaluations-max", options.evaluations_max),
        ("evaluation-queue-max", options.evaluation_queue_max),
        ("write-queue-max", options.write_queue_max),
        ("password-checks-max", options.password_checks_max),
        ("record-bytes-max", options.record_bytes_max),
        ("memory-bytes-max", options.memory_bytes_max),
        ("answers-bytes-max", options.answers_bytes_max),
    ];
    for (option, limit) in limits {
        page.figure(name, &[("option", option)], limit);
    }
    for (option, limit) in [
        ("request-timeout-ms", options.request_timeout_ms),
        ("idle-timeout-ms", options.idle_timeout_ms),
        ("write-patience-ms", options.write_patience_ms),
    ] {
        page.figure(name, &[("option", option)], limit);
    }
}

/// Figures that cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum MetricsError {
    /// They cannot be read.
    #[error(transparent)]
    Store(#[from] Fault),
    /// They cannot be written as text.
    #[error(transparent)]
    Text(#[from] prometheus::Error),
}

impl RouteMetrics {
    fn new(
        (requests, seconds, refusals): (&IntCounterVec, &HistogramVec, &IntCounterVec),
        route: &'static str,
        method: &'static str,
    ) -> Self {
        Self {
            route,
            method,
            requests: requests.clone(),
            refusals: refusals.clone(),
            by_status: std::array::from_fn(|_| OnceLock::new()),
            seconds: seconds.with_label_values(&[route, method]),
        }
    }

    /// The route.
    pub(crate) const fn route(&self) -> &'static str {
        self.route
    }

    /// Counts an answer.
    pub fn observe(&self, status: StatusCode, took: Duration) {
        self.seconds.observe(took.as_secs_f64());
        match STATUSES.iter().position(|known| *known == status.as_u16()) {
            Some(index) => self.by_status[index]
                .get_or_init(|| self.counter(status.as_str()))
                .inc(),
            None => self.counter(class(status)).inc(),
        }
    }

    /// Counts why an answer says no.
    pub fn refused(&self, code: u32) {
        self.refusals
            .with_label_values(&[self.route, self.method, &code.to_string()])
            .inc();
    }

    fn counter(&self, status: &str) -> IntCounter {
        self.requests
            .with_label_values(&[self.route, self.method, status])
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::tests::app;

    #[test]
    fn requests_are_counted_by_route_method_and_status() {
        let (app, _directory) = app(&[]);
        let metrics = &app.metrics;
        let route = metrics.route("/subjects", "GET");
        route.observe(StatusCode::OK, Duration::from_micros(70));
        route.observe(StatusCode::OK, Duration::from_micros(70));
        route.observe(StatusCode::IM_A_TEAPOT, Duration::ZERO);
        let text = metrics.render(&app).expect("encodable");
        for line in [
            r#"concord_http_requests_total{method="GET",route="/subjects",status="200"} 2"#,
            r#"concord_http_requests_total{method="GET",route="/subjects",status="4xx"} 1"#,
            r#"concord_http_request_seconds_bucket{method="GET",route="/subjects",le="0.0001"} 3"#,
            r#"concord_http_request_seconds_count{method="GET",route="/subjects"} 3"#,
        ] {
            assert!(
                text.lines().any(|found| found == line),
                "{line} is not in\n{text}"
            );
        }
    }

    #[test]
    fn the_process_is_described() {
        let (app, _directory) = app(&[]);
        let text = app.metrics.render(&app).expect("encodable");
        let value = |name: &str| -> f64 {
            let line = text
                .lines()
                .find(|line| line.starts_with(name))
                .unwrap_or_else(|| panic!("{name} is missing"));
            line.rsplit(' ')
                .next()
                .and_then(|value| value.parse().ok())
                .expect("a number")
        };
        assert!(value("process_resident_memory_bytes ") > 1e6);
        assert!(value("process_open_fds ") >= 3.0);
        assert!(value("process_max_fds ") >= 3.0);
        assert!(value("process_threads ") >= 1.0);
        assert!(value("process_start_time_seconds ") > 1.7e9);
        assert!(text.contains(concat!(
            "concord_build_info{version=\"",
            env!("CARGO_PKG_VERSION"),
            "\"} 1"
        )));
    }
}
