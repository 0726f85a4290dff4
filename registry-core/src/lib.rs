//! State: what is registered, who may change it, how it is stored.
