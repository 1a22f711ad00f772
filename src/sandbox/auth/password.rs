//! Passwords and keys as they are kept: a salted SHA-256 each.
//!
//! A slow hash such as Argon2 is made for tables that get stolen. These rows never leave this machine, no export has them, and the
//! protocol carries the password in every call: tens of milliseconds for each would drown what the sandbox is there to
//! show.

use sha2::{Digest as _, Sha256};

/// How many random characters make two equal passwords look different.
const SALT_LENGTH: usize = 16;

/// What to keep of a password.
pub fn hash(password: &str) -> String {
    let salt: String = std::iter::repeat_with(fastrand::alphanumeric)
        .take(SALT_LENGTH)
        .collect();
    salted(&salt, password)
}

/// Whether `password` is the one that `kept` was made of.
pub fn matches(kept: &str, password: &str) -> bool {
    kept.split_once('$')
        .is_some_and(|(salt, _)| salted(salt, password) == kept)
}

/// What to keep of a secret that nobody can guess, or that is of no use any more: no salt, so that it can be looked up.
pub fn digest(parts: &[&str]) -> String {
    let hash = parts.iter().fold(Sha256::new(), Sha256::chain_update);
    let hash = hash.finalize();
    let hex: Vec<String> = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.concat()
}

fn salted(salt: &str, password: &str) -> String {
    format!("{salt}${}", digest(&[salt, password]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_itself_matches() {
        let kept = hash("her password");
        assert!(matches(&kept, "her password"));
        for other in ["", "her password ", "Her password", &kept] {
            assert!(!matches(&kept, other), "{other:?}");
        }
        assert!(!matches("", "") && !matches("her password", "her password"));
    }

    #[test]
    fn what_is_kept_neither_shows_the_password_nor_repeats_itself() {
        let kept = hash("secret");
        assert!(!kept.contains("secret"));
        assert_ne!(kept, hash("secret"));
        // SHA-256 of "abc", as FIPS 180 has it.
        assert_eq!(
            salted("a", "bc"),
            "a$ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
