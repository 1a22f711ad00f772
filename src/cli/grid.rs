//! Results as rows of text, and how they are printed.

use clap::ValueEnum;
use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::output;

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Aligned columns
    Table,
    /// JSON, for scripts
    Json,
    /// A header and a line for each row
    Csv,
}

/// A header, and rows with a cell for each of its columns.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Grid {
    rows: Vec<Vec<String>>,
}

/// Prints an answer: as JSON whatever it is, else the grid made of it.
pub(super) fn print(
    format: Format,
    answer: &impl Serialize,
    grid: impl FnOnce() -> Grid,
) -> anyhow::Result<()> {
    let lines = match format {
        Format::Json => vec![serde_json::to_string_pretty(answer)?],
        Format::Csv => grid().csv(),
        Format::Table => grid().table(),
    };
    for line in lines {
        output::line(line)?;
    }
    Ok(())
}

impl Grid {
    pub(super) fn new<H: Into<String>>(header: impl IntoIterator<Item = H>) -> Self {
        Self {
            rows: vec![header.into_iter().map(Into::into).collect()],
        }
    }

    pub(super) fn push<C: Into<String>>(&mut self, row: impl IntoIterator<Item = C>) {
        self.rows.push(row.into_iter().map(Into::into).collect());
    }

    /// Columns two blanks apart; those of numbers to the right.
    fn table(&self) -> Vec<String> {
        let rows: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| one_line(cell)).collect())
            .collect();
        let columns = rows.first().map_or(0, Vec::len);
        let layout: Vec<(usize, bool)> = (0..columns)
            .map(|column| (width(&rows, column), is_numeric(&rows, column)))
            .collect();
        rows.iter()
            .map(|row| {
                let cells: Vec<String> = row
                    .iter()
                    .zip(&layout)
                    .map(|(cell, (width, right))| padded(cell, *width, *right))
                    .collect();
                cells.join("  ").trim_end().to_owned()
            })
            .collect()
    }

    fn csv(&self) -> Vec<String> {
        self.rows
            .iter()
            .map(|row| {
                let cells: Vec<String> = row.iter().map(|cell| csv_cell(cell)).collect();
                cells.join(",")
            })
            .collect()
    }
}

/// Without what would end the line, or speak to the terminal.
fn one_line(cell: &str) -> String {
    cell.replace(char::is_control, " ")
}

/// Terminal columns, in which an ideograph takes two.
fn width(rows: &[Vec<String>], column: usize) -> usize {
    let widths = rows.iter().map(|row| row[column].width());
    widths.max().unwrap_or(0)
}

fn is_numeric(rows: &[Vec<String>], column: usize) -> bool {
    let mut filled = rows[1..]
        .iter()
        .map(|row| row[column].as_str())
        .filter(|cell| !cell.is_empty())
        .peekable();
    // Not so `inf` and `nan`, which `parse` would take for numbers as well.
    let number = |cell: &str| {
        cell.ends_with(|last: char| last.is_ascii_digit()) && cell.parse::<f64>().is_ok()
    };
    filled.peek().is_some() && filled.all(number)
}

fn padded(cell: &str, width: usize, right: bool) -> String {
    let blanks = " ".repeat(width.saturating_sub(cell.width()));
    if right {
        blanks + cell
    } else {
        cell.to_owned() + &blanks
    }
}

/// Quoted where RFC 4180 wants it.
fn csv_cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: &[[&str; 2]]) -> Grid {
        let mut grid = Grid::new(["name", "count"]);
        for row in rows {
            grid.push(*row);
        }
        grid
    }

    #[test]
    fn cells_that_would_be_misread_are_quoted() {
        let csv = grid(&[["plain", "a, \"b\""], ["two\nlines", ""]]).csv();
        assert_eq!(
            csv,
            ["name,count", "plain,\"a, \"\"b\"\"\"", "\"two\nlines\","]
        );
    }

    #[test]
    fn columns_of_numbers_are_to_the_right_and_all_others_to_the_left() {
        let numbers = grid(&[["a", "-7"], ["long one", "1024.5"], ["", ""]]);
        assert_eq!(
            numbers.table(),
            [
                "name       count",
                "a             -7",
                "long one  1024.5",
                ""
            ]
        );
        for word in ["inf", "NaN", "1a", "-"] {
            let words = grid(&[["a", "1"], ["b", word]]).table();
            assert_eq!(words[1], "a     1", "{word}");
        }
    }

    #[test]
    fn characters_take_the_room_that_a_terminal_gives_them() {
        let wide = grid(&[["月", "x"], ["e\u{301}", "x"], ["ab", "x"]]);
        assert_eq!(wide.table()[1..], ["月    x", "e\u{301}     x", "ab    x"]);
    }

    #[test]
    fn nothing_in_a_cell_speaks_to_the_terminal() {
        let table = grid(&[["a\nb\u{1b}[2J", "x"]]).table();
        assert_eq!(table[1], "a b [2J  x");
    }

    #[test]
    fn a_grid_without_rows_is_its_header() {
        assert_eq!(grid(&[]).table(), ["name  count"]);
        assert_eq!(grid(&[]).csv(), ["name,count"]);
    }
}
