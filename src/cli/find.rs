//! `callboard find`: rows of entities.

use clap::Args as ClapArgs;

use super::args::FilterArgs;
use super::ask::{AskArgs, ask};
use super::grid::{self, Format, Grid};
use super::output::{self, Usage};
use crate::shotgun::{Find, Order, Rows, Value};

#[derive(Clone, Debug, ClapArgs)]
#[command(after_help = "\
Example:
  callboard find Shot --filter 'sg_status_list is ip' --fields code,sg_cut_in --order -code")]
pub(super) struct FindArgs {
    /// What to find, such as Shot
    #[arg(value_name = "TYPE")]
    entity_type: String,
    #[command(flatten)]
    filter: FilterArgs,
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        help = "Fields, separated by commas; fields of linked entities as in sg_sequence.Sequence.code [default: code]"
    )]
    fields: Vec<String>,
    /// Fields to sort by, separated by commas; -FIELD for largest first
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    order: Vec<String>,
    /// At most so many rows
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// How to print them
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    ask: AskArgs,
}

pub(super) fn run(args: &FindArgs) -> anyhow::Result<()> {
    let find = question(args)?;
    let rows = ask(&args.ask, |client| Ok(client.find_all(&find)?))?;
    point_out_unknown(&rows, &args.fields);
    grid::print(args.format, &rows, || grid(&rows, &fields(args)))?;
    if args.format == Format::Table {
        let plural = if rows.len() == 1 { "" } else { "s" };
        output::note(format!("{} row{plural}", rows.len()));
    }
    Ok(())
}

/// A site says nothing of fields that it does not know: it leaves them out.
fn point_out_unknown(rows: &Rows, asked: &[String]) {
    for field in asked {
        if !rows.is_empty() && rows.iter().all(|row| row.get(field).is_none()) {
            output::note(format!(
                "No row has a field called `{field}`. Check its spelling."
            ));
        }
    }
}

fn question(args: &FindArgs) -> Result<Find, Usage> {
    let mut find = Find::new(args.entity_type.as_str())
        .filters(args.filter.filters()?)
        .fields(fields(args));
    for field in &args.order {
        find = find.order(
            field
                .strip_prefix('-')
                .map_or_else(|| Order::ascending(field.as_str()), Order::descending),
        );
    }
    Ok(args.limit.map_or(find.clone(), |limit| find.limit(limit)))
}

/// The fields asked for, or the one that nearly every type has.
fn fields(args: &FindArgs) -> Vec<&str> {
    if args.fields.is_empty() {
        vec!["code"]
    } else {
        args.fields.iter().map(String::as_str).collect()
    }
}

/// Type, id and the fields.
fn grid(rows: &Rows, fields: &[&str]) -> Grid {
    let mut grid = Grid::new(["type", "id"].iter().chain(fields).copied());
    for row in rows {
        let names = [row.entity_type().to_string(), row.id().to_string()];
        let cells = fields
            .iter()
            .map(|field| row.get(field).map(Value::to_string).unwrap_or_default());
        grid.push(names.into_iter().chain(cells));
    }
    grid
}
