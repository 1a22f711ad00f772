//! The pages of one answer, put in order while they arrive in any order. Pure: it knows neither threads nor sockets.

use std::collections::{BTreeMap, HashSet};

use crate::shotgun::entity::EntityId;
use crate::shotgun::error::Error;
use crate::shotgun::find::Told;
use crate::shotgun::rows::Rows;
use crate::shotgun::rows::decode::PagingInfo;

/// How many pages in a row may begin with a row that an earlier one began with. Rows made meanwhile can push others from one
/// page to the next and have that happen once; a site that sends the same pages for ever has it happen every time.
const REPEATS: u32 = 3;

/// Hands out pages to ask for, takes what was answered, and ends with the rows that asking one by one would have brought.
///
/// How far it looks ahead depends on the site: if it counts its pages, all of them are open at once; if it only says whether
/// another one follows, no more than that one is.
pub(super) struct Pages {
    /// Rows wanted; more are cut off.
    limit: usize,
    /// Rows a full page has.
    size: usize,
    /// The next page to hand out.
    next: u32,
    /// The last page to hand out. The one to say whether others follow after all.
    last: u32,
    /// All rows up to here, without a gap.
    joined: Rows,
    /// The page that goes to `joined` next.
    gap: u32,
    /// The first row of each page in `joined`.
    beginnings: HashSet<EntityId>,
    /// How many of the last pages began like one before them.
    repeats: u32,
    /// Pages beyond the gap.
    waiting: BTreeMap<u32, (Rows, PagingInfo)>,
    /// The earliest page that failed.
    failed: Option<(u32, Error)>,
    /// Whether `joined` is all there is to have.
    complete: bool,
}

impl Pages {
    /// Begins with page `first`, of which nothing is known yet.
    pub(super) fn new(first: u32, size: usize, limit: usize) -> Self {
        Self {
            limit,
            size,
            next: first,
            last: first,
            joined: Rows::default(),
            gap: first,
            beginnings: HashSet::new(),
            repeats: 0,
            waiting: BTreeMap::new(),
            failed: None,
            complete: false,
        }
    }

    /// The next page to ask for, and what it shall say about others. None if there is none at the moment, which is the end
    /// unless a page that is still out says that others follow: whoever brings that one goes on.
    pub(super) fn take(&mut self) -> Option<(u32, Told)> {
        if self.open() == 0 {
            return None;
        }
        let page = self.next;
        self.next += 1;
        let told = if page == self.last {
            Told::More
        } else {
            Told::Nothing
        };
        Some((page, told))
    }

    /// How many pages could be handed out now.
    pub(super) fn open(&self) -> usize {
        if self.complete || self.failed.is_some() {
            return 0;
        }
        // The very last page number there can be is never asked for: it has no successor.
        (self.last.min(u32::MAX - 1) + 1).saturating_sub(self.next) as usize
    }

    /// Takes what came of page number `page`.
    pub(super) fn put(&mut self, page: u32, outcome: Result<(Rows, PagingInfo), Error>) {
        match outcome {
            Ok(answer) => {
                self.waiting.insert(page, answer);
                while let Some((rows, info)) = self.waiting.remove(&self.gap) {
                    self.join(rows, info);
                }
            }
            Err(error) => {
                if self.failed.as_ref().is_none_or(|(other, _)| page < *other) {
                    self.failed = Some((page, error));
                }
            }
        }
    }

    /// The rows in order; or the error of the earliest page that failed, if its rows are wanted.
    pub(super) fn finish(self) -> Result<Rows, Error> {
        match self.failed {
            Some((_, error)) if !self.complete => Err(error),
            Some(_) | None => {
                let mut rows = self.joined;
                rows.truncate(self.limit);
                Ok(rows)
            }
        }
    }

