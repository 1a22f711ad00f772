//! Who may use the sandbox, as people type them.

/// `NAME:SECRET`, split only later: clap would repeat a value that it cannot use, and this one holds a secret.
#[derive(Clone)]
pub(super) struct Account(String);

impl From<String> for Account {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Account(hidden)")
    }
}

impl Account {
    /// Name and secret. The secret may hold colons.
    pub(super) fn pair(&self) -> Option<(String, String)> {
        let (name, secret) = self.0.split_once(':')?;
        let complete = !name.is_empty() && !secret.is_empty();
        complete.then(|| (name.to_owned(), secret.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_a_name_and_a_secret_and_hides_both() {
        let pair = |text: &str| Account(text.to_owned()).pair();
        assert_eq!(
            pair("name:a:b"),
            Some(("name".to_owned(), "a:b".to_owned()))
        );
        for wrong in ["", "name", "name:", ":secret"] {
            assert_eq!(pair(wrong), None, "{wrong}");
        }
        let shown = format!("{:?}", Account("name:topsecret".to_owned()));
        assert!(!shown.contains("topsecret"), "{shown}");
    }
}
