//! Fonts of the system, for names in scripts that ours lack: 夜間飛行. Looked up on a worker, never in a frame.

use std::io;
use std::sync::Arc;

use egui::{Context, FallbackRequest, FontFamily, FontInsert, FontProvider};
use egui_system_font_provider::SystemFontProvider;
use parking_lot::Mutex;

use crate::offload::{Executor, Job};
use crate::ui::wake::waker;

/// Lookups that may read font files at the same time.
const WORKERS: usize = 1;

type Lookup = Job<Option<FontInsert>, std::convert::Infallible>;

/// Finds fonts for characters that no font has so far. Until one has arrived, boxes stand in their place.
#[derive(Clone)]
pub struct SystemFonts {
    executor: Executor,
    system: Arc<SystemFontProvider>,
    lookups: Arc<Mutex<Vec<Lookup>>>,
}

impl SystemFonts {
    /// Asks the system from now on. Fails when the system gives no threads.
    pub fn install(ctx: &Context) -> io::Result<Self> {
        let fonts = Self {
            executor: Executor::pool(WORKERS, waker(ctx))?,
            system: Arc::default(),
            lookups: Arc::default(),
        };
        ctx.add_font_provider(Arc::new(fonts.clone()));
        Ok(fonts)
    }

    /// Adds the fonts that arrived.
    pub fn poll(&self, ctx: &Context) {
        // Egui asks for fonts, and thereby locks, only while it lays text out: on this same thread, and not now.
        self.lookups.lock().retain_mut(|job| match job.take() {
            None => true,
            Some(found) => {
                if let Some(font) = found.ok().and_then(|font| (*font).clone()) {
                    ctx.add_font(font);
                }
                false
            }
        });
    }
}

impl FontProvider for SystemFonts {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let (cluster, family) = (request.cluster.to_owned(), request.family.clone());
        let system = Arc::clone(&self.system);
        let lookup = self.executor.run("system font", move || {
            let request = FallbackRequest {
                cluster: &cluster,
                family: &family,
            };
            let font = system.font_for(&request);
            Ok(font.map(|font| named_for(font, &family)))
        });
        self.lookups.lock().push(lookup);
        None
    }
}

/// Egui adds a font of a name once; the same one may be needed by several families.
fn named_for(font: FontInsert, family: &FontFamily) -> FontInsert {
    FontInsert {
        name: format!("{} for {family}", font.name),
        ..font
    }
}
