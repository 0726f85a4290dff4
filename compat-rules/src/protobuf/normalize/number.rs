//! Numbers in options, written the way that the reference writes them (`protobuf.md` section 7.4).
//!
//! Plain notation with at most three digits behind the point. Digits get lost, deliberately: two options that the
//! reference takes for the same have to be the same here.

use super::NoNormalForm;

/// Exponents beyond this, and literals of more digits in hexadecimal or octal, are refused: the reference prints
/// them digit by digit.
const EXPONENT_MAX: i64 = 400;
const RADIX_DIGITS_MAX: usize = 1_000;

/// The normal spelling; `None` for what is no number to the reference, which then leaves it alone.
///
/// # Errors
/// [`NoNormalForm::Number`] for a number of absurd size.
pub(super) fn normal(text: &str) -> Result<Option<String>, NoNormalForm> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    if let Some(hexadecimal) = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
    {
        return in_radix(text, sign, hexadecimal, 16);
    }
    let (body, suffix) = match digits.char_indices().last() {
        Some((at, suffix @ ('l' | 'L' | 'f' | 'F' | 'd' | 'D'))) => {
            (&digits[..at], Some(suffix.to_ascii_lowercase()))
        }
        _ => (digits, None),
    };
    let Some(literal) = Literal::read(body) else {
        return Ok(None);
    };
    if literal.is_whole && matches!(suffix, None | Some('l')) {
        return whole(text, sign, body);
    }
    if suffix == Some('l') {
        return Ok(None);
    }
    if literal.exponent.abs() > EXPONENT_MAX {
        return Err(NoNormalForm::Number(text.to_owned()));
    }
    let plain = match suffix {
        Some('f') => literal.as_float(body),
        Some(_) => literal.as_double(body),
        None => literal.as_shortest(body),
    };
    Ok(Some(format!("{sign}{plain}")))
}

/// An integer of any size: decimal, or octal with a leading zero.
fn whole(text: &str, sign: &str, digits: &str) -> Result<Option<String>, NoNormalForm> {
    match digits.strip_prefix('0') {
        Some("") => Ok(Some("0".to_owned())),
        Some(octal) => in_radix(text, sign, octal, 8),
        None => Ok(Some(format!("{sign}{digits}"))),
    }
}

fn in_radix(
    text: &str,
    sign: &str,
    digits: &str,
    radix: u32,
) -> Result<Option<String>, NoNormalForm> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Ok(None);
    }
    if digits.len() > RADIX_DIGITS_MAX {
        return Err(NoNormalForm::Number(text.to_owned()));
    }
    // Decimal digits, the lowest first.
    let mut decimal = vec![0_u8];
    for digit in digits.chars().filter_map(|digit| digit.to_digit(radix)) {
        let mut carry = digit;
        for place in &mut decimal {
            carry += u32::from(*place) * radix;
            *place = (carry % 10) as u8;
            carry /= 10;
        }
        while carry > 0 {
            decimal.push((carry % 10) as u8);
            carry /= 10;
        }
    }
    let number: String = decimal
        .iter()
        .rev()
        .map(|digit| char::from(b'0' + digit))
        .collect();
    let sign = if number == "0" { "" } else { sign };
    Ok(Some(format!("{sign}{number}")))
}

/// The parts of a decimal literal without sign and suffix.
struct Literal<'t> {
    integer: &'t str,
    fraction: &'t str,
    exponent: i64,
    /// Neither point nor exponent.
    is_whole: bool,
}

