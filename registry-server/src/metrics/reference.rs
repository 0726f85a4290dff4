//! The figures that dashboards for the reference draw, under the names that its JMX exporter gives them.
//!
//! The reference averages rates and latencies over a window by itself; so do these, between one look at them and an
//! earlier one. Nothing is added up for that while requests are answered.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use compat_rules::Format;
use prometheus::core::Collector;
use prometheus::{HistogramVec, IntCounterVec};
use registry_core::Counts;

use super::text::{Kind, Page};

/// Rates are taken over at least this time, if anybody looked so long ago.
const WINDOW: Duration = Duration::from_secs(30);

/// Looks that are kept: whoever looks more often gets rates over less time.
const LOOKS_MAX: usize = 64;

/// What dashboards for the reference need to know of this process.
pub(super) struct Reference {
    looks: Mutex<VecDeque<Look>>,
}

/// All requests since the start, at one moment.
#[derive(Clone)]
struct Look {
    at: Instant,
    requests: u64,
    errors: u64,
    seconds: f64,
    /// Upper bounds in seconds, and how many requests took no longer.
    buckets: Vec<(f64, u64)>,
}

impl Reference {
    pub(super) fn new() -> Self {
        let start = Look {
            at: Instant::now(),
            requests: 0,
            errors: 0,
            seconds: 0.0,
            buckets: Vec::new(),
        };
        Self {
            looks: Mutex::new(VecDeque::from([start])),
        }
    }

    pub(super) fn write(
        &self,
        page: &mut Page,
        counts: &Counts,
        is_writable: u8,
        connections: i64,
        (requests, seconds): (&IntCounterVec, &HistogramVec),
    ) {
        write_contents(page, counts);
        let name = "kafka_schema_registry_master_slave_role";
        let help = "1 while this process accepts writes.";
        page.alone(name, help, Kind::Gauge, is_writable);
        for name in [
            "kafka_schema_registry_jetty_metrics_connections_active",
            "kafka_schema_registry_kafka_schema_registry_metrics_connection_count",
        ] {
            page.alone(name, "Connections that are open.", Kind::Gauge, connections);
        }
        let now = Look::take(requests, seconds);
        let before = self.earlier(&now);
        let elapsed = now.at.duration_since(before.at).as_secs_f64().max(1e-3);
        let answered = now.since(&before);
        let per_second = |number: u64| number_of(number) / elapsed;
        let mean = answered.seconds / number_of(answered.requests.max(1));
        let p = |share| answered.quantile(share) * 1000.0;
        let figures = [
            (
                "request_rate",
                "Requests a second.",
                per_second(answered.requests),
            ),
            (
                "request_error_rate",
                "Refused requests a second.",
                per_second(answered.errors),
            ),
            (
                "request_latency_avg",
                "Mean time of a request, in milliseconds.",
                mean * 1000.0,
            ),
            (
                "request_latency_95",
                "95 % of requests took at most so many milliseconds.",
                p(0.95),
            ),
            (
                "request_latency_99",
                "99 % of requests took at most so many milliseconds.",
                p(0.99),
            ),
        ];
        for (name, help, value) in figures {
            let name = format!("kafka_schema_registry_jersey_metrics_{name}");
            page.alone(&name, help, Kind::Gauge, value);
        }
    }

    /// The newest look of before the window, or the oldest there is; the new one is kept.
    fn earlier(&self, now: &Look) -> Look {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        while looks.len() > 1 && now.at.duration_since(looks[1].at) >= WINDOW {
            looks.pop_front();
        }
        if looks.len() >= LOOKS_MAX {
            looks.pop_front();
        }
        looks.push_back(now.clone());
        looks.front().unwrap_or(now).clone()
    }
}

