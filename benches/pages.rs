//! How soon all pages of a `find` are there: several at a time, next to one after the other, on a site that takes 200 ms for
//! each answer.

mod rivals;

use std::time::Duration;

use callboard::sandbox::{FaultPlan, SCRIPT_KEY, SCRIPT_NAME, Sandbox};
use callboard::shotgun::{Client, Error, Find};
use rivals::{Contender, Course};

const LATENCY: Duration = Duration::from_millis(200);
const PAGES: u32 = 20;
/// 20 of these pages hold the 3,000 shots of the largest project.
const ROWS: u32 = 150;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let site = Sandbox::start()?;
    let client = |parallel: usize| -> Result<Client, Error> {
        Client::builder(&site.url())
            .script(SCRIPT_NAME, SCRIPT_KEY)
            .records_per_page(ROWS)
            .parallel_pages(parallel)
            .build()
    };
    let (parallel, sequential) = (client(8)?, client(1)?);
    let find = Find::new("Shot")
        .fields(["code", "sg_status_list"])
        .limit(PAGES * ROWS);
    let all = |client: &Client| {
        let rows = client.find_all(&find).map_or(0, |rows| rows.len());
        assert_eq!(rows, (PAGES * ROWS) as usize, "not all rows came");
    };
    site.faults().set(FaultPlan {
        latency: LATENCY,
        ..FaultPlan::default()
    });
    let contenders = [
        Contender::new("8 pages at a time", || all(&parallel)),
        Contender::new("one page after the other", || all(&sequential)),
    ];
    rivals::compare("20 pages at 200 ms", Course::run_of(1), contenders);
    Ok(())
}
