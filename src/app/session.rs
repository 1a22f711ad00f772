//! A live connection, and everything the window can fetch over it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::details::MOST_LINKED;
use super::kind::Kind;
use super::lanes::{BACKGROUND, INTERACTIVE, THUMBNAILS, stoppable};
use crate::compare::{Run, Workload};
use crate::offload::{Ask, Executor, Job, JobRecord, Lane, Origin, Scope};
use crate::sandbox::{Faults, Sandbox};
use crate::shotgun::{Client, EntityId, EntityRef, Error, Filter, Find, Rows};

/// Rows per page of a table.
pub const PAGE_ROWS: u32 = 500;

/// Largest thumbnail taken, in bytes.
const THUMBNAIL_BYTES: u64 = 8 * 1024 * 1024;

/// One page of a table.
#[derive(Clone, Debug)]
pub struct TablePage {
    /// Its rows.
    pub rows: Arc<Rows>,
    /// Whether there are more pages.
    pub has_next_page: bool,
}

/// What a picture is drawn as. A small one takes little to hand to the graphics card: a screen full of them arrives at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PictureSize {
    /// In a table row.
    Row,
    /// As wide as the details pane.
    Pane,
}

impl PictureSize {
    /// The longest side, in pixels: enough for a screen of double density.
    fn side(self) -> u32 {
        match self {
            Self::Row => 80,
            Self::Pane => 640,
        }
    }
}

/// A decoded picture, ready to become a texture.
#[derive(Clone)]
pub struct Picture(pub Arc<egui::ColorImage>);

/// A client and the executor its calls run on. The client is private: it is lent only to closures that run on the
/// executor, so that no panel can block a frame with it:
///
/// ```compile_fail,E0616
/// use callboard::app::session::Session;
///
/// fn panel(session: &Session) {
///     session.client.find("Shot", &[], &["code"]).ok();
/// }
/// ```
///
/// A job that is not wanted any more ends its calls.
pub struct Session {
    client: Client,
    executor: Executor,
    sandbox: Option<Sandbox>,
}

impl Session {
    /// A session over `client`. With `sandbox`, the site lives as long as the session.
    pub fn new(client: Client, executor: Executor, sandbox: Option<Sandbox>) -> Self {
        Self {
            client,
            executor,
            sandbox,
        }
    }

    /// The site's address, without credentials.
    pub fn address(&self) -> String {
        self.client.site().to_string()
    }

    /// What the site is called in the window.
    pub fn name(&self) -> String {
        if self.is_sandbox() {
            "Sandbox".to_owned()
        } else {
            self.client.site().host().to_owned()
        }
    }

    /// The address of an entity's page in the web application.
    pub fn page_url(&self, entity: &EntityRef) -> String {
        self.client.site().page_url(&entity.entity_type, entity.id)
    }

    /// Whether this is the sandbox.
    pub fn is_sandbox(&self) -> bool {
        self.sandbox.is_some()
    }

    /// The sandbox's troubles, if this is a sandbox.
    pub fn faults(&self) -> Option<Faults> {
        self.sandbox.as_ref().map(Sandbox::faults)
    }

    /// Every project.
    pub fn projects(&self, origin: Origin) -> Job<Arc<Rows>, Error> {
        self.lend(self.ask(INTERACTIVE, origin, "projects"), |sg| {
            Ok(Arc::new(sg.find(
                "Project",
                &[],
                &["name", "sg_status", "image"],
            )?))
        })
    }

    /// The site's statuses: code, name, color.
    pub fn statuses(&self, origin: Origin) -> Job<Arc<Rows>, Error> {
        self.lend(self.ask(INTERACTIVE, origin, "statuses"), |sg| {
            Ok(Arc::new(sg.find(
                "Status",
                &[],
                &["code", "name", "bg_color"],
            )?))
        })
    }

    /// How many rows of `kind` a project has.
    pub fn count(&self, origin: Origin, kind: Kind, project: EntityId) -> Job<u64, Error> {
        self.lend(self.ask(BACKGROUND, origin, "count"), move |sg| {
            sg.count(kind.entity_type(), &kind.filters(project))
        })
    }

    /// One page of a table, from page 1. The user waits for the first one.
    pub fn table_page(
        &self,
        origin: Origin,
        kind: Kind,
        project: EntityId,
        page: u32,
    ) -> Job<TablePage, Error> {
        let lane = if page == 1 { INTERACTIVE } else { BACKGROUND };
        self.lend(self.ask(lane, origin, "table page"), move |sg| {
            let find = Find::new(kind.entity_type())
                .filters(kind.filters(project))
                .fields(kind.fields())
                .page(page)
                .page_size(PAGE_ROWS);
            let answer = sg.query(&find)?;
            Ok(TablePage {
                rows: Arc::new(answer.rows),
                has_next_page: answer.has_next_page,
            })
        })
    }