/// The counts as the reference has them after it has read its topic: what exists, softly deleted or not, was created.
fn write_contents(page: &mut Page, counts: &Counts) {
    let active: u64 = Format::ALL
        .map(|format| counts.versions.of(format))
        .iter()
        .sum();
    let name = "kafka_schema_registry_registered_count";
    page.alone(name, "Versions that are not deleted.", Kind::Gauge, active);
    let families = [
        (
            "kafka_schema_registry_schemas_created",
            "Versions, softly deleted ones included.",
        ),
        (
            "kafka_schema_registry_schemas_deleted",
            "Softly deleted versions.",
        ),
    ];
    for (place, (name, help)) in families.into_iter().enumerate() {
        page.family(name, help, Kind::Gauge);
        for format in Format::ALL {
            let deleted = counts.deleted_versions.of(format);
            let number = match place {
                0 => counts.versions.of(format) + deleted,
                _ => deleted,
            };
            let format = format.as_str().to_ascii_lowercase();
            page.figure(name, &[("schema_type", &format)], number);
        }
    }
}

impl Look {
    fn take(requests: &IntCounterVec, seconds: &HistogramVec) -> Self {
        let mut look = Self {
            at: Instant::now(),
            requests: 0,
            errors: 0,
            seconds: 0.0,
            buckets: Vec::new(),
        };
        for family in seconds.collect() {
            for metric in family.get_metric() {
                let histogram = metric.get_histogram();
                look.requests += histogram.get_sample_count();
                look.seconds += histogram.get_sample_sum();
                let buckets = histogram.get_bucket();
                look.buckets.resize(buckets.len(), (0.0, 0));
                for (sum, bucket) in look.buckets.iter_mut().zip(buckets) {
                    *sum = (bucket.upper_bound(), sum.1 + bucket.cumulative_count());
                }
            }
        }
        for family in requests.collect() {
            for metric in family.get_metric() {
                let labels = metric.get_label();
                let status = labels.iter().find(|label| label.name() == "status");
                if status.is_some_and(|status| status.value() >= "4") {
                    look.errors += whole(metric.get_counter().get_value());
                }
            }
        }
        look
    }

    fn since(&self, before: &Self) -> Self {
        let earlier = before.buckets.iter().map(|(_, number)| *number);
        let earlier = earlier.chain(std::iter::repeat(0));
        let buckets = self.buckets.iter().zip(earlier);
        Self {
            at: self.at,
            requests: self.requests.saturating_sub(before.requests),
            errors: self.errors.saturating_sub(before.errors),
            seconds: self.seconds - before.seconds,
            buckets: buckets
                .map(|((bound, number), before)| (*bound, number.saturating_sub(before)))
                .collect(),
        }
    }

    /// The time that this share of the requests did not exceed: linear within a bucket, as Prometheus has it.
    fn quantile(&self, share: f64) -> f64 {
        let wanted = share * number_of(self.requests);
        let (mut bound_below, mut number_below) = (0.0, 0);
        for (bound, number) in &self.buckets {
            if number_of(*number) >= wanted && *number > number_below {
                let within = (wanted - number_of(number_below)) / number_of(number - number_below);
                return bound_below + (bound - bound_below) * within;
            }
            (bound_below, number_below) = (*bound, *number);
        }
        if self.requests == 0 { 0.0 } else { bound_below }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a figure for people, exact up to 2^53"
)]
const fn number_of(number: u64) -> f64 {
    number as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counters hold whole numbers from zero"
)]
const fn whole(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_lies_within_its_bucket() {
        let look = Look {
            at: Instant::now(),
            requests: 100,
            errors: 0,
            seconds: 1.0,
            buckets: vec![(0.1, 0), (0.2, 90), (0.4, 99)],
        };
        assert!((look.quantile(0.45) - 0.15).abs() < 1e-9);
        assert!((look.quantile(0.99) - 0.4).abs() < 1e-9);
        // Beyond the last bound nothing is known but that bound.
        assert!((look.quantile(1.0) - 0.4).abs() < 1e-9);
    }
}
