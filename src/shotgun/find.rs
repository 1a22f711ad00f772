//! A question about entities, as a value; and the answer to one page of it.

use std::fmt;

use serde_json::{Value as Json, json};

use crate::shotgun::entity::{EntityType, FieldName};
use crate::shotgun::error::Error;
use crate::shotgun::filter::{self, Filter};
use crate::shotgun::rows::Rows;
use crate::shotgun::value::Value;

/// What to find. Ask it page by page with [`Client::query`](crate::shotgun::Client::query) or at once with
/// [`Client::find_all`](crate::shotgun::Client::find_all).
///
/// ```
/// use callboard::shotgun::{Filter, Find, Order};
///
/// let find = Find::new("Shot")
///     .filter(Filter::is("sg_status_list", "ip"))
///     .fields(["code", "sg_sequence.Sequence.code"])
///     .order(Order::descending("code"))
///     .limit(50);
/// assert_eq!(find.entity_type().as_str(), "Shot");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a question is not asked by itself"]
pub struct Find {
    entity_type: EntityType,
    filters: Vec<Filter>,
    fields: Vec<FieldName>,
    order: Vec<Order>,
    limit: Option<u32>,
    page: u32,
    page_size: Option<u32>,
    retired: bool,
    archived_projects: bool,
    presets: Vec<Json>,
}

/// What to sort by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Order {
    /// The field, or a path through links.
    pub field: FieldName,
    /// Greatest first.
    pub descending: bool,
}

impl Order {
    /// Least first.
    pub fn ascending(field: impl Into<FieldName>) -> Self {
        Self {
            field: field.into(),
            descending: false,
        }
    }

    /// Greatest first.
    pub fn descending(field: impl Into<FieldName>) -> Self {
        Self {
            field: field.into(),
            descending: true,
        }
    }
}

/// `code` sorts up, `-code` down.
impl From<&str> for Order {
    fn from(text: &str) -> Self {
        text.strip_prefix('-')
            .map_or_else(|| Self::ascending(text), Self::descending)
    }
}

impl Find {
    /// All entities of a type, by id, with no fields but `type` and `id`.
    pub fn new(entity_type: impl Into<EntityType>) -> Self {
        Self {
            entity_type: entity_type.into(),
            filters: Vec::new(),
            fields: Vec::new(),
            order: Vec::new(),
            limit: None,
            page: 1,
            page_size: None,
            retired: false,
            archived_projects: true,
            presets: Vec::new(),
        }
    }

    /// Only those that match `filter` as well.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Only those that match all of `filters` as well.
    pub fn filters(mut self, filters: impl IntoIterator<Item = Filter>) -> Self {
        self.filters.extend(filters);
        self
    }

    /// With these fields as well.
    pub fn fields<F: Into<FieldName>>(mut self, fields: impl IntoIterator<Item = F>) -> Self {
        self.fields.extend(fields.into_iter().map(Into::into));
        self
    }

    /// Sorted by `order`, after what was given before; ties go by id.
    pub fn order(mut self, order: impl Into<Order>) -> Self {
        self.order.push(order.into());
        self
    }

    /// At most so many rows.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Page number `page`, from 1, for [`Client::query`](crate::shotgun::Client::query).
    pub fn page(mut self, page: u32) -> Self {
        self.page = page.max(1);
        self
    }

    /// So many rows a page instead of the client's default.
    pub fn page_size(mut self, rows: u32) -> Self {
        self.page_size = Some(rows.max(1));
        self
    }

    /// Deleted entities instead of living ones.
    pub fn retired_only(mut self) -> Self {
        self.retired = true;
        self
    }

    /// Leaves out what belongs to archived projects.
    pub fn without_archived_projects(mut self) -> Self {
        self.archived_projects = false;
        self
    }

    /// Only what this preset of the site lets through as well, such as `LATEST` of a Version with the option `latest_by`. On
    /// the wire an item of `additional_filter_presets`.
    ///
    /// ```
    /// use callboard::shotgun::Find;
    ///
    /// let newest = Find::new("Version").preset("LATEST", &[("latest_by", "ENTITIES_CREATED_AT".into())]);
    /// # assert_eq!(newest.entity_type().as_str(), "Version");
    /// ```
    pub fn preset(mut self, name: &str, options: &[(&str, Value)]) -> Self {
        let mut preset = json!({ "preset_name": name });
        for (option, value) in options {
            preset[option] = value.to_json();
        }
        self.presets.push(preset);
        self
    }

    /// What is asked about.
    pub const fn entity_type(&self) -> &EntityType {
        &self.entity_type
    }

    /// The fields asked for.
    pub fn return_fields(&self) -> &[FieldName] {
        &self.fields
    }