    /// One entity with the fields of the details pane.
    pub fn details(
        &self,
        origin: Origin,
        scope: &Scope,
        entity: &EntityRef,
        fields: &'static [&'static str],
    ) -> Job<Arc<Rows>, Error> {
        let entity = entity.clone();
        let ask = self.ask(INTERACTIVE, origin, "details").scope(scope);
        self.lend(ask, move |sg| {
            let find = Find::new(&entity.entity_type)
                .filters(vec![Filter::is("id", entity.id)])
                .fields(fields)
                .limit(1);
            Ok(Arc::new(sg.find_all(&find)?))
        })
    }

    /// Up to [`MOST_LINKED`] entities of a kind whose link field is `entity`, newest first. The user waits for those that are
    /// on show.
    pub fn linked(
        &self,
        origin: Origin,
        scope: &Scope,
        is_shown: bool,
        (kind, link): (Kind, &'static str),
        entity: &EntityRef,
    ) -> Job<Arc<Rows>, Error> {
        let entity = entity.clone();
        let lane = if is_shown { INTERACTIVE } else { BACKGROUND };
        let ask = self.ask(lane, origin, "linked").scope(scope);
        self.lend(ask, move |sg| {
            let find = Find::new(kind.entity_type())
                .filters(vec![Filter::is(link, entity)])
                .fields(kind.fields())
                .order("-id")
                .limit(MOST_LINKED);
            Ok(Arc::new(sg.find_all(&find)?))
        })
    }

    /// A picture from the site, decoded and no larger than needed.
    pub fn picture(
        &self,
        origin: Origin,
        url: &str,
        size: PictureSize,
    ) -> Job<Picture, PictureError> {
        let (url, sg) = (url.to_owned(), self.client.clone());
        let fetch = move || {
            stoppable(&sg, |sg| sg.download(&url, THUMBNAIL_BYTES)).map_err(PictureError::Site)
        };
        self.ask(THUMBNAILS, origin, "thumbnail")
            .run_then(fetch, move |bytes| decode(&bytes, size))
    }

    /// Anything that computes for longer than a frame may take: sorting, filtering.
    pub fn compute<T: Send + 'static>(
        &self,
        origin: Origin,
        label: &'static str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Job<T, Error> {
        self.executor
            .compute(label)
            .origin(origin)
            .run(move || Ok(work()))
    }

    /// Frees something big on a worker.
    pub fn free(&self, value: impl Send + 'static) {
        self.executor.free(value);
    }

    /// The offloaded run of the comparison.
    pub fn offloaded_run(
        &self,
        workload: &Workload,
        wake: impl Fn() + Send + 'static,
    ) -> io::Result<Run> {
        Run::offloaded(&self.client, &self.executor, workload, wake)
    }

    /// The blocking run of the comparison: it calls the site in the frame that steps it. The one sanctioned exception to
    /// "nothing blocks a frame".
    pub fn on_this_thread(
        &self,
        workload: &Workload,
        wake: impl Fn() + Send + 'static,
    ) -> io::Result<Run> {
        Run::blocking(&self.client, workload, wake)
    }

    /// Runs what waits on a manual executor, in tests.
    pub fn run_pending(&self) -> usize {
        self.executor.run_pending()
    }

    /// Stops taking jobs and interrupts the calls on their way: at once, without waiting for them.
    pub fn shut_down(&self) {
        self.executor.shut_down();
        self.client.shutdown();
    }

    /// Does so, waits for what that interrupts, at most so long, and says what does not end.
    pub fn close(&self, limit: Duration) -> Vec<Arc<JobRecord>> {
        self.shut_down();
        self.executor.close(limit)
    }

    fn ask(&self, lane: Lane, origin: Origin, label: &'static str) -> Ask<'_> {
        self.executor.job(label).lane(lane).origin(origin)
    }

    fn lend<T: Send + 'static, E: Send + 'static>(
        &self,
        ask: Ask<'_>,
        work: impl FnOnce(&Client) -> Result<T, E> + Send + 'static,
    ) -> Job<T, E> {
        let sg = self.client.clone();
        ask.run(move || stoppable(&sg, work))
    }
}

fn decode(bytes: &[u8], size: PictureSize) -> Result<Picture, PictureError> {
    let picture = image::load_from_memory(bytes)
        .map_err(PictureError::Image)?
        .thumbnail(size.side(), size.side())
        .to_rgba8();
    let size = [picture.width() as usize, picture.height() as usize];
    let picture = egui::ColorImage::from_rgba_unmultiplied(size, picture.as_raw());
    Ok(Picture(Arc::new(picture)))
}

/// A site that was left for another one has nothing more to say.
impl Drop for Session {
    fn drop(&mut self) {
        self.shut_down();
    }
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// It did not arrive.
    #[error("{}", .0.headline())]
    Site(#[source] Error),
    /// It is not a picture.
    #[error("not a picture: {0}")]
    Image(#[source] image::ImageError),
}
