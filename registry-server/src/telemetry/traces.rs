//! Spans of requests, sent to a collector by OTLP over HTTP when an address for it is given.
//!
//! `registry-core` marks what takes time (`parse`, `resolve`, `compare`, `write`); here the request around them gets
//! its span, in the trace that the client names in `traceparent`. Without a collector no span is made at all, and with
//! one none for a request that is not traced.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hyper::header::HeaderMap;
use hyper::http::uri::Scheme;
use hyper::{StatusCode, Uri};
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_http::{Bytes, HeaderExtractor, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{self, Sampler, SdkTracer, SdkTracerProvider, SpanData};
use tokio::runtime::Handle;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::request::random;

/// Time for one parcel of spans.
const PATIENCE: Duration = Duration::from_secs(10);

/// Spans that cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    /// The address is none that the exporter reaches.
    #[error(
        "`{0}` is not an address that begins with http://. Spans are not sent by TLS: \
         send them to an agent on this machine that does"
    )]
    Address(String),
    /// The exporter cannot be set up.
    #[error(transparent)]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
}

/// Where spans go.
pub struct Traces {
    provider: SdkTracerProvider,
    lost: Arc<AtomicU64>,
}

/// Which requests are traced.
#[derive(Debug, Clone, Copy)]
pub struct Sampling {
    /// Of those whose client has not decided.
    pub percent: u8,
}

impl Traces {
    /// Spans go to the collector at this address, `/v1/traces` included.
    pub fn start(endpoint: &str, runtime: &Handle) -> Result<Self, TracesError> {
        let address = endpoint.parse::<Uri>().ok();
        let is_plain = |address: &Uri| {
            address.scheme() == Some(&Scheme::HTTP) && address.authority().is_some()
        };
        if !address.as_ref().is_some_and(is_plain) {
            return Err(TracesError::Address(endpoint.to_owned()));
        }
        let client = OnRuntime {
            runtime: runtime.clone(),
            client: HyperClient::with_default_connector(PATIENCE, None),
        };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(client)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint)
            .with_timeout(PATIENCE)
            .build()?;
        let lost = Arc::default();
        let exporter = Counting {
            exporter,
            lost: Arc::clone(&lost),
        };
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            // Whether a request is traced is decided before there is a span.
            .with_sampler(Sampler::AlwaysOn)
            .with_resource(Resource::builder().with_service_name("concord").build())
            .build();
        Ok(Self { provider, lost })
    }

    pub(super) fn tracer(&self) -> SdkTracer {
        self.provider.tracer("concord")
    }

    /// How many spans the collector did not take.
    #[must_use]
    pub fn lost(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.lost)
    }

    /// Sends what is left.
    pub fn end(&self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::warn!(cause = %error, "the last spans could not be sent");
        }
    }
}

/// The exporter, and a count of what it could not get rid of.
#[derive(Debug)]
struct Counting {
    exporter: SpanExporter,
    lost: Arc<AtomicU64>,
}

impl trace::SpanExporter for Counting {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        let done = self.exporter.export(batch).await;
        if done.is_err() {
            self.lost.fetch_add(spans, Ordering::Relaxed);
        }
        done
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// The exporter runs on a thread of its own; connections need the runtime.
#[derive(Debug)]
struct OnRuntime {
    runtime: Handle,
    client: HyperClient,
}

#[async_trait::async_trait]
impl HttpClient for OnRuntime {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sending = self
            .runtime
            .spawn(async move { client.send_bytes(request).await });
        let answer = sending.await?;
        // The exporter itself says nothing when spans are lost.
        match &answer {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => tracing::warn!(status = %answer.status(), "the collector refuses spans"),
            Err(error) => tracing::warn!(cause = %error, "spans could not be sent"),
        }
        answer
    }
}

impl Sampling {
    /// The span of a request that is traced, within the trace that its client names: that is for the client to decide,
    /// if it says so.
    pub(crate) fn span_of<B>(self, request: &Request<B>) -> Option<Span> {
        let parent = TraceContextPropagator::new().extract(&HeaderExtractor(request.headers()));
        let client = parent.span().span_context().clone();
        let is_traced = match client.is_valid() {
            true => client.is_sampled(),
            false => random::number() % 100 < self.percent.into(),
        };
        is_traced.then(|| {
            let span = request_span(request.method().as_str(), request.uri().path());
            // A span that nobody takes has no place in a trace.
            let _ = span.set_parent(parent);
            span
        })
    }
}

/// What the span of a request is called.
pub(super) const REQUEST: &str = "request";

fn request_span(method: &str, path: &str) -> Span {
    tracing::debug_span!(
        REQUEST,
        otel.name = method,
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        http.request.method = method,
        http.response.status_code = tracing::field::Empty,
        http.route = tracing::field::Empty,
        url.path = path,
    )
}

/// Completes the span of a request.
pub(crate) fn record_answer(span: &Span, method: &str, route: Option<&str>, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
    if let Some(route) = route {
        span.record("http.route", route);
        span.record("otel.name", format!("{method} {route}"));
    }
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// The id of the trace in a well-formed `traceparent`.
pub(crate) fn trace_id(headers: &HeaderMap) -> Option<String> {
    let parent = headers.get("traceparent")?.to_str().ok()?;
    let mut parts = parent.split('-');
    let (_version, id) = (parts.next()?, parts.next()?);
    let is_id = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;

    #[test]
    fn the_trace_is_the_second_part_of_a_well_formed_traceparent() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("traceparent", HeaderValue::from_static(value));
            trace_id(&headers)
        };
        let id = "0af7651916cd43dd8448eb211c80319c";
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(of(parent).as_deref(), Some(id));
        assert_eq!(of("00-short-b7ad6b7169203331-01"), None);
    }
    #[test]
    fn whether_a_request_is_traced_is_for_its_client_to_say_and_else_a_matter_of_the_share() {
        let is_traced = |percent, traceparent: Option<&str>| {
            let parent = traceparent.map(|parent| ("traceparent", parent));
            let request = parent
                .into_iter()
                .fold(Request::builder(), |request, (name, value)| {
                    request.header(name, value)
                });
            let request = request.body(()).expect("a request");
            Sampling { percent }.span_of(&request).is_some()
        };
        let of_client =
            |flags: &str| format!("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{flags}");
        assert!(is_traced(0, Some(&of_client("01"))));
        assert!(!is_traced(100, Some(&of_client("00"))));
        assert!(is_traced(100, Some("nonsense")) && !is_traced(0, Some("nonsense")));
        let share = (0..10_000).filter(|_| is_traced(20, None)).count();
        assert!((1_500..2_500).contains(&share), "{share} of 10,000");
    }
}
