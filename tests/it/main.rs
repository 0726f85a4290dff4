//! The one test binary: everything that needs the real server, or looks at the whole repository.

mod access;
mod clients;
mod conversations;
mod cost;
mod crash;
mod deployment;
mod following;
mod harness;
mod lifecycle;
mod limits;
mod monitoring;
mod opening;
mod policies;
mod readme;
mod tidy;
mod walkthroughs;
