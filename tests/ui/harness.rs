//! The one way tests make a window: our theme, a fixed size, and pictures only where they can be drawn.

use std::io::Write as _;
use std::panic::catch_unwind;
use std::sync::OnceLock;

use callboard::ui::{Palette, theme};
use egui::{Theme, Ui, Vec2};
use egui_kittest::wgpu::WgpuTestRenderer;
use egui_kittest::{Harness, HarnessBuilder, SnapshotResults};

/// Set to `required` where a missing Vulkan driver is a failure, as on CI.
const PICTURES: &str = "CALLBOARD_PICTURES";

/// A window of `size` in `theme`, with our fonts and our look.
pub fn builder<State>(size: impl Into<Vec2>, theme: Theme) -> HarnessBuilder<State> {
    Harness::<State>::builder()
        .with_size(size)
        .with_theme(theme)
        .with_context_setup(theme::install)
        .with_render_cursor(false)
}

/// A dark window around `contents`, which keep their state in `state`.
pub fn window<'a, State>(
    size: impl Into<Vec2>,
    state: State,
    contents: impl FnMut(&mut Ui, &mut State) + 'a,
) -> Harness<'a, State> {
    builder(size, Theme::Dark).build_ui_state(contents, state)
}

/// Compares a picture of `contents` with the stored one, in both themes: `name_dark.png`, `name_light.png`.
///
/// `UPDATE_SNAPSHOTS=force cargo test --test ui` writes them anew.
pub fn pictures(name: &str, size: impl Into<Vec2>, mut contents: impl FnMut(&mut Ui)) {
    let size = size.into();
    let mut results = SnapshotResults::new();
    for theme in [Theme::Dark, Theme::Light] {
        let mut harness = builder(size, theme).build_ui(|ui| {
            ui.painter()
                .rect_filled(ui.ctx().content_rect(), 0.0, Palette::of(ui).panel);
            contents(ui);
        });
        harness.run();
        if can_draw() {
            let theme = if theme == Theme::Dark {
                "dark"
            } else {
                "light"
            };
            results.add(harness.try_snapshot(format!("{name}_{theme}")));
        }
    }
}

/// Whether there is a Vulkan driver to draw with. Asked once: kittest panics where there is none.
pub fn can_draw() -> bool {
    static CAN_DRAW: OnceLock<bool> = OnceLock::new();
    *CAN_DRAW.get_or_init(|| {
        let found = catch_unwind(|| drop(WgpuTestRenderer::new())).is_ok();
        if !found {
            let required = std::env::var_os(PICTURES).is_some_and(|value| value == "required");
            assert!(
                !required,
                "{PICTURES}=required, but there is no Vulkan driver to draw the pictures with"
            );
            // Past the test runner, which keeps what a passing test prints to itself.
            let note =
                "No Vulkan driver: pictures are skipped (install mesa-vulkan-drivers to draw them)";
            writeln!(std::io::stderr(), "{note}").ok();
        }
        found
    })
}
