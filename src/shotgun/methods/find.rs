//! Reading entities.

use serde_json::Value as Json;

use crate::shotgun::client::Client;
use crate::shotgun::error::Error;
use crate::shotgun::filter::Filter;
use crate::shotgun::find::{Find, Page};
use crate::shotgun::rows::{Entity, Rows};
use crate::shotgun::rows_decode::{PageSeed, RowsSeed};
use crate::shotgun::talk::{Rpc, Talk};

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
            let size = find.rows_per_page(self.records_per_page());
            one_page(talk, find, find.page_number(), size, true)
        })
    }

    /// All pages of a question, one after the other, up to its limit.
    pub fn find_all(&self, find: &Find) -> Result<Rows, Error> {
        self.call("find", Some(find.entity_type()), |talk| {
            self.all_pages(talk, find)
        })
    }

    fn all_pages(&self, talk: &mut Talk<'_>, find: &Find) -> Result<Rows, Error> {
        let limit = find.max_rows().unwrap_or(u32::MAX) as usize;
        let size = find.rows_per_page(self.records_per_page());
        // A page that holds all we want needs no word about the next.
        let wants_more = limit > size as usize;
        let mut all = Rows::default();
        for page in find.page_number().. {
            let Page {
                rows,
                has_next_page,
            } = one_page(talk, find, page, size, wants_more)?;
            let none_came = rows.is_empty();
            all.extend(rows);
            // A server that promises another page and sends empty ones would keep us here for ever.
            if !has_next_page || all.len() >= limit || none_came {
                break;
            }
        }
        all.truncate(limit);
        Ok(all)
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

fn one_page(
    talk: &mut Talk<'_>,
    find: &Find,
    page: u32,
    size: u32,
    wants_more: bool,
) -> Result<Page, Error> {
    let argument: Json = find.to_wire(page, size, wants_more)?;
    let rpc = Rpc {
        page: Some(page),
        ..Rpc::read("read", Some(argument))
    };
    let (rows, more) = talk.ask(&rpc, PageSeed(RowsSeed::new(find.return_fields())))?;
    talk.add_rows(rows.len());
    Ok(Page {
        has_next_page: wants_more && more.unwrap_or(false),
        rows,
    })
}
