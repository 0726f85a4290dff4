//! Reads what `/metrics` says, as far as it is shown.

use std::collections::BTreeMap;

/// All figures of one look.
#[derive(Debug, Default)]
pub(super) struct Scrape {
    figures: BTreeMap<String, Vec<Figure>>,
    /// Why the server is not ready.
    pub(super) reasons: Vec<String>,
}

/// One line.
#[derive(Debug)]
struct Figure {
    labels: BTreeMap<String, String>,
    value: f64,
}

/// The requests of a route between two looks.
#[derive(Debug, Default, Clone)]
pub(super) struct Latency {
    pub(super) requests: f64,
    seconds: f64,
    /// Upper bounds, and how many requests took no longer; ascending.
    buckets: Vec<(f64, f64)>,
}

impl Scrape {
    pub(super) fn read(text: &str) -> Self {
        let mut scrape = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, figure)) = figure(line) {
                scrape.figures.entry(name).or_default().push(figure);
            }
        }
        scrape
    }

    /// Whether the server says that it is ready.
    pub(super) fn is_ready(&self) -> bool {
        self.total("concord_ready") > 0.0
    }

    /// All figures of a name together.
    pub(super) fn total(&self, name: &str) -> f64 {
        self.sum(name, |_| true)
    }

    /// Those with a label whose value begins so.
    pub(super) fn with(&self, name: &str, label: &str, start: &str) -> f64 {
        self.sum(name, |labels| {
            labels
                .get(label)
                .is_some_and(|value| value.starts_with(start))
        })
    }

    fn sum(&self, name: &str, wanted: impl Fn(&BTreeMap<String, String>) -> bool) -> f64 {
        let figures = self.figures.get(name).into_iter().flatten();
        figures
            .filter(|figure| wanted(&figure.labels))
            .map(|figure| figure.value)
            .sum()
    }

    /// The value of a label of the first figure of a name.
    pub(super) fn label(&self, name: &str, label: &str) -> &str {
        let figure = self.figures.get(name).and_then(|figures| figures.first());
        figure
            .and_then(|figure| figure.labels.get(label))
            .map_or("?", String::as_str)
    }

    /// A histogram by the values of these labels, less what it was before.
    pub(super) fn latencies(
        &self,
        before: &Self,
        name: &str,
        by: &[&str],
    ) -> BTreeMap<Vec<String>, Latency> {
        let mut latencies = BTreeMap::new();
        for (scrape, sign) in [(self, 1.0), (before, -1.0)] {
            scrape.add_latencies(name, by, sign, &mut latencies);
        }
        latencies
    }

    fn add_latencies(
        &self,
        name: &str,
        by: &[&str],
        sign: f64,
        latencies: &mut BTreeMap<Vec<String>, Latency>,
    ) {
        for part in ["bucket", "sum", "count"] {
            let figures = self.figures.get(&format!("{name}_{part}"));
            for figure in figures.into_iter().flatten() {
                let text = |label: &&str| figure.labels.get(*label).cloned().unwrap_or_default();
                let latency = latencies.entry(by.iter().map(text).collect()).or_default();
                let value = sign * figure.value;
                match part {
                    "sum" => latency.seconds += value,
                    "count" => latency.requests += value,
                    _ => latency.add(text(&"le").parse().unwrap_or(f64::INFINITY), value),
                }
            }
        }
    }
}

impl Latency {
    fn add(&mut self, bound: f64, number: f64) {
        match self
            .buckets
            .binary_search_by(|(known, _)| known.total_cmp(&bound))
        {
            Ok(place) => self.buckets[place].1 += number,
            Err(place) => self.buckets.insert(place, (bound, number)),
        }
    }

    /// Seconds in all.
    pub(super) const fn seconds(&self) -> f64 {
        self.seconds
    }

    /// The time that this share of the requests did not exceed, linear within a bucket; `None` without requests.
    pub(super) fn quantile(&self, share: f64) -> Option<f64> {
        if self.requests < 0.5 {
            return None;
        }
        let wanted = share * self.requests;
        let (mut bound_below, mut number_below) = (0.0, 0.0);
        for (bound, number) in &self.buckets {
            if *number >= wanted && *number > number_below {
                if bound.is_infinite() {
                    break;
                }
                let within = (wanted - number_below) / (number - number_below);
                return Some(bound_below + (bound - bound_below) * within);
            }
            (bound_below, number_below) = (*bound, *number);
        }
        Some(bound_below)
    }
}

/// `name{label="value",…} number`.
fn figure(line: &str) -> Option<(String, Figure)> {
    let (head, value) = line.rsplit_once(' ')?;
    let value = value.parse().ok()?;
    let (name, mut rest) = match head.split_once('{') {
        Some((name, rest)) => (name, rest),
        None => (head, ""),
    };
    let mut labels = BTreeMap::new();
    while let Some((label, quoted)) = rest.split_once("=\"") {
        let (text, after) = unquoted(quoted)?;
        labels.insert(label.trim_start_matches(',').to_owned(), text);
        rest = after;
    }
    Some((name.to_owned(), Figure { labels, value }))
}

/// The text up to the closing quotation mark, and what comes after it.
fn unquoted(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((text, &quoted[at + 1..])),
            '\\' => match letters.next()?.1 {
                'n' => text.push('\n'),
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "# TYPE x counter\nx{a=\"1\"} 2\n";
    const NOW: &str = concat!(
        "x{a=\"1\",b=\"\\\"q\\\\\"} 5\nx{a=\"2\"} 7\n",
        "t_bucket{r=\"/\",le=\"0.1\"} 50\nt_bucket{r=\"/\",le=\"0.2\"} 100\n",
        "t_bucket{r=\"/\",le=\"+Inf\"} 100\nt_sum{r=\"/\"} 12.5\nt_count{r=\"/\"} 100\n"
    );

    #[test]
    fn figures_are_read_with_their_labels() {
        let now = Scrape::read(NOW);
        assert!((now.total("x") - 12.0).abs() < 1e-9);
        assert!((now.with("x", "a", "2") - 7.0).abs() < 1e-9);
        assert_eq!(now.label("x", "b"), "\"q\\");
        assert!((Scrape::read(BEFORE).total("x") - 2.0).abs() < 1e-9);
    }

    #[test]
    fn quantiles_lie_within_their_bucket() {
        let now = Scrape::read(NOW);
        let latencies = now.latencies(&Scrape::default(), "t", &["r"]);
        let latency = &latencies[&vec!["/".to_owned()]];
        assert!((latency.quantile(0.75).expect("requests") - 0.15).abs() < 1e-9);
        assert!((latency.seconds() - 12.5).abs() < 1e-9);
        let none = now.latencies(&now, "t", &["r"]);
        assert_eq!(none[&vec!["/".to_owned()]].quantile(0.5), None);
    }
}
