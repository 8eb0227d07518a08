//! Which variables count as given: an empty one does not. Files for containers pass on `NAME=${NAME:-}`, and `jotward
//! config` prints every setting there is.

use clap::Command;
use clap::builder::Resettable;

/// For which empty means something: there is no such claim.
const EMPTY_IS_A_VALUE: [&str; 1] = ["JOTWARD_TOKEN_TYPE_CLAIM"];

/// The command, which does not see variables that are empty.
#[must_use]
pub fn without_empty_variables(command: Command) -> Command {
    command.mut_args(|arg| {
        let name = arg.get_env().and_then(|name| name.to_str());
        let is_empty = name.is_some_and(|name| {
            !EMPTY_IS_A_VALUE.contains(&name)
                && std::env::var_os(name).is_some_and(|value| value.is_empty())
        });
        if is_empty {
            arg.env(Resettable::Reset)
        } else {
            arg
        }
    })
}
