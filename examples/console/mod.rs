//! Prints the error of an example, and determines its exit code.

use std::error::Error;
use std::io;
use std::process::ExitCode;

/// Returns the exit code, and prints an error. A closed pipe is not an error: a reader such as `head` may not read all output.
pub fn exit_code(result: Result<(), Box<dyn Error>>) -> ExitCode {
    let is_closed_pipe = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    match result {
        Err(error) if !error.downcast_ref().is_some_and(is_closed_pipe) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
