//! What an upgrade meets, as facts.
