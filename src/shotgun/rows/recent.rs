//! What repeats from row to row is kept once: statuses, links to the same project, names of types.

use std::sync::Arc;

use crate::shotgun::entity::{EntityId, EntityRef, EntityType};

/// How many different texts are remembered. Statuses and list entries are a handful; more would cost the others time.
const TEXTS: usize = 6;

/// Longer text hardly ever repeats.
const LONGEST: usize = 40;

/// After so many new texts in a row, a column is one of names or sentences: looking further is a waste.
const PATIENCE: u32 = 48;

/// What a column held lately.
#[derive(Default)]
pub(in crate::shotgun) struct Recent {
    texts: [Option<Arc<str>>; TEXTS],
    /// Which of them gives way next.
    oldest: usize,
    /// How many texts in a row were new.
    misses: u32,
    link: Option<Arc<EntityRef>>,
}

impl Recent {
    /// The text, in the memory of an equal one if there was one lately.
    pub(in crate::shotgun) fn text(&mut self, text: &str) -> Arc<str> {
        if self.misses > PATIENCE || text.len() > LONGEST {
            return text.into();
        }
        if let Some(known) = self.texts.iter().flatten().find(|known| &***known == text) {
            self.misses = 0;
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.misses += 1;
        self.texts[self.oldest] = Some(Arc::clone(&new));
        self.oldest = (self.oldest + 1) % TEXTS;
        new
    }

    /// The link, in the memory of the last one if it is the same and has the same name.
    pub(in crate::shotgun) fn link(
        &mut self,
        entity_type: &str,
        id: u64,
        name: Option<&str>,
    ) -> Arc<EntityRef> {
        if let Some(last) = &self.link
            && last.id.0 == id
            && last.entity_type == *entity_type
            && last.name.as_deref() == name
        {
            return Arc::clone(last);
        }
        let link = Arc::new(EntityRef {
            entity_type: self.entity_type(entity_type),
            id: EntityId(id),
            name: name.map(Into::into),
        });
        self.link = Some(Arc::clone(&link));
        link
    }

    fn entity_type(&self, name: &str) -> EntityType {
        match &self.link {
            Some(last) if last.entity_type == *name => last.entity_type.clone(),
            Some(_) | None => name.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handful_of_texts_is_kept_once() {
        let mut recent = Recent::default();
        let first = ["wtg", "ip", "fin"].map(|text| recent.text(text));
        let second = ["wtg", "ip", "fin"].map(|text| recent.text(text));
        for (first, second) in std::iter::zip(&first, &second) {
            assert!(Arc::ptr_eq(first, second), "{first}");
        }
    }

    #[test]
    fn a_column_of_names_is_no_longer_searched() {
        let mut recent = Recent::default();
        for number in 0..100 {
            recent.text(&number.to_string());
        }
        assert!(!Arc::ptr_eq(&recent.text("99"), &recent.text("99")));
    }

    #[test]
    fn a_link_is_shared_only_if_all_of_it_is_the_same() {
        let mut recent = Recent::default();
        let ann = recent.link("HumanUser", 24, Some("Ann"));
        assert!(Arc::ptr_eq(
            &ann,
            &recent.link("HumanUser", 24, Some("Ann"))
        ));
        let renamed = recent.link("HumanUser", 24, Some("Anna"));
        assert_eq!(renamed.name.as_deref(), Some("Anna"));
        let script = recent.link("ApiUser", 24, Some("Anna"));
        assert_eq!(script.entity_type.as_str(), "ApiUser");
    }
}
