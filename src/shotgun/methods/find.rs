//! Reading entities.

use std::panic::resume_unwind;
use std::thread;

use parking_lot::Mutex;

use crate::shotgun::call::rpc::Rpc;
use crate::shotgun::call::talk::Talk;
use crate::shotgun::client::Client;
use crate::shotgun::error::Error;
use crate::shotgun::filter::Filter;
use crate::shotgun::find::{Find, Page, Told};
use crate::shotgun::pages::Pages;
use crate::shotgun::rows::decode::{PageSeed, PagingInfo, RowsSeed};
use crate::shotgun::rows::{Entity, Rows};

/// Rows per page if neither the user nor the site says otherwise.
const RECORDS_PER_PAGE: u32 = 500;

impl Client {
    /// All entities of a type that match all filters, with these fields.
    ///
    /// ```no_run
    /// # use callboard::shotgun::{Client, Filter, Value};
    /// # let client = Client::builder("http://127.0.0.1:8080").script("callboard", "sandbox").build()?;
    /// let in_progress = Filter::is("sg_status_list", "ip");
    /// let shots = client.find("Shot", &[in_progress], &["code", "sg_sequence.Sequence.code"])?;
    /// # Ok::<(), callboard::shotgun::Error>(())
    /// ```
    pub fn find(
        &self,
        entity_type: &str,
        filters: &[Filter],
        fields: &[&str],
    ) -> Result<Rows, Error> {
        self.find_all(
            &Find::new(entity_type)
                .filters(filters.iter().cloned())
                .fields(fields.iter().copied()),
        )
    }

    /// The first entity that matches, by id, or none.
    pub fn find_one(
        &self,
        entity_type: &str,
        filters: &[Filter],
        fields: &[&str],
    ) -> Result<Option<Entity>, Error> {
        let find = Find::new(entity_type)
            .filters(filters.iter().cloned())
            .fields(fields.iter().copied())
            .limit(1);
        self.call("find_one", Some(find.entity_type()), |talk| {
            self.all_pages(talk, &find)
        })
        .map(Entity::first_of)
    }

    /// One page of a question, and whether more follow.
    pub fn query(&self, find: &Find) -> Result<Page, Error> {
        self.call("find", Some(find.entity_type()), |talk| {
            let ask = Ask::new(talk, find, find.rows_per_page(self.records_per_page()));
            let (rows, info) = ask.page(find.page_number(), Told::More)?;
            Ok(Page {
                has_next_page: info.more().unwrap_or(false),
                rows,
            })
        })
    }

    /// All pages of a question, in order, up to its limit.
    ///
    /// If there are several, and the site says how many, they come in parallel, up to 8 at a time, over as many connections:
    /// see [`ClientBuilder::parallel_pages`](crate::shotgun::ClientBuilder::parallel_pages). The first that fails ends the
    /// call, once the others under way have come to their end.
    pub fn find_all(&self, find: &Find) -> Result<Rows, Error> {
        self.call("find", Some(find.entity_type()), |talk| {
            self.all_pages(talk, find)
        })
    }

    fn all_pages(&self, talk: &Talk<'_>, find: &Find) -> Result<Rows, Error> {
        let limit = find.max_rows().unwrap_or(u32::MAX) as usize;
        let size = find.rows_per_page(self.records_per_page());
        let ask = Ask::new(talk, find, size);
        let first = find.page_number();
        if limit <= size as usize {
            let (mut rows, _) = ask.page(first, Told::Nothing)?;
            rows.truncate(limit);
            return Ok(rows);
        }
        let width = self.inner.parallel_pages;
        let told = if width > 1 { Told::Counts } else { Told::More };
        let mut pages = Pages::new(first, size as usize, limit);
        pages.take();
        pages.put(first, ask.page(first, told));
        fetch(&ask, pages, width).finish()
    }

    fn records_per_page(&self) -> u32 {
        let site = || {
            self.inner
                .info
                .get()
                .and_then(|info| info.max_entities_per_page)
        };
        self.inner
            .records_per_page
            .or_else(site)
            .unwrap_or(RECORDS_PER_PAGE)
    }
}

/// Asks for the pages that are open, `width` at a time: on this thread, and on threads of the call's own. Never on the
/// executor of whoever called: if all its workers did that, they would wait for one another for ever.
fn fetch(ask: &Ask<'_>, pages: Pages, width: usize) -> Pages {
    let helpers = pages.open().min(width).saturating_sub(1);
    let pages = Mutex::new(pages);
    let span = tracing::Span::current();
    thread::scope(|scope| {
        let helpers: Vec<_> = (1..=helpers)
            .filter_map(|number| {
                thread::Builder::new()
                    .name(format!("find page {number}"))
                    .spawn_scoped(scope, || span.in_scope(|| work(ask, &pages)))
                    // A machine that has no thread left has this one.
                    .ok()
            })
            .collect();
        work(ask, &pages);
        for helper in helpers {
            if let Err(panic) = helper.join() {
                resume_unwind(panic);
            }
        }
    });
    pages.into_inner()
}

fn work(ask: &Ask<'_>, pages: &Mutex<Pages>) {
    loop {
        let Some((page, told)) = pages.lock().take() else {
            return;
        };
        let answer = ask.page(page, told);
        pages.lock().put(page, answer);
    }
}

/// A question whose pages are asked for.
struct Ask<'a> {
    talk: &'a Talk<'a>,
    find: &'a Find,
    size: u32,
    seed: PageSeed,
}

impl<'a> Ask<'a> {
    fn new(talk: &'a Talk<'a>, find: &'a Find, size: u32) -> Self {
        Self {
            talk,
            find,
            size,
            seed: PageSeed(RowsSeed::new(find.return_fields())),
        }
    }

    fn page(&self, page: u32, told: Told) -> Result<(Rows, PagingInfo), Error> {
        let argument = self.find.to_wire(page, self.size, told)?;
        let rpc = Rpc {
            page: Some(page),
            ..Rpc::read("read", Some(argument))
        };
        let (rows, info) = self.talk.ask(&rpc, self.seed.clone())?;
        self.talk.add_rows(rows.len());
        Ok((rows, info))
    }
}
