//! The icons, by what they mean. What they look like is decided here once.

use egui::{Color32, RichText};
use egui_material_icons::{MaterialIcon, icons};

use super::{font, tokens};

/// What an icon says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icon {
    /// Sorted, smallest first.
    SortUp,
    /// Sorted, largest first.
    SortDown,
    /// Look for something.
    Search,
    /// Load again.
    Refresh,
    /// Stop following for a while.
    Pause,
    /// Start, or go on following.
    Play,
    /// Forget what is listed.
    Clear,
    /// Write to a file.
    Export,
    /// Send a file to the site.
    Upload,
    /// Close, dismiss.
    Close,
    /// Opens a menu, or is unfolded.
    ChevronDown,
    /// Is folded.
    ChevronRight,
    /// Go back.
    Back,
    /// The light theme.
    ThemeLight,
    /// The dark theme.
    ThemeDark,
    /// Open outside of this window.
    OpenOutside,
    /// Copy to the clipboard.
    Copy,
    /// Worth a look.
    Warning,
    /// It failed.
    Error,
    /// It worked.
    Done,
    /// Worth knowing.
    Info,
    /// No connection to the site.
    CloudOff,
    /// Credentials.
    Key,
    /// Make a new one.
    Add,
    /// Change.
    Edit,
    /// Chosen in a menu.
    Check,
    /// Stop what is running.
    Cancel,
    /// Nothing here.
    Empty,
    /// Not allowed.
    Blocked,
    /// A picture that is not there yet.
    Picture,
    /// Which columns show.
    Columns,
    /// More commands.
    More,
    /// Settings.
    Settings,
}

impl Icon {
    /// Every icon.
    pub const ALL: [Self; 33] = [
        Self::SortUp,
        Self::SortDown,
        Self::Search,
        Self::Refresh,
        Self::Pause,
        Self::Play,
        Self::Clear,
        Self::Export,
        Self::Upload,
        Self::Close,
        Self::ChevronDown,
        Self::ChevronRight,
        Self::Back,
        Self::ThemeLight,
        Self::ThemeDark,
        Self::OpenOutside,
        Self::Copy,
        Self::Warning,
        Self::Error,
        Self::Done,
        Self::Info,
        Self::CloudOff,
        Self::Key,
        Self::Add,
        Self::Edit,
        Self::Check,
        Self::Cancel,
        Self::Empty,
        Self::Blocked,
        Self::Picture,
        Self::Columns,
        Self::More,
        Self::Settings,
    ];

    /// The character in the icon font.
    pub fn glyph(self) -> &'static str {
        self.material().codepoint
    }

    /// As text of body size, to put into labels and tooltips of egui.
    pub fn text(self, color: Color32) -> RichText {
        RichText::new(self.glyph())
            .font(font::icon(tokens::ICON))
            .color(color)
    }

    fn material(self) -> MaterialIcon {
        match self {
            Self::SortUp => icons::ICON_ARROW_UPWARD,
            Self::SortDown => icons::ICON_ARROW_DOWNWARD,
            Self::Search => icons::ICON_SEARCH,
            Self::Refresh => icons::ICON_REFRESH,
            Self::Pause => icons::ICON_PAUSE,
            Self::Play => icons::ICON_PLAY_ARROW,
            Self::Clear => icons::ICON_DELETE_SWEEP,
            Self::Export => icons::ICON_DOWNLOAD,
            Self::Upload => icons::ICON_UPLOAD,
            Self::Close => icons::ICON_CLOSE,
            Self::ChevronDown => icons::ICON_KEYBOARD_ARROW_DOWN,
            Self::ChevronRight => icons::ICON_KEYBOARD_ARROW_RIGHT,
            Self::Back => icons::ICON_ARROW_BACK,
            Self::ThemeLight => icons::ICON_LIGHT_MODE,
            Self::ThemeDark => icons::ICON_DARK_MODE,
            Self::OpenOutside => icons::ICON_OPEN_IN_NEW,
            Self::Copy => icons::ICON_CONTENT_COPY,
            Self::Warning => icons::ICON_WARNING,
            Self::Error => icons::ICON_ERROR,
            Self::Done => icons::ICON_CHECK_CIRCLE,
            Self::Info => icons::ICON_INFO,
            Self::CloudOff => icons::ICON_CLOUD_OFF,
            Self::Key => icons::ICON_KEY,
            Self::Add => icons::ICON_ADD,
            Self::Edit => icons::ICON_EDIT,
            Self::Check => icons::ICON_CHECK,
            Self::Cancel => icons::ICON_CANCEL,
            Self::Empty => icons::ICON_INBOX,
            Self::Blocked => icons::ICON_BLOCK,
            Self::Picture => icons::ICON_IMAGE,
            Self::Columns => icons::ICON_VIEW_COLUMN,
            Self::More => icons::ICON_MORE_HORIZ,
            Self::Settings => icons::ICON_SETTINGS,
        }
    }
}

/// An icon that only looks: it has no name, so put text beside it.
pub fn icon(ui: &mut egui::Ui, icon: Icon, size: f32, color: Color32) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(egui::Vec2::splat(size), egui::Sense::hover());
    paint(ui, rect, icon, size, color);
    response
}

/// Paint an icon in the middle of `rect`.
pub fn paint(ui: &egui::Ui, rect: egui::Rect, icon: Icon, size: f32, color: Color32) {
    let middle = egui::Align2::CENTER_CENTER;
    ui.painter()
        .text(rect.center(), middle, icon.glyph(), font::icon(size), color);
}
