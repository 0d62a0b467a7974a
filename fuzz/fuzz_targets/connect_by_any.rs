//! `RUSTC_BOOTSTRAP=1 cargo fuzz run connect_by_any`

#![no_main]

#[path = "../bodies.rs"]
#[allow(dead_code)]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::connect_by_any(data));
