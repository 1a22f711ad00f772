//! The two versions of the code, as the page shows them.

/// A stretch of a source file that is part of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The lines, without the indentation they share.
    pub lines: Vec<String>,
    /// Lines, counted from 0, that the other version does not have.
    pub added: Vec<usize>,
}

/// The blocking version and the offloaded one, from the files that run.
pub fn snippets() -> (Snippet, Snippet) {
    let blocking = shown(include_str!("blocking.rs"));
    let offloaded = shown(include_str!("offloaded.rs"));
    let added = (0..offloaded.len())
        .filter(|&line| !blocking.contains(&offloaded[line]))
        .collect();
    (
        Snippet {
            lines: blocking,
            added: Vec::new(),
        },
        Snippet {
            lines: offloaded,
            added,
        },
    )
}

fn shown(source: &str) -> Vec<String> {
    source
        .lines()
        .skip_while(|line| !line.contains("// the Compare page shows from here"))
        .skip(1)
        .take_while(|line| !line.contains("// to here"))
        .map(|line| {
            line.strip_prefix("    ")
                .unwrap_or(line)
                .replace("pub(super) ", "")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offloaded_version_is_at_most_five_lines_longer() {
        let (blocking, offloaded) = snippets();
        let count =
            |snippet: &Snippet| snippet.lines.iter().filter(|line| !line.is_empty()).count();
        assert!(count(&blocking) >= 3, "{blocking:?}");
        assert!(
            count(&offloaded) <= count(&blocking) + 5,
            "{} and {} lines",
            count(&blocking),
            count(&offloaded)
        );
    }

    #[test]
    fn what_the_offloaded_version_adds_is_marked() {
        let (_, offloaded) = snippets();
        assert!(
            offloaded
                .added
                .iter()
                .any(|&line| offloaded.lines[line].contains("self.pool.run"))
        );
    }
}
