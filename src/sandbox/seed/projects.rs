//! The projects of the studio: one large one, ten small ones of all kinds, and one that has not begun.

use super::basics::plant_people;
use super::planter::{Made, Planter};
use super::production;
use super::review;
use crate::sandbox::value::{Ref, Value};

/// A project to make.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub name: &'static str,
    /// What the codes of its shots start with.
    pub code: &'static str,
    pub status: &'static str,
    pub description: &'static str,
    pub sequences: usize,
    pub shots_per_sequence: usize,
    pub assets: usize,
    pub versions: usize,
    pub notes: usize,
    pub playlists: usize,
}

const POLAR_NIGHT: Plan = Plan {
    name: "Polar Night",
    code: "PN",
    status: "Active",
    description: "Feature. A survey team loses its radio mast and walks home through six weeks of night.",
    sequences: 60,
    shots_per_sequence: 50,
    assets: 600,
    versions: 6000,
    notes: 1840,
    playlists: 36,
};

/// How many people the studio has.
const PEOPLE: usize = 48;
/// How many of them the small site has.
const FEW_PEOPLE: usize = 8;

/// What the large site has besides the studio.
const LARGE: [(&str, &str); 8] = [
    ("Basalt", "BST"),
    ("Nine Bridges", "NBR"),
    ("The Salt Road", "TSR"),
    ("Glass Harvest", "GLH"),
    ("Under Slow Stars", "USS"),
    ("Weathervane", "WTV"),
    ("Long Shadow Season", "LSS"),
    ("Ironwood", "IRW"),
];

const fn plan(
    name: &'static str,
    code: &'static str,
    status: &'static str,
    sequences: usize,
    shots: usize,
) -> Plan {
    let versions = sequences * shots * 2;
    Plan {
        name,
        code,
        status,
        description: "",
        sequences,
        shots_per_sequence: shots,
        assets: sequences * 3,
        versions,
        notes: versions / 4,
        playlists: sequences,
    }
}

const OTHERS: &[Plan] = &[
    Plan {
        description: "Series, six episodes. A mine reopens.",
        ..plan("Copper Season", "COP", "Active", 4, 20)
    },
    Plan {
        description: "Short. Two sisters and a lighthouse.",
        ..plan("Saltwater Kin", "SWK", "Active", 3, 12)
    },
    plan("The Lamplighter’s Atlas", "LMP", "Bidding", 4, 10),
    plan("Öster om solen, väster om månen", "ÖST", "Active", 3, 10),
    plan("夜間飛行 – Night Flight", "NF", "Active", 3, 8),
    Plan {
        description: "A name to try layouts with.",
        ..plan(
            "The Extremely Long and Unreasonably Winding Working Title of a Documentary about Clouds",
            "CLD",
            "Hold",
            2,
            10,
        )
    },
    plan("Moth and Ember", "MAE", "Active", 5, 14),
    plan("Kite Weather", "KTW", "Lost", 2, 10),
    plan("Ferrous", "FER", "Active", 5, 16),
    Plan {
        description: "Delivered. Kept for reference.",
        ..plan("Harbor Lights", "HBL", "Archive", 4, 12)
    },
    Plan {
        description: "Nothing here yet.",
        ..plan("Untitled Heist Feature", "UHF", "Bidding", 0, 0)
    },
];

/// The whole studio.
pub(super) fn plant_studio(planter: &mut Planter<'_>) {
    plant_people(planter, PEOPLE);
    let mut age = 420;
    for plan in std::iter::once(&POLAR_NIGHT).chain(OTHERS) {
        plant_project(planter, plan, -age);
        age -= 24;
    }
}

/// The studio, and more projects as large as its largest.
pub(super) fn plant_large(planter: &mut Planter<'_>) {
    plant_studio(planter);
    for (name, code) in LARGE {
        let plan = Plan {
            name,
            code,
            description: "As large as Polar Night.",
            ..POLAR_NIGHT
        };
        plant_project(planter, &plan, -400);
    }
}

/// One project, small enough for tests.
pub(super) fn plant_small(planter: &mut Planter<'_>) {
    plant_people(planter, FEW_PEOPLE);
    let plan = Plan {
        sequences: 4,
        shots_per_sequence: 10,
        assets: 12,
        versions: 80,
        notes: 24,
        playlists: 3,
        ..POLAR_NIGHT
    };
    plant_project(planter, &plan, -420);
}

fn plant_project(planter: &mut Planter<'_>, plan: &Plan, begun: i32) {
    let crew: Vec<Ref> = planter.people.iter().map(|person| person.row).collect();
    let description = if plan.description.is_empty() {
        Value::Null
    } else {
        plan.description.into()
    };
    let made = Made {
        by: planter.someone(0),
        created: begun,
        updated: -3,
    };
    let project = planter.add(
        "Project",
        made,
        [
            ("name", plan.name.into()),
            ("code", plan.code.into()),
            ("sg_status", plan.status.into()),
            ("sg_description", description),
            ("start_date", planter.day(begun)),
            ("end_date", planter.day(begun + 700)),
            ("archived", (plan.status == "Archive").into()),
            ("users", crew.into()),
        ],
    );
    let Some(project) = project else { return };
    let planned = production::plant(planter, plan, project);
    review::plant(planter, plan, project, &planned);
}
