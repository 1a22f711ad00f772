//! Turns the tokens into egui's fonts and styles, for both themes.
//!
//! Knows nothing of any widget: those that egui brings (check boxes, sliders, menus) get our look from here.

use std::sync::Arc;
use std::time::Duration;

use egui::style::{ScrollAnimation, ScrollStyle, Selection, WidgetVisuals, Widgets};
use egui::{
    Color32, Context, FontData, FontDefinitions, FontFamily, Margin, Shadow, Stroke, Style,
    TextStyle, Theme, Visuals,
};

use super::font;
use super::tokens::{self, Palette};

const INTER: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
const INTER_MEDIUM: &[u8] = include_bytes!("../../assets/fonts/Inter-Medium.otf");
const INTER_SEMIBOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");
const JETBRAINS_MONO: &[u8] = include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf");

/// Long enough to be seen, short enough not to be waited for.
const ANIMATION_SECS: f32 = 0.08;
/// How long the pointer rests before a tooltip shows.
const TOOLTIP_DELAY: Duration = Duration::from_millis(400);

/// Give `ctx` our fonts, and our look in both themes. Once, before the first frame.
///
/// Which of the two themes shows is egui's theme preference: `ctx.set_theme(…)`.
pub fn install(ctx: &Context) {
    ctx.set_fonts(fonts());
    for theme in [Theme::Dark, Theme::Light] {
        ctx.set_style_of(theme, style(theme));
    }
}

// ----------------------------------------------------------------------------

fn fonts() -> FontDefinitions {
    // egui's own fonts stay as fallbacks for what ours lack.
    let mut fonts = FontDefinitions::default();
    let fallbacks = |family| fonts.families.get(&family).cloned().unwrap_or_default();
    let proportional = fallbacks(FontFamily::Proportional);
    let monospace = fallbacks(FontFamily::Monospace);
    let icons = egui_material_icons::font_insert();

    for (name, bytes) in [
        ("inter", INTER),
        ("inter-medium", INTER_MEDIUM),
        ("inter-semibold", INTER_SEMIBOLD),
        ("jetbrains-mono", JETBRAINS_MONO),
    ] {
        let data = Arc::new(FontData::from_static(bytes));
        fonts.font_data.insert(name.to_owned(), data);
    }
    fonts
        .font_data
        .insert(icons.name.clone(), Arc::new(icons.data));

    let named = |name: &'static str| FontFamily::Name(Arc::from(name));
    for (family, first, rest) in [
        (FontFamily::Proportional, "inter", &proportional),
        (named(font::MEDIUM), "inter-medium", &proportional),
        (named(font::SEMIBOLD), "inter-semibold", &proportional),
        (FontFamily::Monospace, "jetbrains-mono", &monospace),
    ] {
        let mut names = vec![first.to_owned(), "inter".to_owned()];
        names.extend_from_slice(rest);
        names.dedup();
        fonts.families.insert(family, names);
    }
    fonts
        .families
        .insert(named(font::ICONS), vec![icons.name.clone()]);
    for insert in icons.families {
        fonts
            .families
            .entry(insert.family)
            .or_default()
            .push(icons.name.clone());
    }
    fonts
}

fn style(theme: Theme) -> Style {
    let mut style = Style {
        visuals: visuals(theme),
        animation_time: ANIMATION_SECS,
        scroll_animation: ScrollAnimation::none(),
        drag_value_text_style: TextStyle::Monospace,
        ..Style::default()
    };
    style.text_styles = [
        (TextStyle::Heading, font::heading()),
        (TextStyle::Body, font::body()),
        (TextStyle::Button, font::medium()),
        (TextStyle::Monospace, font::number()),
        (TextStyle::Small, font::small()),
    ]
    .into();

    let spacing = &mut style.spacing;
    spacing.item_spacing = tokens::ITEM_SPACING;
    spacing.button_padding = egui::vec2(tokens::CONTROL_PADDING, tokens::GRID);
    spacing.interact_size = egui::vec2(tokens::CONTROL, tokens::CONTROL);
    spacing.window_margin = Margin::same(tokens::PANEL_PADDING as i8);
    spacing.menu_margin = Margin::same(tokens::GRID as i8);
    spacing.menu_spacing = tokens::GRID;
    spacing.tooltip_width = tokens::TOOLTIP_WIDTH;
    spacing.icon_width = tokens::ICON_SMALL;
    spacing.icon_spacing = tokens::GAP;
    spacing.scroll = scroll();

    style.interaction.tooltip_delay = TOOLTIP_DELAY.as_secs_f32();
    // A label that can be selected takes the click away from the row it stands in.
    style.interaction.selectable_labels = false;
    style
}

fn scroll() -> ScrollStyle {
    let mut scroll = ScrollStyle::floating();
    scroll.bar_width = tokens::GRID * 2.0;
    scroll.floating_width = tokens::GRID;
    scroll.handle_min_length = tokens::ROW_HEIGHT;
    scroll.dormant_handle_opacity = 0.25;
    scroll.active_handle_opacity = 0.4;
    scroll.interact_handle_opacity = 0.6;
    // A fade would lie over the last row of every table.
    scroll.fade.strength = 0.0;
    scroll
}

fn visuals(theme: Theme) -> Visuals {
    let palette = Palette::for_theme(theme);
    let mut visuals = theme.default_visuals();
    visuals.widgets = widgets(palette);
    visuals.selection = Selection {
        bg_fill: palette.selection,
        stroke: Stroke::new(tokens::HAIRLINE, palette.accent),
    };
    visuals.weak_text_color = Some(palette.muted);
    visuals.hyperlink_color = palette.accent;
    visuals.faint_bg_color = palette.row_hovered;
    visuals.extreme_bg_color = palette.background;
    visuals.text_edit_bg_color = Some(palette.raised);
    visuals.code_bg_color = palette.raised;
    visuals.warn_fg_color = palette.warning;
    visuals.error_fg_color = palette.bad;

    visuals.panel_fill = palette.panel;
    visuals.window_fill = palette.panel;
    visuals.window_stroke = palette.hairline();
    visuals.window_corner_radius = tokens::RADIUS;
    visuals.menu_corner_radius = tokens::RADIUS;
    visuals.window_shadow = shadow(palette);
    visuals.popup_shadow = shadow(palette);

    visuals.text_cursor.blink = false; // idle means zero frames
    visuals.text_cursor.stroke = Stroke::new(tokens::HAIRLINE * 1.5, palette.accent);
    visuals.slider_trailing_fill = true;
    visuals.indent_has_left_vline = false;
    visuals.striped = false;
    visuals.image_loading_spinners = false;
    visuals.interact_cursor = None;
    visuals
}

fn shadow(palette: &Palette) -> Shadow {
    Shadow {
        offset: [0, 4],
        blur: 16,
        spread: 0,
        color: palette.shadow,
    }
}

fn widgets(palette: &Palette) -> Widgets {
    let look = |fill: Color32, border: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(tokens::HAIRLINE, border),
        corner_radius: tokens::RADIUS,
        fg_stroke: Stroke::new(tokens::HAIRLINE, text),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: look(palette.panel, palette.hairline, palette.text),
        inactive: look(palette.raised, palette.hairline, palette.text),
        hovered: look(palette.hovered, palette.hairline_strong, palette.text),
        // Also the look of whatever has the keyboard: the accent border is the focus ring.
        active: look(palette.hovered, palette.accent, palette.text),
        open: look(palette.hovered, palette.hairline_strong, palette.text),
    }
}
