//! A newly built site reaches a release binary.
fn main() {
    println!("cargo:rerun-if-changed=../target/site");
}
