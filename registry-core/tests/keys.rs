//! What the registry decides about keys for the fields of records, on a real store in a temporary folder. Expected
//! results are those of `dek-registry.md`; the numbers in brackets are its pinned cases (section 8).

mod keys {
    mod fixture;
    mod life;
    mod wrapping;
}
