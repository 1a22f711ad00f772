//! `callboard find`: the client from a shell.

use std::sync::Arc;

use parking_lot::Mutex;

use super::args::{FindArgs, Format};
use super::output::{self, Usage};
use super::site;
use crate::shotgun::{CallFinished, Exchange, Filter, Find, Observer, Order, Rows, Value};

pub(super) fn run(args: &FindArgs) -> anyhow::Result<()> {
    let find = question(args)?;
    let timings = Arc::new(Timings::default());
    let address = site::address(&args.site);
    let connected = site::connect(address.as_deref(), Some(Arc::clone(&timings) as Arc<_>))?;
    let result = connected.client.find_all(&find);
    if args.timings {
        timings.lines.lock().iter().for_each(output::note);
    }
    let rows = result?;
    point_out_unknown(&rows, &args.fields);
    print(&rows, &fields(args), args.format)
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
    let filters = args
        .filter
        .iter()
        .map(|text| text.parse::<Filter>())
        .collect::<Result<Vec<_>, _>>();
    let filters = filters.map_err(|error| Usage(output::explained(&error)))?;
    let mut find = Find::new(args.entity_type.as_str())
        .filters(filters)
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

fn print(rows: &Rows, fields: &[&str], format: Format) -> anyhow::Result<()> {
    match format {
        Format::Json => output::line(serde_json::to_string_pretty(rows)?)?,
        Format::Csv => {
            for row in grid(rows, fields) {
                let cells: Vec<String> = row.iter().map(|cell| csv_cell(cell)).collect();
                output::line(cells.join(","))?;
            }
        }
        Format::Table => {
            let grid = grid(rows, fields);
            let widths: Vec<usize> = (0..fields.len() + 2)
                .map(|column| {
                    grid.iter()
                        .map(|row| row[column].chars().count())
                        .max()
                        .unwrap_or(0)
                })
                .collect();
            for row in &grid {
                let cells: Vec<String> = row
                    .iter()
                    .zip(&widths)
                    .map(|(cell, width)| format!("{cell:<width$}", width = *width))
                    .collect();
                output::line(cells.join("  ").trim_end())?;
            }
            output::note(format!("{} rows", rows.len()));
        }
    }
    Ok(())
}

/// A header and the rows, as text: type, id and the fields.
fn grid(rows: &Rows, fields: &[&str]) -> Vec<Vec<String>> {
    let header = ["type", "id"]
        .iter()
        .chain(fields)
        .map(|name| (*name).to_owned())
        .collect();
    let cell = |value: Option<&Value>| {
        value
            .map(|value| value.to_string().replace(['\n', '\r'], " "))
            .unwrap_or_default()
    };
    let body = rows.iter().map(|row| {
        let names = [row.entity_type().to_string(), row.id().to_string()];
        names
            .into_iter()
            .chain(fields.iter().map(|field| cell(row.get(field))))
            .collect()
    });
    std::iter::once(header).chain(body).collect()
}

/// Quoted where RFC 4180 wants it.
fn csv_cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Where the time of each request went, as lines.
#[derive(Default)]
struct Timings {
    lines: Mutex<Vec<String>>,
}

impl Observer for Timings {
    fn exchange(&self, exchange: &Exchange) {
        let phases: Vec<String> = exchange
            .phases
            .iter()
            .map(|(phase, took)| format!("{} {:.1} ms", phase.name(), took.as_secs_f64() * 1_000.0))
            .collect();
        let page = exchange
            .page
            .map(|page| format!("page {page}: "))
            .unwrap_or_default();
        let total = exchange.total.as_secs_f64() * 1_000.0;
        let connection = exchange
            .connection
            .as_ref()
            .map_or("no connection", |connection| {
                if connection.reused {
                    "connection reused"
                } else {
                    "new connection"
                }
            });
        let line = format!(
            "{page}{total:.1} ms = {} ({connection}, {} bytes)",
            phases.join(" + "),
            exchange.bytes.received_wire
        );
        self.lines.lock().push(line);
    }

    fn call_finished(&self, call: &CallFinished) {
        if let Some(decode) = call.decode {
            self.lines
                .lock()
                .push(format!("decode {:.1} ms", decode.as_secs_f64() * 1_000.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_commas_and_quotes_are_quoted() {
        assert_eq!(csv_cell("plain"), "plain");
        assert_eq!(csv_cell("a, \"b\""), "\"a, \"\"b\"\"\"");
    }
}
