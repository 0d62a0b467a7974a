//! `RUSTC_BOOTSTRAP=1 cargo fuzz run same_by_both`

#![no_main]

#[path = "../bodies.rs"]
#[allow(dead_code)]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    bodies::same_by_both(data);
});
