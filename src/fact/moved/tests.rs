//! Migrations in the states a move passes through.