    /// What must hold, all of it.
    pub fn conditions(&self) -> &[Filter] {
        &self.filters
    }

    pub(super) fn sorting(&self) -> &[Order] {
        &self.order
    }

    /// The page to ask for, from 1.
    pub const fn page_number(&self) -> u32 {
        self.page
    }

    pub(super) const fn max_rows(&self) -> Option<u32> {
        self.limit
    }

    /// Rows per page, given the client's default: never more than the limit.
    pub(super) fn rows_per_page(&self, default: u32) -> u32 {
        let size = self.page_size.unwrap_or(default);
        self.limit.map_or(size, |limit| size.min(limit.max(1)))
    }

    /// The argument of `read`.
    pub(super) fn to_wire(&self, page: u32, size: u32, told: Told) -> Result<Json, Error> {
        let mut fields: Vec<&str> = self.fields.iter().map(FieldName::as_str).collect();
        if fields.is_empty() {
            fields.push("id");
        }
        let mut wire = json!({
            "type": self.entity_type,
            "return_fields": fields,
            "filters": filter::conditions(&self.filters)?,
            "return_only": if self.retired { "retired" } else { "active" },
            "paging": { "entities_per_page": size, "current_page": page },
            "api_return_image_urls": true,
        });
        match told {
            Told::Nothing => wire["return_paging_info_without_counts"] = false.into(),
            Told::More => wire["return_paging_info_without_counts"] = true.into(),
            Told::Counts => wire["return_paging_info"] = true.into(),
        }
        if !self.order.is_empty() {
            wire["sorts"] = self.order.iter().map(|order| json!({ "field_name": order.field, "direction": if order.descending { "desc" } else { "asc" } })).collect();
        }
        if !self.archived_projects {
            wire["include_archived_projects"] = false.into();
        }
        if !self.presets.is_empty() {
            wire["additional_filter_presets"] = self.presets.as_slice().into();
        }
        Ok(wire)
    }
}

/// `Shot where code is SH0100 and project is Project:70`: what is asked about, not which fields of it.
impl fmt::Display for Find {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.entity_type)?;
        for (index, filter) in self.filters.iter().enumerate() {
            write!(f, " {} {filter}", if index > 0 { "and" } else { "where" })?;
        }
        Ok(())
    }
}

/// What a page shall say about the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// Nothing: it is the only one we want, or we know already.
    Nothing,
    /// Whether another follows.
    More,
    /// How many there are. This is what clients asked before servers of version 7.4 could do without counting.
    Counts,
}

/// Part of the answer to a [`Find`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The rows of this page.
    pub rows: Rows,
    /// Whether another page follows.
    pub has_next_page: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_find_says_what_the_python_client_says() {
        let find = Find::new("Shot")
            .fields(["code"])
            .filter(Filter::is("id", 3))
            .order("-code")
            .limit(20)
            .without_archived_projects();
        let expected = json!({
            "type": "Shot", "return_fields": ["code"],
            "filters": {"logical_operator": "and", "conditions": [{"path": "id", "relation": "is", "values": [3]}]},
            "return_only": "active", "paging": {"entities_per_page": 20, "current_page": 1},
            "sorts": [{"field_name": "code", "direction": "desc"}], "include_archived_projects": false,
            "api_return_image_urls": true, "return_paging_info_without_counts": false});
        assert_eq!(
            find.to_wire(1, find.rows_per_page(500), Told::Nothing)
                .unwrap(),
            expected
        );
        assert_eq!(
            Find::new("Shot").to_wire(1, 500, Told::More).unwrap()["return_fields"],
            json!(["id"])
        );
    }

    #[test]
    fn presets_come_with_their_options() {
        let find = Find::new("Version")
            .preset("LATEST", &[("latest_by", "VERSION_NUMBER".into())])
            .preset("CUT_SHOT_VERSIONS", &[("cut_id", 7.into())]);
        let wire = find.to_wire(1, 500, Told::More).unwrap();
        let expected = json!([
            {"preset_name": "LATEST", "latest_by": "VERSION_NUMBER"},
            {"preset_name": "CUT_SHOT_VERSIONS", "cut_id": 7}]);
        assert_eq!(wire["additional_filter_presets"], expected);
    }

    #[test]
    fn a_page_is_asked_for_counts_in_the_older_way_only() {
        let flags = |told| {
            let wire = Find::new("Shot").to_wire(1, 500, told).unwrap();
            [
                wire.get("return_paging_info_without_counts").cloned(),
                wire.get("return_paging_info").cloned(),
            ]
        };
        assert_eq!(flags(Told::Nothing), [Some(json!(false)), None]);
        assert_eq!(flags(Told::More), [Some(json!(true)), None]);
        assert_eq!(flags(Told::Counts), [None, Some(json!(true))]);
    }
}
