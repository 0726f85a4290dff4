//! Conversation: HTTP, the command line, metrics.
