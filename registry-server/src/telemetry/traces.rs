//! Spans of requests, sent to a collector by OTLP over HTTP when an address for it is given.
//!
//! `registry-core` marks what takes time (`parse`, `resolve`, `compare`, `write`); here the request around them gets
//! its span, in the trace that the client names in `traceparent`. Without a collector no span is made at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hyper::header::HeaderMap;
use hyper::http::uri::Scheme;
use hyper::{StatusCode, Uri};
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TracerProvider;
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

impl Traces {
    /// Spans go to the collector at this address, `/v1/traces` included, of which so many percent of those that no
    /// client has decided on.
    pub fn start(endpoint: &str, percent: u8, runtime: &Handle) -> Result<Self, TracesError> {
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
        let share = f64::from(percent) / 100.0;
        let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(share)));
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(sampler)
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

/// The span of a request, within the trace that the client names.
pub(crate) fn request_span(method: &str, path: &str, headers: &HeaderMap) -> Span {
    let span = tracing::debug_span!(
        "request",
        otel.name = method,
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        http.request.method = method,
        http.response.status_code = tracing::field::Empty,
        http.route = tracing::field::Empty,
        url.path = path,
    );
    let parent = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
    // A span that nobody takes has no place in a trace.
    let _ = span.set_parent(parent);
    span
}

/// Completes the span that is current.
pub(crate) fn record_answer(method: &str, route: Option<&str>, status: StatusCode) {
    let span = Span::current();
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
}
