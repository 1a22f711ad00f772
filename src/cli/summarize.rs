//! `callboard summarize`: counts, sums and the like, of all entities and group by group.

use std::collections::BTreeMap;

use clap::Args as ClapArgs;
use serde_json::{Map, Value as Json, json};

use super::args::FilterArgs;
use super::ask::{AskArgs, ask};
use super::grid::{self, Format, Grid};
use super::output::Usage;
use super::summary_text::{Asked, grouping};
use crate::shotgun::{FieldName, Group, Grouping, Summary, Value};

#[derive(Clone, Debug, ClapArgs)]
#[command(after_help = "\
Example:
  callboard summarize Shot --field id:count --group sg_sequence --group sg_status_list:exact:desc")]
pub(super) struct SummarizeArgs {
    /// What to summarize, such as Shot
    #[arg(value_name = "TYPE")]
    entity_type: String,
    #[arg(
        long = "field",
        value_name = "FIELD:SUMMARY",
        default_value = "id:count",
        help = "What to work out of a field, as in sg_cut_duration:sum; may be repeated"
    )]
    asked: Vec<Asked>,
    #[command(flatten)]
    filter: FilterArgs,
    #[arg(
        long,
        value_name = "FIELD[:TYPE[:DIRECTION]]",
        value_parser = grouping,
        help = "Divide them by a field, as in due_date:week:desc; repeat it to divide further [TYPE: exact, DIRECTION: asc]"
    )]
    group: Vec<Grouping>,
    /// How to print them
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    ask: AskArgs,
}

pub(super) fn run(args: &SummarizeArgs) -> anyhow::Result<()> {
    check(&args.asked)?;
    let filters = args.filter.filters()?;
    let asked: Vec<(&str, &str)> = args.asked.iter().map(Asked::pair).collect();
    let summary = ask(&args.ask, |client| {
        Ok(client.summarize(&args.entity_type, &filters, &asked, &args.group)?)
    })?;
    grid::print(args.format, &nested(&summary), || {
        let mut lines = Lines::new(args);
        lines.add_groups(&summary.groups, &mut Vec::new());
        // In a table for people. A program that adds up a column would count everything twice.
        if args.group.is_empty() || args.format == Format::Table {
            lines.add(&["Total"], &summary.summaries);
        }
        lines.grid
    })
}

/// A site works out one thing of each field: the last one asked for.
fn check(asked: &[Asked]) -> Result<(), Usage> {
    for (index, one) in asked.iter().enumerate() {
        let (field, _) = one.pair();
        if asked[..index].iter().any(|other| other.pair().0 == field) {
            return Err(Usage(format!(
                "`{field}` is asked for twice, but a site works out only one summary of a field at a time: run it twice."
            )));
        }
    }
    Ok(())
}

/// By field.
type Summaries = BTreeMap<FieldName, Value>;

/// One line for each innermost group: a column for each grouping, then one for each summary.
struct Lines<'a> {
    args: &'a SummarizeArgs,
    grid: Grid,
}

impl<'a> Lines<'a> {
    fn new(args: &'a SummarizeArgs) -> Self {
        let groupings = args.group.iter().map(|grouping| grouping.field.to_string());
        let summaries = args.asked.iter().map(Asked::to_string);
        Self {
            args,
            grid: Grid::new(groupings.chain(summaries)),
        }
    }

    fn add_groups<'g>(&mut self, groups: &'g [Group], outer: &mut Vec<&'g str>) {
        for group in groups {
            outer.push(&group.name);
            if group.groups.is_empty() {
                self.add(outer, &group.summaries);
            } else {
                self.add_groups(&group.groups, outer);
            }
            outer.pop();
        }
    }

    /// Cells of groupings are left empty where there are fewer names.
    fn add(&mut self, names: &[&str], summaries: &Summaries) {
        let depth = self.args.group.len();
        let names = names.iter().chain(std::iter::repeat(&"")).take(depth);
        let cells = self.args.asked.iter().map(|one| {
            let value = summaries.get(one.pair().0);
            value.map(Value::to_string).unwrap_or_default()
        });
        self.grid
            .push(names.map(|name| (*name).to_owned()).chain(cells));
    }
}

/// As the site nests it, with the same keys at every depth.
fn nested(summary: &Summary) -> Json {
    let Summary {
        summaries, groups, ..
    } = summary;
    json!({ "summaries": by_field(summaries), "groups": groups.iter().map(nested_group).collect::<Json>() })
}

fn nested_group(group: &Group) -> Json {
    let Group {
        name,
        value,
        summaries,
        groups,
        ..
    } = group;
    json!({
        "group_name": name,
        "group_value": value,
        "summaries": by_field(summaries),
        "groups": groups.iter().map(nested_group).collect::<Json>(),
    })
}

fn by_field(summaries: &Summaries) -> Map<String, Json> {
    summaries
        .iter()
        .map(|(field, value)| (field.to_string(), value.to_json()))
        .collect()
}
