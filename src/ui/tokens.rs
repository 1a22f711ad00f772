//! Every color and size of the window, and nowhere else.
//!
//! Colors come as a [`Palette`] for the dark and one for the light theme. Sizes are points on a grid of 4.

use egui::{Color32, CornerRadius, Margin, Vec2};

/// The grid all distances are multiples of.
pub const GRID: f32 = 4.0;
/// Height of a table row.
pub const ROW_HEIGHT: f32 = 28.0;
/// Height of a table's header.
pub const HEADER_HEIGHT: f32 = 28.0;
/// Height of buttons, fields and tabs.
pub const CONTROL: f32 = 26.0;
/// Height of a bar: the top bar, a toolbar.
pub const BAR: f32 = 42.0;
/// Corner radius of controls, cards and popups.
pub const RADIUS: CornerRadius = CornerRadius::same(6);
/// Corner radius of chips and time bars.
pub const RADIUS_SMALL: CornerRadius = CornerRadius::same(2);
/// Room between the border of a control and its text.
pub const CONTROL_PADDING: f32 = 12.0;
/// Gap between parts of one control, such as its icon and its text.
pub const GAP: f32 = 6.0;
/// Room between the edge of a panel and its content.
pub const PANEL_PADDING: f32 = 12.0;
/// Margin inside cards.
pub const CARD_MARGIN: Margin = Margin::symmetric(14, 12);
/// Margin of a bar: none above and below, its content is centered.
pub const BAR_MARGIN: Margin = Margin::symmetric(12, 0);
/// Distance between two things in a row, and two things below each other.
pub const ITEM_SPACING: Vec2 = Vec2::new(8.0, 4.0);
/// Space between the text of two table columns; half of it stands left and right of the table.
pub const CELL_GAP: f32 = 16.0;
/// Width of every line between regions.
pub const HAIRLINE: f32 = 1.0;
/// Width of the bar at the left of a selected row, and of the `shown` mark.
pub const MARK: f32 = 2.0;
/// Radius of a status dot.
pub const DOT: f32 = 4.0;
/// Height of a call's bar in a row.
pub const TIME_BAR: f32 = 10.0;
/// Distance from one worker lane to the next.
pub const LANE_PITCH: f32 = 16.0;
/// Height of a bar in a worker lane.
pub const LANE_BAR: f32 = 8.0;
/// Height of the strip of frames above the calls.
pub const FRAME_STRIP: f32 = 28.0;
/// Height of the frame strip of one run on the Compare page.
pub const RUN_STRIP: f32 = 56.0;
/// Height of a time axis.
pub const AXIS: f32 = 20.0;
/// Height of a line of code.
pub const CODE_LINE: f32 = 18.0;
/// Size of the gaps and dashes of dashed lines.
pub const DASH: f32 = 3.0;
/// Distance between the strokes of a hatched bar.
pub const HATCH: f32 = 4.0;
/// Widest tooltip.
pub const TOOLTIP_WIDTH: f32 = 420.0;
/// Height of a thin progress line.
pub const PROGRESS_HEIGHT: f32 = 4.0;
/// Width of a thin progress line.
pub const PROGRESS_WIDTH: f32 = 120.0;
/// Width of a notice at the bottom of the window.
pub const TOAST_WIDTH: f32 = 380.0;
/// Width of the side bar of the Browse page.
pub const SIDE_BAR_WIDTH: f32 = 196.0;
/// Width of the details pane.
pub const DETAIL_WIDTH: f32 = 316.0;
/// Width of the inspector of a call.
pub const INSPECTOR_WIDTH: f32 = 408.0;
/// Its width in a window narrower than [`NARROW_WINDOW`].
pub const INSPECTOR_NARROW_WIDTH: f32 = 320.0;
/// Height of a line of the inspector that says what a part of a call took.
pub const PART_ROW: f32 = 24.0;
/// Width of the names of facts in the inspector.
pub const FACT_NAME_WIDTH: f32 = 116.0;
/// Width of the names of fields in the details pane.
pub const FIELD_NAME_WIDTH: f32 = 88.0;
/// A window narrower than this shows the details pane only while something is selected.
pub const NARROW_WINDOW: f32 = 1100.0;
/// Width of a filter field in a bar.
pub const FILTER_WIDTH: f32 = 300.0;
/// Width of a dialog.
pub const DIALOG_WIDTH: f32 = 420.0;
/// A picture in a table row.
pub const THUMBNAIL: Vec2 = Vec2::new(36.0, 20.0);
/// Width to height of the large picture of the details pane.
pub const PICTURE_ASPECT: f32 = 16.0 / 9.0;
/// Widest label of a button whose text is not ours, such as a project's name.
pub const NAME_BUTTON_WIDTH: f32 = 240.0;
/// Highest list in a menu; longer ones scroll.
pub const MENU_HEIGHT: f32 = 420.0;

/// Size of body text.
pub const BODY: f32 = 13.0;
/// Size of numbers and code.
pub const NUMBER: f32 = 12.0;
/// Size of small text: headers, axis labels.
pub const SMALL: f32 = 11.0;
/// Size of a table's header text.
pub const HEADER: f32 = 12.0;
/// Size of a region's heading.
pub const HEADING: f32 = 15.0;
/// Size of a number that stands for the whole: the time a call took.
pub const NUMBER_LARGE: f32 = 15.0;
/// Size of icons in controls.
pub const ICON: f32 = 16.0;
/// Size of icons that only hint, such as a menu's chevron or a sort arrow.
pub const ICON_SMALL: f32 = 14.0;

/// The longest frame that keeps 60 frames a second, in milliseconds.
pub const FRAME_BUDGET_MS: f32 = 16.7;
/// A frame longer than this is a freeze, in milliseconds.
pub const FREEZE_MS: f32 = 50.0;

