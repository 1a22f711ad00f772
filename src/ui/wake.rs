//! Waking the window when something has arrived.

use egui::Context;

/// What asks for a frame of the viewport in which it was made.
///
/// It may be called from whichever thread, also while that viewport is minimized and another one has the focus: by what runs
/// things elsewhere, once they are done.
pub fn waker(ctx: &Context) -> impl Fn() + Clone + Send + Sync + 'static {
    let (ctx, viewport) = (ctx.clone(), ctx.viewport_id());
    move || ctx.request_repaint_of(viewport)
}
