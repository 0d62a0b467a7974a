//! `RUSTC_BOOTSTRAP=1 cargo fuzz run same_when_passed_over`

#![no_main]

#[path = "../bodies.rs"]
#[allow(dead_code)]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    bodies::same_when_passed_over(data);
});
