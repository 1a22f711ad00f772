//! The studio that a sandbox starts with: made up, believable, and the same on every start.

mod basics;
mod history;
mod planter;
mod production;
mod projects;
mod review;
mod words;

use jiff::civil::Date;

use self::planter::Planter;
use super::options::Seed;
use super::store::Store;

/// Fills an empty site.
pub fn plant(store: &mut Store, seed: Seed, today: Date) {
    let mut planter = Planter::new(store, today);
    basics::plant(&mut planter);
    match seed {
        Seed::Empty => {}
        Seed::Small => projects::plant_small(&mut planter),
        Seed::Studio => projects::plant_studio(&mut planter),
        Seed::Large => projects::plant_large(&mut planter),
    }
    history::plant(&mut planter, today);
    planter.finish();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::options::TODAY;
    use crate::sandbox::schema::{CREATED_AT, Schema};

    fn planted(seed: Seed) -> Store {
        let mut store = Store::new(Schema::studio());
        plant(&mut store, seed, TODAY);
        store
    }

    fn counts(store: &Store, project: u32, names: &[&str]) -> Vec<usize> {
        names
            .iter()
            .map(|name| {
                store
                    .in_project(store.schema().kind(name).unwrap(), project)
                    .len()
            })
            .collect()
    }

    #[test]
    fn polar_night_has_the_size_it_is_known_for() {
        let store = planted(Seed::Studio);
        let names = [
            "Sequence", "Shot", "Asset", "Task", "Version", "Note", "Playlist",
        ];
        assert_eq!(
            counts(&store, 1, &names),
            [60, 3000, 600, 12_000, 6000, 1840, 36]
        );
        let people = store.schema().kind("HumanUser").unwrap();
        assert_eq!(store.rows(people).len(), 48);
        let projects = store.rows(store.schema().kind("Project").unwrap());
        assert_eq!(projects.len(), 12);
        assert_eq!(store.display_name(&projects[0]), "Polar Night");
        let shots: Vec<_> = (1..=12)
            .map(|project| counts(&store, project, &["Shot"])[0])
            .collect();
        assert_eq!(
            shots.iter().filter(|count| **count == 0).count(),
            1,
            "{shots:?}"
        );
    }

    #[test]
    fn the_log_of_events_is_of_the_last_weeks_and_in_the_order_of_time() {
        let store = planted(Seed::Studio);
        let log = store.rows(store.schema().kind("EventLogEntry").unwrap());
        assert!((500..10_000).contains(&log.len()), "{}", log.len());
        let stamps: Vec<_> = log
            .iter()
            .map(|event| event.values[CREATED_AT].as_text())
            .collect();
        assert!(stamps.is_sorted() && stamps[0] >= Some("2026-11-10"));
        let empty = planted(Seed::Empty);
        assert!(
            empty
                .rows(empty.schema().kind("EventLogEntry").unwrap())
                .is_empty()
        );
    }

    #[test]
    fn two_studios_are_alike_to_the_last_value() {
        let (one, two) = (planted(Seed::Studio), planted(Seed::Studio));
        for name in one.schema().types().iter().map(|entity| entity.name) {
            let kind = one.schema().kind(name).unwrap();
            assert!(one.rows(kind) == two.rows(kind), "{name} differ");
        }
    }

    #[test]
    fn the_small_site_is_small() {
        let store = planted(Seed::Small);
        assert_eq!(counts(&store, 1, &["Shot"]), [40]);
        assert_eq!(store.rows(store.schema().kind("Project").unwrap()).len(), 1);
    }

    #[test]
    fn every_list_value_is_one_that_the_schema_knows() {
        let store = planted(Seed::Studio);
        for (entity, name) in store
            .schema()
            .types()
            .iter()
            .map(|entity| (entity, entity.name))
        {
            let kind = store.schema().kind(name).unwrap();
            for (place, field) in entity
                .fields
                .iter()
                .enumerate()
                .filter(|(_, field)| !field.choices.is_empty())
            {
                for text in store
                    .rows(kind)
                    .iter()
                    .filter_map(|row| row.values[place].as_text())
                {
                    assert!(
                        field.choices.iter().any(|(value, _)| &**value == text),
                        "{name}.{}: {text}",
                        field.name
                    );
                }
            }
        }
    }
}
