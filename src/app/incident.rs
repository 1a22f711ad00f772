//! What goes wrong in the sandbox on purpose, as the window tells it.

use crate::sandbox::{FaultPlan, Preset};

/// What the sandbox is put through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incident {
    /// One that has a name.
    Known(Preset),
    /// A plan that came from elsewhere: other programs may set one over the control endpoint.
    Other,
}

impl Incident {
    /// What a site that goes by `plan` is put through, whatever the seed. `None` if all is well there.
    pub fn of(plan: &FaultPlan) -> Option<Self> {
        let is = |other: FaultPlan| {
            let seed = plan.seed;
            *plan == FaultPlan { seed, ..other }
        };
        if is(FaultPlan::default()) {
            return None;
        }
        let known = Preset::ALL.into_iter().find(|preset| is(preset.plan()));
        Some(known.map_or(Self::Other, Self::Known))
    }

    /// What it is called in the window.
    pub fn title(self) -> &'static str {
        match self {
            Self::Known(preset) => preset.title(),
            Self::Other => "Custom faults",
        }
    }

    /// What to expect, in one line.
    pub fn description(self) -> &'static str {
        match self {
            Self::Known(preset) => preset.description(),
            Self::Other => "a plan of its own, set by another program",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_is_known_by_its_plan_whatever_the_seed() {
        for preset in Preset::ALL {
            let plan = FaultPlan {
                seed: 7,
                ..preset.plan()
            };
            assert_eq!(Incident::of(&plan), Some(Incident::Known(preset)));
        }
    }

    #[test]
    fn a_plan_without_a_name_is_an_incident_too_and_none_at_all_is_not() {
        let plan = FaultPlan {
            error_rate: 0.5,
            ..Preset::FlakyVpn.plan()
        };
        assert_eq!(Incident::of(&plan), Some(Incident::Other));
        let seeded = FaultPlan {
            seed: 7,
            ..FaultPlan::default()
        };
        assert_eq!(Incident::of(&seeded), None);
    }
}
