//! The figures of the process itself, under the names that every Prometheus client uses.
//!
//! Read from `/proc/self` when they are asked for; where that does not exist they stay zero.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus::core::Collector;
use prometheus::{Counter, Gauge, Opts, Registry};

/// Ticks of `/proc/self/stat` in a second: the kernel's constant towards user space.
const TICKS_PER_SECOND: f64 = 100.0;

/// Gauges that are filled on request.
pub(super) struct Process {
    cpu: Counter,
    resident: Gauge,
    virtual_memory: Gauge,
    threads: Gauge,
    open_files: Gauge,
    files_max: Gauge,
}

impl Process {
    pub(super) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let gauge = |name: &str, help: &str| registered(registry, Gauge::new(name, help)?);
        let started = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        gauge(
            "process_start_time_seconds",
            "Start of the process, in seconds since 1970.",
        )?
        .set(started.as_secs_f64());
        let build = Opts::new("concord_build_info", "The version that is running.")
            .const_label("version", env!("CARGO_PKG_VERSION"));
        registered(registry, Gauge::with_opts(build)?)?.set(1.0);
        Ok(Self {
            cpu: registered(
                registry,
                Counter::new("process_cpu_seconds_total", "CPU time, in seconds.")?,
            )?,
            resident: gauge("process_resident_memory_bytes", "Memory in use.")?,
            virtual_memory: gauge("process_virtual_memory_bytes", "Memory mapped.")?,
            threads: gauge("process_threads", "Threads.")?,
            open_files: gauge("process_open_fds", "Open file descriptors.")?,
            files_max: gauge("process_max_fds", "Most file descriptors.")?,
        })
    }

    pub(super) fn refresh(&self) {
        let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
        self.cpu.reset();
        self.cpu.inc_by(cpu_ticks(&stat) / TICKS_PER_SECOND);
        self.resident.set(1024.0 * number_after(&status, "VmRSS:"));
        self.virtual_memory
            .set(1024.0 * number_after(&status, "VmSize:"));
        self.threads.set(number_after(&status, "Threads:"));
        self.files_max.set(number_after(&limits, "Max open files"));
        let open = fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
        self.open_files
            .set(f64::from(u32::try_from(open).unwrap_or(u32::MAX)));
    }
}

fn registered<C: Collector + Clone + 'static>(
    registry: &Registry,
    figure: C,
) -> Result<C, prometheus::Error> {
    registry.register(Box::new(figure.clone()))?;
    Ok(figure)
}

/// The number that follows a label at the start of a line; 0 if there is none.
fn number_after(text: &str, label: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(label));
    line.and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse().ok())
        .unwrap_or(0.0)
}

/// Fields 14 and 15 of `/proc/self/stat`. The name before them may hold blanks, so they are counted from its end.
fn cpu_ticks(stat: &str) -> f64 {
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_found_behind_a_name_with_blanks() {
        let stat = "7 (a (b) c) S 1 7 7 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 5 0 1000 1 1";
        assert!((cpu_ticks(stat) - 300.0).abs() < f64::EPSILON);
    }

    #[test]
    fn labels_are_found_at_the_start_of_a_line() {
        let status = "Name:\tx\nVmRSS:\t    1234 kB\nThreads:\t5\n";
        assert!((number_after(status, "VmRSS:") - 1234.0).abs() < f64::EPSILON);
        assert!((number_after(status, "VmSwap:") - 0.0).abs() < f64::EPSILON);
    }
}
