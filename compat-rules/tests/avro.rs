//! Avro, seen from outside: what no golden table holds.

mod avro {
    pub(crate) mod ask;
    mod differences;
    mod hostile;
    mod places;
    mod reading;
    mod tags;
}
