//! The `pgo-preflight` program: everything is in the library.

fn main() -> std::process::ExitCode {
    pgo_preflight::cli::run()
}
