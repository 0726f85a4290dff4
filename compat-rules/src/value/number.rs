//! A number as its author wrote it, and as Java prints it.

use std::fmt::Write as _;

/// The exact text of a JSON number, or `NaN`, `Infinity`, `-Infinity` where a format tolerates those.
/// Numbers are equal, and ordered, by their text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number {
    text: Box<str>,
}

impl Number {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.into() }
    }

    /// A double as a number of the text.
    pub(crate) fn from_double(value: f64) -> Self {
        Self::new(&java_double(value))
    }

    /// A 32-bit float as a number of the text.
    pub(crate) fn from_float(value: f32) -> Self {
        Self::new(&java_float(value))
    }

    /// The text as written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// True for `NaN` and the infinities.
    pub(crate) fn is_non_finite(&self) -> bool {
        self.text.contains(['N', 'I'])
    }

    /// True when there is neither a fraction nor an exponent: `1.0` is not an integer.
    pub(crate) fn is_integer(&self) -> bool {
        !self.text.contains(['.', 'e', 'E', 'N', 'I'])
    }

    /// The integer, if it is written as one and fits.
    pub(crate) fn as_i64(&self) -> Option<i64> {
        self.text.parse().ok()
    }

    /// The nearest double; an overflow is infinite. The integer `-0` is 0.
    pub(crate) fn as_f64(&self) -> f64 {
        self.integer_text()
            .parse()
            .expect("a JSON number, NaN and Infinity are what Rust reads as floats")
    }

    /// The text, but the integer `-0` is `0`.
    pub(super) fn integer_text(&self) -> &str {
        if &*self.text == "-0" { "0" } else { &self.text }
    }

    /// The exact decimal value; `None` for what is not finite, and for exponents beyond 32 bit.
    pub(crate) fn decimal(&self) -> Option<Decimal> {
        if self.is_non_finite() {
            return None;
        }
        let (mantissa, exponent) = match self.text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (&*self.text, 0),
        };
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{}{fraction}", integer.trim_start_matches('-'));
        let significant = all.trim_start_matches('0');
        let digits = if significant.is_empty() {
            "0"
        } else {
            significant
        };
        let scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        Some(Decimal {
            negative: mantissa.starts_with('-') && !significant.is_empty(),
            digits: digits.to_owned(),
            scale: i32::try_from(scale).ok()?,
        })
    }
}

/// `±digits × 10^-scale`, with the scale kept as written: `1.10` has scale 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) negative: bool,
    /// Without leading zeros; at least one digit.
    pub(crate) digits: String,
    pub(crate) scale: i32,
}

impl std::fmt::Display for Decimal {
    /// The way Java prints a `BigDecimal` (`json-schema.md` section 5.1).
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.negative {
            out.write_char('-')?;
        }
        let count = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        let scale = i64::from(self.scale);
        let adjusted = count - 1 - scale;
        if scale >= 0 && adjusted >= -6 {
            return write_plain(out, &self.digits, count - scale);
        }
        let (first, others) = self.digits.split_at(1);
        out.write_str(first)?;
        if !others.is_empty() {
            write!(out, ".{others}")?;
        }
        write!(out, "E{adjusted:+}")
    }
}

/// Digits with the point behind the first `point` of them, which may lie before them.
fn write_plain(out: &mut std::fmt::Formatter<'_>, digits: &str, point: i64) -> std::fmt::Result {
    let Ok(point) = usize::try_from(point) else {
        let zeros = usize::try_from(-point).unwrap_or_default();
        return write!(out, "0.{:0>zeros$}{digits}", "");
    };
    match digits.split_at(point.min(digits.len())) {
        ("", fraction) => write!(out, "0.{fraction}"),
        (integer, "") => out.write_str(integer),
        (integer, fraction) => write!(out, "{integer}.{fraction}"),
    }
}

/// A double the way Java prints it, with the shortest digits that read back (`avro.md` section 4.1).
pub(super) fn java_double(value: f64) -> String {
    let shortest = format!("{value:e}");
    let two_digits = format!("{value:.1e}");
    java_float_text(shortest, two_digits, |text| text.parse() == Ok(value))
}

/// A 32-bit float the way Java prints it.
pub(super) fn java_float(value: f32) -> String {
    let shortest = format!("{value:e}");
    let two_digits = format!("{value:.1e}");
    java_float_text(shortest, two_digits, |text| text.parse() == Ok(value))
}

/// `shortest` and `two_digits` are texts such as `1.5e-7`, or `NaN`, `inf`, `-inf`.
fn java_float_text(
    shortest: String,
    two_digits: String,
    reads_back: impl Fn(&str) -> bool,
) -> String {
    // Where one digit is enough Java takes the best text of two: `4.9E-324`, although `5E-324` reads back, too.
    let one_digit = shortest
        .split('e')
        .next()
        .is_some_and(|mantissa| !mantissa.contains('.'));
    let text = if one_digit && reads_back(&two_digits) {
        two_digits
    } else {
        shortest
    };
    let Some((mantissa, exponent)) = text.split_once('e') else {
        return text.replace("inf", "Infinity");
    };
    let exponent: i32 = exponent.parse().expect("Rust prints an exponent");
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if integer == "0" {
        return format!("{sign}0.0");
    }
    if !(-3..7).contains(&exponent) {
        return format!("{sign}{integer}.{fraction}E{exponent}");
    }
    let fraction = if fraction == "0" { "" } else { fraction };
    let digits = format!("{integer}{fraction}");
    let Ok(exponent) = usize::try_from(exponent) else {
        let zeros = usize::try_from(-exponent - 1).unwrap_or_default();
        return format!("{sign}0.{}{digits}", "0".repeat(zeros));
    };
    let point = exponent + 1;
    if digits.len() <= point {
        return format!("{sign}{digits}{}.0", "0".repeat(point - digits.len()));
    }
    format!("{sign}{}.{}", &digits[..point], &digits[point..])
}
