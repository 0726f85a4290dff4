//! The one test binary: everything that needs the real server, or looks at the whole repository.

mod access;
mod clients;
mod conversations;
mod cost;
mod crash;
mod deployment;
mod following;
mod governance;
mod harness;
mod lifecycle;
mod limits;
mod lint;
mod managers;
mod monitoring;
mod openapi;
mod opening;
mod page;
mod policies;
mod policy_server;
mod tidy;
mod tour;
mod upgrade;
mod walkthroughs;