impl<'t> Literal<'t> {
    fn read(body: &'t str) -> Option<Self> {
        let (mantissa, exponent) = match body.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (body, None),
        };
        let (integer, fraction) = match mantissa.split_once('.') {
            Some((integer, fraction)) => (integer, Some(fraction)),
            None => (mantissa, None),
        };
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let has_digits = !integer.is_empty() || fraction.is_some_and(|digits| !digits.is_empty());
        if !has_digits || !all_digits(integer) || !all_digits(fraction.unwrap_or_default()) {
            return None;
        }
        let exponent_value = match exponent {
            None => 0,
            Some(text) => {
                let digits = text.strip_prefix('-').unwrap_or(text);
                if digits.is_empty() || !all_digits(digits) {
                    return None;
                }
                // Of absurd length: as good as any other number that is refused.
                text.parse().unwrap_or(i64::MAX)
            }
        };
        Some(Self {
            integer,
            fraction: fraction.unwrap_or_default(),
            exponent: exponent_value,
            is_whole: exponent.is_none() && fraction.is_none(),
        })
    }

    /// Marked as 32 bits wide; wider if it does not fit.
    fn as_float(&self, body: &str) -> String {
        match body.parse::<f32>() {
            Ok(value) if self.fits(value.is_infinite(), value == 0.0) => binary(value.into()),
            _ => self.as_double(body),
        }
    }

    fn as_double(&self, body: &str) -> String {
        match body.parse::<f64>() {
            Ok(value) if self.fits(value.is_infinite(), value == 0.0) => binary(value),
            _ => self.exact(),
        }
    }

    /// Not marked: 32 bits if that looks the same as 64, else 64 if that is exact, else as written.
    fn as_shortest(&self, body: &str) -> String {
        let (Ok(float), Ok(double)) = (body.parse::<f32>(), body.parse::<f64>()) else {
            return self.exact();
        };
        let looks_the_same = format!("{float:e}") == format!("{double:e}");
        if looks_the_same && self.fits(float.is_infinite(), float == 0.0) {
            return binary(float.into());
        }
        // Exact or not, the digits that are kept differ only where a double is rounded.
        if self.fits(double.is_infinite(), double == 0.0) && self.is_exactly(double) {
            return binary(double);
        }
        self.exact()
    }

    /// Neither too large, nor so small that only zero is left of it.
    fn fits(&self, is_infinite: bool, is_zero: bool) -> bool {
        let looks_zero = self.integer.bytes().all(|digit| digit == b'0');
        !is_infinite && (!is_zero || (looks_zero && self.exponent == 0))
    }

    /// True when the shortest digits of the double are the digits as written.
    fn is_exactly(&self, double: f64) -> bool {
        let shortest = format!("{double:e}");
        let Some(other) = Literal::read(&shortest) else {
            return false;
        };
        self.significant() == other.significant()
    }

    /// Digits without zeros around them, and the power of ten of the last one.
    fn significant(&self) -> (String, i64) {
        let digits = format!("{}{}", self.integer, self.fraction);
        let digits = digits.trim_start_matches('0');
        let kept = digits.trim_end_matches('0');
        if kept.is_empty() {
            return (String::new(), 0);
        }
        let dropped = digits.len() - kept.len();
        let power = self.exponent - length(self.fraction) + i64::try_from(dropped).unwrap_or(0);
        (kept.to_owned(), power)
    }

    /// The decimal digits themselves, rounded half to even.
    fn exact(&self) -> String {
        let (digits, power) = self.significant();
        if power >= -3 {
            return place(&digits, power);
        }
        let cut = length(&digits) + power + 3;
        let Ok(cut) = usize::try_from(cut) else {
            return "0".to_owned();
        };
        let (kept, dropped) = digits.split_at(cut.min(digits.len()));
        let half = dropped.starts_with('5') && dropped[1..].bytes().all(|digit| digit == b'0');
        let is_odd = kept.bytes().last().is_some_and(|digit| digit % 2 == 1);
        let rounds_up = if half { is_odd } else { dropped >= "5" };
        let kept = if rounds_up {
            plus_one(kept)
        } else {
            kept.to_owned()
        };
        place(kept.trim_start_matches('0'), -3)
    }
}

/// A binary value: its shortest digits if three behind the point are enough for them, else itself, rounded.
fn binary(value: f64) -> String {
    let shortest = format!("{value:e}");
    let Some(literal) = Literal::read(&shortest) else {
        return shortest;
    };
    let (digits, power) = literal.significant();
    if power >= -3 {
        return place(&digits, power);
    }
    let rounded = format!("{value:.3}");
    rounded
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

fn plus_one(digits: &str) -> String {
    let mut bytes = digits.as_bytes().to_vec();
    for digit in bytes.iter_mut().rev() {
        if *digit == b'9' {
            *digit = b'0';
        } else {
            *digit += 1;
            return String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    format!("1{}", String::from_utf8_lossy(&bytes))
}

/// Digits times a power of ten, in plain notation.
fn place(digits: &str, power: i64) -> String {
    let digits = if power < 0 {
        digits
    } else {
        digits.trim_start_matches('0')
    };
    if digits.bytes().all(|digit| digit == b'0') {
        return "0".to_owned();
    }
    let Ok(behind) = usize::try_from(-power) else {
        return format!(
            "{digits}{}",
            "0".repeat(usize::try_from(power).unwrap_or(0))
        );
    };
    let padded = format!("{digits:0>width$}", width = behind + 1);
    let (integer, fraction) = padded.split_at(padded.len() - behind);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        integer.to_owned()
    } else {
        format!("{integer}.{fraction}")
    }
}

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}
