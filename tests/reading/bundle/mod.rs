//! Archives: what is written is read back as it was, other people's layouts are understood, and a hostile archive
//! costs nothing and hides nothing.

mod hostile;
mod layouts;
mod making;
mod roads;
mod round_trip;
