//! That every setting can be given in every way, and settings for the tests of others.

use clap::{Args, FromArgMatches};

use super::Options;

/// The options that these flags lead to.
pub(crate) fn options(flags: &[&str]) -> Options {
    let command = Options::augment_args(clap::Command::new("concord"));
    let arguments = std::iter::once("concord").chain(flags.iter().copied());
    let matches = command
        .try_get_matches_from(arguments)
        .expect("valid flags");
    Options::from_arg_matches(&matches).expect("complete options")
}

#[test]
fn every_option_has_a_flag_and_an_environment_variable_of_one_name() {
    for argument in Options::augment_args(clap::Command::new("concord")).get_arguments() {
        let flag = argument.get_long().expect("a flag");
        let variable = argument
            .get_env()
            .expect("a variable")
            .to_str()
            .expect("ASCII");
        assert_eq!(
            variable,
            format!("CONCORD_{}", flag.to_uppercase().replace('-', "_"))
        );
        assert!(argument.get_help().is_some(), "{flag} is explained");
    }
}
