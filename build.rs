//! Placeholder until the rules are embedded.
fn main() {
    println!("cargo:rerun-if-changed=rules");
}
