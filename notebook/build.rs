//! New and changed migrations reach the binary.
fn main() {
    println!("cargo:rerun-if-changed=../migrations");
}
