//! Tells that the document moved, and what that means.

fn main() {}
