//! One number, date or status about many rows.

use serde_json::{Value as Json, json};

use super::refused;
use crate::sandbox::error::Fault;
use crate::sandbox::query::{Filter, OneOf, Operand, Path, Reached, Test};
use crate::sandbox::schema::{DataType, Family};
use crate::sandbox::store::{Row, Store};

/// Every type a summary can have.
const TYPES: [&str; 14] = [
    "record_count",
    "count",
    "sum",
    "maximum",
    "minimum",
    "average",
    "earliest",
    "latest",
    "percentage",
    "status_percentage",
    "status_percentage_as_float",
    "status_list",
    "checked",
    "unchecked",
];
/// What rows of different statuses come to together.
const MIXED: &str = "ip";
/// What rows without any status come to.
const NO_STATUS: &str = "na";

/// What to work out.
#[derive(Debug)]
pub(super) enum Summary {
    /// How many rows pass.
    Count(Filter),
    /// How many rows of a hundred pass, as a whole number.
    Percent(Filter),
    /// The same with its fraction.
    ExactPercent(Filter),
    /// Of all numbers at the path's end; the flag says that they are whole.
    Numbers(Figure, Path, bool),
    /// The first date at the path's end.
    Earliest(Path),
    /// The last date at the path's end.
    Latest(Path),
    /// The one status of all rows.
    StatusList(Path),
}

/// What many numbers come to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Figure {
    Sum,
    Maximum,
    Minimum,
    Average,
}

impl Summary {
    /// Reads an item of `summaries` whose field is at the end of `path`.
    pub(super) fn parse(store: &Store, path: Path, item: &Json) -> Result<Self, Fault> {
        let data_type = store.schema().field(path.kind, path.field).data_type;
        let sort = item["type"].as_str().unwrap_or_default();
        let figure = match sort {
            "sum" => Some(Figure::Sum),
            "maximum" => Some(Figure::Maximum),
            "minimum" => Some(Figure::Minimum),
            "average" => Some(Figure::Average),
            _other => None,
        };
        Ok(match (sort, data_type.family()) {
            ("record_count", _) => Self::Count(Filter::All(Vec::new())),
            ("count", _) => Self::Count(equals(path, Operand::Null, true)),
            (_, Family::Number) if figure.is_some() => {
                let whole = !matches!(data_type, DataType::Float | DataType::Currency);
                Self::Numbers(figure.unwrap_or(Figure::Sum), path, whole)
            }
            ("earliest", Family::Date | Family::DateTime) => Self::Earliest(path),
            ("latest", Family::Date | Family::DateTime) => Self::Latest(path),
            ("percentage", Family::Flag) => Self::Percent(equals(path, Operand::Flag(true), false)),
            ("checked", Family::Flag) => Self::Count(equals(path, Operand::Flag(true), false)),
            ("unchecked", Family::Flag) => Self::Count(equals(path, Operand::Flag(false), false)),
            ("status_list", _) if data_type == DataType::StatusList => Self::StatusList(path),
            ("status_percentage", _) if data_type == DataType::StatusList => {
                Self::Percent(status(path, item))
            }
            ("status_percentage_as_float", _) if data_type == DataType::StatusList => {
                Self::ExactPercent(status(path, item))
            }
            _unfit => return Err(refused(store, &path, &TYPES, &item["type"])),
        })
    }

    /// What the rows come to.
    pub(super) fn of(&self, store: &Store, rows: &[&Row]) -> Json {
        let passing = |filter: &Filter| {
            let rows = rows.iter().filter(|row| filter.matches(store, row));
            rows.count()
        };
        let percent = |filter| passing(filter) as f64 * 100.0 / rows.len().max(1) as f64;
        match self {
            Self::Count(filter) => passing(filter).into(),
            Self::Percent(filter) => whole(percent(filter).round()),
            Self::ExactPercent(filter) => percent(filter).into(),
            Self::Numbers(figure, path, are_whole) => {
                let numbers = numbers(store, rows, path);
                figure.of(numbers, *are_whole)
            }
            Self::Earliest(path) => texts(store, rows, path).min().into(),
            Self::Latest(path) => texts(store, rows, path).max().into(),
            Self::StatusList(path) => {
                let mut statuses = texts(store, rows, path);
                let first = statuses.next();
                let all_alike = statuses.all(|status| Some(&status) == first.as_ref());
                let shown = first.as_deref().unwrap_or(NO_STATUS);
                json!(if all_alike { shown } else { MIXED })
            }
        }
    }
}

impl Figure {
    /// Of no numbers at all, the sum is 0 and there is no other figure.
    fn of(self, numbers: impl Iterator<Item = f64>, are_whole: bool) -> Json {
        let number = |number| {
            if are_whole {
                whole(number)
            } else {
                number.into()
            }
        };
        match self {
            Self::Sum => number(numbers.fold(0.0, |sum, next| sum + next)),
            Self::Maximum => numbers.reduce(f64::max).map(number).into(),
            Self::Minimum => numbers.reduce(f64::min).map(number).into(),
            Self::Average => {
                let (count, sum) =
                    numbers.fold((0.0, 0.0), |(count, sum), next| (count + 1.0, sum + next));
                (count > 0.0).then(|| sum / count).into()
            }
        }
    }
}

fn equals(path: Path, operand: Operand, negated: bool) -> Filter {
    Filter::Field {
        path,
        test: Test::Is(OneOf::new([operand])),
        negated,
    }
}

/// The rows with the status to count. A live site knows none where none is named, and says 0.
fn status(path: Path, item: &Json) -> Filter {
    let status = item["value"].as_str();
    status.map_or(Filter::Nothing, |status| {
        equals(path, Operand::Text(status.to_lowercase()), false)
    })
}

fn whole(number: f64) -> Json {
    (number as i64).into()
}

fn numbers<'a>(
    store: &'a Store,
    rows: &'a [&'a Row],
    path: &'a Path,
) -> impl Iterator<Item = f64> + 'a {
    let rows = rows.iter().filter_map(|row| end(store, row, path));
    rows.filter_map(|row| path.value(store, row).as_number())
}

fn texts<'a>(
    store: &'a Store,
    rows: &'a [&'a Row],
    path: &'a Path,
) -> impl Iterator<Item = String> + 'a {
    let rows = rows.iter().filter_map(|row| end(store, row, path));
    rows.filter_map(|row| path.value(store, row).as_text().map(str::to_owned))
}

/// The one row at the path's end.
fn end<'a>(store: &'a Store, row: &'a Row, path: &Path) -> Option<&'a Row> {
    if let Reached::Row(row) = path.reach(store, row) {
        Some(row)
    } else {
        None
    }
}
