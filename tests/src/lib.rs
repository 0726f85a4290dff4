//! Starts the real server for the tests.
