//! Reports in the XML format of JUnit, for CI servers that show test results.

use quick_junit::{NonSuccessKind, Report as TestReport, TestCase, TestCaseStatus, TestSuite};

use super::report::{Report, describe_location};
use super::rules::rules;
use super::{Change, Verdict};

/// Returns a report as a test suite. Each change is a test case, which fails if its verdict is `fail_on` or worse. Without changes, there
/// is one test case, which succeeds.
///
/// # Errors
/// Fails like [`rules`].
pub fn junit(report: &Report, fail_on: Verdict) -> Result<String, String> {
    let rules = rules()?;
    let help = |id: &str| rules.iter().find(|rule| rule.id == id).map(|rule| rule.help()).unwrap_or_default();
    let mut suite = TestSuite::new("spec-drift");
    if report.changes.is_empty() {
        suite.add_test_case(TestCase::new("no change", TestCaseStatus::success()));
    }
    suite.add_test_cases(report.changes.iter().map(|change| test_case(change, fail_on, &help(&change.rule))));
    let mut tests = TestReport::new("spec-drift");
    tests.add_test_suite(suite);
    tests.to_string().map_err(|error| error.to_string())
}

fn test_case(change: &Change, fail_on: Verdict, help: &str) -> TestCase {
    let name = match describe_location(change) {
        location if location.is_empty() => change.rule.clone(),
        location => format!("{}: {location}", change.rule),
    };
    let is_failure = change.verdict() >= fail_on;
    let status = if is_failure {
        let mut failure = TestCaseStatus::non_success(NonSuccessKind::Failure);
        failure.set_message(change.message.as_str()).set_type(change.verdict().to_string()).set_description(help);
        failure
    } else {
        TestCaseStatus::success()
    };
    let mut case = TestCase::new(name, status);
    case.set_classname(change.rule.as_str());
    if !is_failure {
        case.set_system_out(format!("{}\n{help}", change.message));
    }
    case
}
