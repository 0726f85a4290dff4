//! Prometheus' text format, for figures that are not counters of the `prometheus` crate.

use std::fmt::{Display, Write};

/// Families of figures under construction.
#[derive(Default)]
pub(super) struct Page(String);

/// What kind of number a family holds.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Goes up only.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Numbers by upper bound.
    Histogram,
}

/// Names and values of labels.
pub(super) type Labels<'a> = &'a [(&'a str, &'a str)];

impl Page {
    /// Begins a family; its figures follow.
    pub(super) fn family(&mut self, name: &str, help: &str, kind: Kind) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    /// A figure.
    pub(super) fn figure(&mut self, name: &str, labels: Labels<'_>, value: impl Display) {
        self.0.push_str(name);
        for (place, (label, text)) in labels.iter().enumerate() {
            self.0.push(if place == 0 { '{' } else { ',' });
            self.0.push_str(label);
            self.0.push_str("=\"");
            for letter in text.chars() {
                match letter {
                    '\\' => self.0.push_str("\\\\"),
                    '"' => self.0.push_str("\\\""),
                    '\n' => self.0.push_str("\\n"),
                    other => self.0.push(other),
                }
            }
            self.0.push('"');
        }
        if !labels.is_empty() {
            self.0.push('}');
        }
        self.line(format_args!(" {value}"));
    }

    /// A family of one figure without labels.
    pub(super) fn alone(&mut self, name: &str, help: &str, kind: Kind, value: impl Display) {
        self.family(name, help, kind);
        self.figure(name, &[], value);
    }

    /// The families so far.
    pub(super) fn into_text(self) -> String {
        self.0
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_quoted_as_the_format_demands() {
        let mut page = Page::default();
        page.family("x", "Help.", Kind::Gauge);
        page.figure("x", &[("a", "b\\c\"d\n"), ("e", "f")], 1.5);
        page.alone("y", "Help.", Kind::Counter, 2);
        assert_eq!(
            page.into_text(),
            "# HELP x Help.\n# TYPE x gauge\nx{a=\"b\\\\c\\\"d\\n\",e=\"f\"} 1.5\n\
             # HELP y Help.\n# TYPE y counter\ny 2\n"
        );
    }
}
