//! The `pgo-preflight` program: everything is in the library.

/// A run makes and drops some ten thousand small texts for each megabyte it reads; those of musl, which the static binaries
/// are linked with, all wait for one lock.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    pgo_preflight::cli::run()
}