/// The colors of one theme.
#[derive(Clone, Debug, PartialEq)]
pub struct Palette {
    /// Behind everything; the detail panel, code.
    pub background: Color32,
    /// Tables, bars, cards.
    pub panel: Color32,
    /// Controls.
    pub raised: Color32,
    /// Controls under the pointer.
    pub hovered: Color32,
    /// A table row under the pointer.
    pub row_hovered: Color32,
    /// Lines between regions, borders of controls.
    pub hairline: Color32,
    /// Borders of controls under the pointer.
    pub hairline_strong: Color32,
    /// What is read first.
    pub text: Color32,
    /// What is read second: labels, secondary columns.
    pub muted: Color32,
    /// What is read last: placeholders, units.
    pub faint: Color32,
    /// Selection and the main button, nothing else.
    pub accent: Color32,
    /// The main button under the pointer.
    pub accent_hovered: Color32,
    /// Text on the accent color.
    pub on_accent: Color32,
    /// The accent at 14 %: selected rows, tabs, lines of code.
    pub selection: Color32,
    /// Good news.
    pub ok: Color32,
    /// Needs a look.
    pub warning: Color32,
    /// Failures and freezes only.
    pub bad: Color32,
    /// Phase: waiting for a worker (hatched), and the outline of a back-off (dashed).
    pub queue: Color32,
    /// Phase: name lookup, connecting, TLS.
    pub connect: Color32,
    /// Phase: sending.
    pub send: Color32,
    /// Phase: waiting for the first byte.
    pub wait: Color32,
    /// Phase: receiving.
    pub receive: Color32,
    /// Phase: decoding.
    pub decode: Color32,
    /// The bar of a frame within the budget.
    pub frame: Color32,
    /// The bar of a worker that is busy.
    pub lane: Color32,
    /// Under popups.
    pub shadow: Color32,
}

const fn hex(rgb: u32) -> Color32 {
    Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

/// A color that the site chose, such as a status's: red, green, blue.
pub const fn site_color([red, green, blue]: [u8; 3]) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

/// `color` at 14 %.
const fn tint(rgb: u32) -> Color32 {
    let part = [(rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255];
    let [r, g, b] = [part[0] * 36 / 255, part[1] * 36 / 255, part[2] * 36 / 255];
    Color32::from_rgba_premultiplied(r as u8, g as u8, b as u8, 36)
}

/// The dark theme.
pub static DARK: Palette = Palette {
    background: hex(0x14_16_1a),
    panel: hex(0x1a_1d_22),
    raised: hex(0x21_25_2c),
    hovered: hex(0x2a_2f_38),
    row_hovered: hex(0x1f_23_29),
    hairline: hex(0x2b_30_38),
    hairline_strong: hex(0x40_47_52),
    text: hex(0xe4_e7_ec),
    muted: hex(0x98_a1_ae),
    faint: hex(0x62_6b_79),
    accent: hex(0xf0_a2_3b),
    accent_hovered: hex(0xf6_b4_5e),
    on_accent: hex(0x1a_14_0a),
    selection: tint(0xf0_a2_3b),
    ok: hex(0x5c_c4_89),
    warning: hex(0xe8_c4_5a),
    bad: hex(0xee_6a_5f),
    queue: hex(0x59_61_6e),
    connect: hex(0xb5_8a_f2),
    send: hex(0x7f_a2_ff),
    wait: hex(0x4b_8e_f0),
    receive: hex(0x37_bf_ae),
    decode: hex(0xd6_8f_d0),
    frame: hex(0x4b_53_60),
    lane: hex(0x41_72_ba),
    shadow: Color32::from_black_alpha(90),
};

/// The light theme.
pub static LIGHT: Palette = Palette {
    background: hex(0xf3_f4_f6),
    panel: hex(0xff_ff_ff),
    raised: hex(0xf7_f8_fa),
    hovered: hex(0xec_ee_f1),
    row_hovered: hex(0xf7_f8_fa),
    hairline: hex(0xe1_e4_e9),
    hairline_strong: hex(0xc3_c9_d1),
    text: hex(0x1b_20_27),
    muted: hex(0x5f_6b_7a),
    faint: hex(0x98_a1_ae),
    accent: hex(0xb8_6e_08),
    accent_hovered: hex(0x9e_5e_06),
    on_accent: hex(0xff_ff_ff),
    selection: tint(0xb8_6e_08),
    ok: hex(0x1f_8a_52),
    warning: hex(0x9a_74_00),
    bad: hex(0xc8_37_2c),
    queue: hex(0xaa_b2_bd),
    connect: hex(0x9a_6a_e0),
    send: hex(0x6f_92_f0),
    wait: hex(0x3a_7b_e0),
    receive: hex(0x1f_a4_93),
    decode: hex(0xbb_6b_b4),
    frame: hex(0xb4_bb_c5),
    lane: hex(0x6f_a0_e6),
    shadow: Color32::from_black_alpha(32),
};

impl Palette {
    /// The colors of the theme that `ui` is drawn in.
    pub fn of(ui: &egui::Ui) -> &'static Self {
        Self::for_dark(ui.visuals().dark_mode)
    }

    /// The colors of `theme`.
    pub fn for_theme(theme: egui::Theme) -> &'static Self {
        Self::for_dark(theme == egui::Theme::Dark)
    }

    fn for_dark(dark: bool) -> &'static Self {
        if dark { &DARK } else { &LIGHT }
    }

    /// The line between two regions.
    pub fn hairline(&self) -> egui::Stroke {
        egui::Stroke::new(HAIRLINE, self.hairline)
    }

    /// `color` at 14 %, as the background of something that has that meaning.
    pub fn tinted(color: Color32) -> Color32 {
        color.gamma_multiply(0.14)
    }
}
