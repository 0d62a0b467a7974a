//! Living clusters in the states a move passes through.