    /// Adds the page that closes the gap, unless nothing more is wanted.
    fn join(&mut self, rows: Rows, info: PagingInfo) {
        if self.complete {
            return;
        }
        let came = rows.len();
        let page = self.gap;
        if self.goes_in_circles(&rows) {
            let what = format!("its pages go in circles, up to page {page}");
            self.failed = Some((page, Error::decode(what)));
            return;
        }
        self.gap = self.gap.saturating_add(1);
        self.joined.extend(rows);
        // A server that promises another page and sends empty ones would keep us here for ever.
        if came == 0 || self.joined.len() >= self.limit {
            self.complete = true;
        } else if page == self.last {
            self.look_ahead(page, came, info);
        }
    }

    /// Takes note of how a page begins, and says whether that has been so too often. Pages are joined in order, so no earlier
    /// one can have failed.
    fn goes_in_circles(&mut self, rows: &Rows) -> bool {
        if let Some(row) = rows.first() {
            let is_new = self.beginnings.insert(row.id());
            self.repeats = if is_new { 0 } else { self.repeats + 1 };
        }
        self.repeats >= REPEATS
    }

    /// After the last page known of: what follows it.
    fn look_ahead(&mut self, page: u32, came: usize, info: PagingInfo) {
        let ahead = match info.page_count {
            Some(count) => count.saturating_sub(page.into()),
            // One that says nothing and is full may be followed by another.
            None => info.more().unwrap_or(came == self.size).into(),
        };
        let wanted = (self.limit - self.joined.len()).div_ceil(came) as u64;
        let ahead = u32::try_from(ahead.min(wanted)).unwrap_or(u32::MAX);
        self.last = page.saturating_add(ahead);
        self.complete = ahead == 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(ids: std::ops::Range<usize>) -> Rows {
        let rows: Vec<_> = ids
            .map(|id| serde_json::json!({ "type": "Shot", "id": id }))
            .collect();
        serde_json::from_value(rows.into()).unwrap()
    }

    /// What a site with `total` rows answers.
    fn answer(page: u32, size: usize, total: usize, counts: bool) -> (Rows, PagingInfo) {
        let start = (page as usize - 1) * size;
        let end = total.min(start + size);
        let info = if counts {
            PagingInfo {
                current_page: Some(page.into()),
                page_count: Some(total.div_ceil(size) as u64),
                ..PagingInfo::default()
            }
        } else {
            PagingInfo {
                has_next_page: Some(end < total),
                ..PagingInfo::default()
            }
        };
        (rows(start.min(end)..end), info)
    }

    fn failure() -> Error {
        Error::Server { status: 503 }
    }

    proptest! {
        #[test]
        fn rows_keep_their_order_whatever_order_their_pages_come_in(
            total in 0_usize..60, size in 1_usize..9, limit in 1_usize..70, width in 1_usize..9, picks in prop::collection::vec(any::<prop::sample::Index>(), 70)
        ) {
            let mut pages = Pages::new(1, size, limit);
            pages.take().unwrap();
            pages.put(1, Ok(answer(1, size, total, width > 1)));
            let (mut out, mut asked) = (Vec::new(), 1);
            for pick in picks {
                while out.len() < width && let Some((page, _)) = pages.take() {
                    out.push(page);
                    asked += 1;
                }
                if out.is_empty() {
                    break;
                }
                let page = out.swap_remove(pick.index(out.len()));
                pages.put(page, Ok(answer(page, size, total, false)));
            }
            prop_assert_eq!(asked, total.min(limit).div_ceil(size).max(1), "no page too many");
            prop_assert_eq!(pages.finish().unwrap(), rows(0..total.min(limit)));
        }
    }

    #[test]
    fn without_counts_no_page_is_asked_for_before_the_one_before_it_came() {
        let mut pages = Pages::new(1, 2, usize::MAX);
        for page in 1..=3 {
            assert_eq!(pages.take(), Some((page, Told::More)));
            assert_eq!(pages.take(), None);
            pages.put(page, Ok(answer(page, 2, 6, false)));
        }
        assert_eq!(pages.take(), None);
        assert_eq!(pages.finish().unwrap().len(), 6);
    }

    #[test]
    fn with_counts_all_pages_are_open_and_the_last_one_says_whether_rows_were_added() {
        let mut pages = Pages::new(1, 2, usize::MAX);
        pages.take().unwrap();
        pages.put(1, Ok(answer(1, 2, 6, true)));
        assert_eq!(pages.open(), 2);
        assert_eq!(pages.take(), Some((2, Told::Nothing)));
        assert_eq!(pages.take(), Some((3, Told::More)));
        // Meanwhile someone made another one.
        pages.put(3, Ok(answer(3, 2, 7, false)));
        assert_eq!(pages.take(), None);
        pages.put(2, Ok(answer(2, 2, 7, false)));
        assert_eq!(pages.take(), Some((4, Told::More)));
        pages.put(4, Ok(answer(4, 2, 7, false)));
        assert_eq!(pages.finish().unwrap(), rows(0..7));
    }

    #[test]
    fn after_a_failure_no_page_is_handed_out_and_the_earliest_one_is_told() {
        let mut pages = Pages::new(1, 2, usize::MAX);
        pages.take().unwrap();
        pages.put(1, Ok(answer(1, 2, 20, true)));
        for _ in 0..3 {
            pages.take().unwrap();
        }
        pages.put(4, Err(failure()));
        assert_eq!(pages.take(), None);
        pages.put(2, Err(Error::Cancelled));
        pages.put(3, Err(failure()));
        assert!(matches!(pages.finish(), Err(Error::Cancelled)));
    }

    #[test]
    fn a_failure_beyond_the_last_row_does_not_matter() {
        let mut pages = Pages::new(1, 2, usize::MAX);
        pages.take().unwrap();
        pages.put(1, Ok(answer(1, 2, 8, true)));
        for _ in 0..3 {
            pages.take().unwrap();
        }
        // Meanwhile someone deleted all but two.
        pages.put(3, Err(failure()));
        pages.put(2, Ok(answer(2, 2, 2, false)));
        assert_eq!(pages.finish().unwrap(), rows(0..2));
    }

    #[test]
    fn pages_that_come_again_and_again_end_in_an_error() {
        // The same page for ever, and two pages in turn.
        for (period, last) in [(1, 4), (2, 5)] {
            let mut pages = Pages::new(1, 2, usize::MAX);
            for page in 1..=last {
                assert_eq!(pages.take(), Some((page, Told::More)), "{period}");
                let (rows, _) = answer(1 + page % period, 2, 9, false);
                let more = PagingInfo {
                    has_next_page: Some(true),
                    ..PagingInfo::default()
                };
                pages.put(page, Ok((rows, more)));
            }
            assert_eq!(pages.take(), None);
            let error = pages.finish().unwrap_err().headline();
            assert_eq!(
                error,
                format!("The answer makes no sense: its pages go in circles, up to page {last}")
            );
        }
    }

    #[test]
    fn rows_that_others_pushed_to_the_next_page_come_twice_and_do_no_harm() {
        let mut pages = Pages::new(1, 2, usize::MAX);
        let page = |start: usize| {
            let (_, info) = answer(1, 2, 9, false);
            Ok((rows(start..start + 2), info))
        };
        for (number, start) in [(1, 0), (2, 0), (3, 0), (4, 2), (5, 2), (6, 4)] {
            assert_eq!(pages.take(), Some((number, Told::More)));
            pages.put(number, page(start));
        }
        pages.take().unwrap();
        pages.put(7, Ok((Rows::default(), PagingInfo::default())));
        assert_eq!(pages.finish().unwrap().len(), 12);
    }

    #[test]
    fn a_count_beyond_all_reason_costs_nothing() {
        let mut pages = Pages::new(1, 2, usize::MAX);
        pages.take().unwrap();
        let (first, info) = answer(1, 2, 2, true);
        let page_count = Some(u64::MAX);
        pages.put(1, Ok((first, PagingInfo { page_count, ..info })));
        assert_eq!(pages.take(), Some((2, Told::Nothing)));
        pages.put(2, Ok(answer(2, 2, 2, false)));
        assert_eq!(pages.take(), None);
        assert_eq!(pages.finish().unwrap().len(), 2);
    }
}
