//! The Protobuf wire format, as far as descriptors need it.
//!
//! Nothing that a length claims is believed before the bytes are there, and nothing is copied.

/// The bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// One field on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Payload<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
    /// A fixed-width number or a group: no field of a descriptor that is kept has one.
    Other,
}

/// The fields of one message in the order in which they stand there.
#[derive(Debug, Default)]
pub(crate) struct Record<'a> {
    fields: Vec<(u32, Payload<'a>)>,
}

/// How deep unknown groups may nest.
const GROUPS_MAX: u32 = 100;

impl<'a> Record<'a> {
    /// Reads a message.
    ///
    /// # Errors
    /// [`Malformed`] where a tag, a length or a number does not hold.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut record = Self::default();
        record.merge(bytes)?;
        Ok(record)
    }

    /// Adds the fields of further bytes: a message that occurs twice is one message.
    fn merge(&mut self, bytes: &'a [u8]) -> Result<(), Malformed> {
        let mut reader = Reader { bytes };
        while !reader.bytes.is_empty() {
            let field = reader.field()?;
            self.fields.push(field);
        }
        Ok(())
    }

    fn all(&self, number: u32) -> impl Iterator<Item = Payload<'a>> {
        self.fields
            .iter()
            .filter(move |(other, _)| *other == number)
            .map(|(_, payload)| *payload)
    }

    /// True when no other field than this one occurs.
    pub(crate) fn has_only(&self, number: u32) -> bool {
        self.fields.iter().all(|(other, _)| *other == number)
    }

    pub(crate) fn varint(&self, number: u32) -> Option<u64> {
        self.varints(number).last()
    }

    pub(crate) fn varints(&self, number: u32) -> impl Iterator<Item = u64> {
        self.all(number).filter_map(|payload| match payload {
            Payload::Varint(value) => Some(value),
            _ => None,
        })
    }

    /// The values of a repeated number, whether packed or not.
    ///
    /// # Errors
    /// [`Malformed`] when a packed list ends inside a number.
    pub(crate) fn packed(&self, number: u32) -> Result<Vec<u64>, Malformed> {
        let mut values = Vec::new();
        for payload in self.all(number) {
            match payload {
                Payload::Varint(value) => values.push(value),
                Payload::Bytes(bytes) => {
                    let mut reader = Reader { bytes };
                    while !reader.bytes.is_empty() {
                        values.push(reader.varint()?);
                    }
                }
                Payload::Other => {}
            }
        }
        Ok(values)
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a 32-bit field takes the low bits, as every reader of the format does"
    )]
    pub(crate) fn int(&self, number: u32) -> Option<i32> {
        self.varint(number).map(|value| value as i32)
    }

    pub(crate) fn flag(&self, number: u32) -> Option<bool> {
        self.varint(number).map(|value| value != 0)
    }

    pub(crate) fn bytes(&self, number: u32) -> impl Iterator<Item = &'a [u8]> {
        self.all(number).filter_map(|payload| match payload {
            Payload::Bytes(bytes) => Some(bytes),
            _ => None,
        })
    }

    /// The last text of that number.
    ///
    /// # Errors
    /// [`Malformed`] when it is no UTF-8.
    pub(crate) fn text(&self, number: u32) -> Result<Option<String>, Malformed> {
        self.bytes(number).last().map(utf8).transpose()
    }

    pub(crate) fn texts(&self, number: u32) -> Result<Vec<String>, Malformed> {
        self.bytes(number).map(utf8).collect()
    }

    /// Each message of that number.
    pub(crate) fn records(&self, number: u32) -> Result<Vec<Self>, Malformed> {
        self.bytes(number).map(Record::read).collect()
    }

    /// The message of that number, merged when it occurs more than once.
    pub(crate) fn record(&self, number: u32) -> Result<Option<Self>, Malformed> {
        let mut merged = None;
        for bytes in self.bytes(number) {
            merged.get_or_insert_with(Self::default).merge(bytes)?;
        }
        Ok(merged)
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Malformed> {
    let text = std::str::from_utf8(bytes).map_err(|_| Malformed)?;
    Ok(text.to_owned())
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn field(&mut self) -> Result<(u32, Payload<'a>), Malformed> {
        let (number, kind) = self.tag()?;
        let payload = match kind {
            0 => Payload::Varint(self.varint()?),
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| Malformed)?;
                Payload::Bytes(self.take(length)?)
            }
            _ => {
                self.skip(number, kind)?;
                Payload::Other
            }
        };
        Ok((number, payload))
    }

    fn tag(&mut self) -> Result<(u32, u32), Malformed> {
        let tag = u32::try_from(self.varint()?).map_err(|_| Malformed)?;
        let number = tag >> 3;
        if number == 0 {
            return Err(Malformed);
        }
        Ok((number, tag & 7))
    }

    fn skip(&mut self, number: u32, kind: u32) -> Result<(), Malformed> {
        match kind {
            1 => drop(self.take(8)?),
            5 => drop(self.take(4)?),
            3 => self.skip_group(number)?,
            _ => return Err(Malformed),
        }
        Ok(())
    }

    fn skip_group(&mut self, number: u32) -> Result<(), Malformed> {
        let mut open = vec![number];
        while let Some(innermost) = open.last() {
            let (number, kind) = self.tag()?;
            match kind {
                0 => drop(self.varint()?),
                2 => {
                    let length = usize::try_from(self.varint()?).map_err(|_| Malformed)?;
                    self.take(length)?;
                }
                3 if open.len() < GROUPS_MAX as usize => open.push(number),
                4 if *innermost == number => drop(open.pop()),
                1 => drop(self.take(8)?),
                5 => drop(self.take(4)?),
                _ => return Err(Malformed),
            }
        }
        Ok(())
    }

    fn varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.take(1)?[0];
            // The tenth byte has room for one bit; what is beyond is dropped, as every reader does.
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Malformed)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or(Malformed)?;
        self.bytes = rest;
        Ok(taken)
    }
}
/// Writes messages.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn text(&mut self, number: u32, text: &str) {
        self.bytes(number, text.as_bytes());
    }

    pub(crate) fn bytes(&mut self, number: u32, bytes: &[u8]) {
        self.raw(u64::from(number << 3 | 2));
        self.raw(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    /// A nested message.
    pub(crate) fn message(&mut self, number: u32, write: impl FnOnce(&mut Self)) {
        let mut nested = Self::default();
        write(&mut nested);
        self.bytes(number, &nested.bytes);
    }

    pub(crate) fn flag(&mut self, number: u32, value: bool) {
        self.varint(number, u64::from(value));
    }

    #[expect(
        clippy::cast_sign_loss,
        reason = "a negative number is written as its 64-bit two's complement"
    )]
    pub(crate) fn int(&mut self, number: u32, value: i32) {
        self.varint(number, i64::from(value) as u64);
    }

    pub(crate) fn varint(&mut self, number: u32, value: u64) {
        self.raw(u64::from(number << 3));
        self.raw(value);
    }

    fn raw(&mut self, mut value: u64) {
        while value > 0x7f {
            self.bytes.push(value.to_le_bytes()[0] | 0x80);
            value >>= 7;
        }
        self.bytes.push(value.to_le_bytes()[0]);
    }
}
