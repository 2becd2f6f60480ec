//! How a list is shown, all of it in the address: the form that chooses columns and groups, heads that sort, and groups
//! of rows.

use std::collections::BTreeSet;

use leptos::prelude::*;
use notebook::search::{Found, Sort};
use notebook::text::Slug;
use notebook::views::shown::{Column, FIRST, Group, Shown, columns_of, groups_of};

use crate::ask::{queries, query};
use crate::parts::disclosure::Disclosure;
use crate::parts::field::SelectField;
use crate::parts::tabs::{Tab, Tabs};

/// What the address chooses of this list.
pub fn here(list: Found) -> Shown {
    // Each box of the form sends a word of its own.
    Shown::read(list, &queries("cols").join(","), &query("group"))
}

/// Its fields, each of which is part of the address where it says anything. `usual` is what the list is grouped by
/// where nobody chose.
pub fn kept(shown: &Shown, usual: Group) -> Vec<(&'static str, String)> {
    let columns = Some(shown.columns()).filter(|columns| !columns.is_empty());
    let group = shown.group.filter(|group| *group != usual);
    let columns = columns.map(|columns| ("cols", columns));
    columns.into_iter().chain(group.map(|group| ("group", group.word().to_owned()))).collect()
}

/// The same as parts of an address.
pub fn parts(shown: &Shown, usual: Group) -> Vec<String> {
    kept(shown, usual).into_iter().map(|(name, value)| format!("{name}={value}")).collect()
}

/// The order in which a list stands, and where it stands in another.
pub struct Order {
    now: Option<Sort>,
    /// An address for each that a list can have.
    hrefs: Vec<(Sort, String)>,
}

impl Order {
    /// `now` is none where the list has an order of its own.
    pub fn of(now: Option<Sort>, address: impl Fn(Sort) -> String) -> Self {
        let all = Sort::ALL.iter().filter(|sort| **sort != Sort::Relevance);
        Self { now, hrefs: all.map(|sort| (*sort, address(*sort))).collect() }
    }

    fn href(&self, sort: Sort) -> String {
        self.hrefs.iter().find(|(known, _)| *known == sort).map(|(_, href)| href.clone()).unwrap_or_default()
    }

    fn tabs(&self) -> Vec<Tab> {
        let tab = |(sort, href): &(Sort, String)| Tab {
            label: sort.label().to_owned(),
            href: href.clone(),
            current: self.now == Some(*sort),
            count: None,
        };
        self.hrefs.iter().map(tab).collect()
    }
}

/// The form that chooses, which only changes the address, and the orders there are. `fields` stay as they are.
pub fn choosing(
    list: Found,
    (shown, grouped): (&Shown, Group),
    address: String,
    fields: Vec<(&'static str, String)>,
    order: &Order,
) -> AnyView {
    let form = format!("{}-shown", list.word());
    let stay = fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let boxes = columns_of(list).iter().map(|column| {
        let id = format!("{form}-{}", column.word);
        view! {
            <div class="check">
                <input id=id.clone() type="checkbox" name="cols" value=column.word checked=shown.has(column)/>
                <label for=id>{column.label}</label>
            </div>
        }
    });
    let groups = groups_of(list).iter().map(|group| (group.word().to_owned(), group.label().to_owned()));
    let groups: Vec<(String, String)> = groups.collect();
    let (stay, boxes, tabs) = (stay.collect_view(), boxes.collect_view(), order.tabs());
    view! {
        <Disclosure name="Columns">
            <form method="get" action=address>
                {stay}
                // Without any box, the first column is left.
                <input type="hidden" name="cols" value=FIRST/>
                <fieldset class="field"><legend>"Columns besides the first"</legend>{boxes}</fieldset>
                <SelectField form=form name="group" label="Group the rows of a page by" options=groups
                    value=grouped.word()/>
                <div class="row"><button>"Show it so"</button></div>
            </form>
            <Tabs label="Order of the list" tabs=tabs/>
        </Disclosure>
    }
    .into_any()
}

/// The heads of a list's columns; one that sorts is a link, and says which way it does.
pub fn heads(list: Found, shown: &Shown, first: &'static str, order: &Order) -> AnyView {
    let others = columns_of(list).iter().filter(|column| shown.has(column)).map(|column| head(column, order));
    view! { <thead><tr><th scope="col">{first}</th>{others.collect_view()}</tr></thead> }.into_any()
}

fn head(column: &Column, order: &Order) -> AnyView {
    let Some([down, up]) = column.sorts else {
        return view! { <th scope="col">{column.label}</th> }.into_any();
    };
    let (sorted, to) = match order.now {
        Some(now) if now == down => (Some("descending"), up),
        Some(now) if now == up => (Some("ascending"), down),
        _ => (None, down),
    };
    view! { <th scope="col" aria-sort=sorted><a href=order.href(to)>{column.label}</a></th> }.into_any()
}

/// The cells of a row besides its first: of the columns on show, in the order of the list.
pub fn cells(list: Found, shown: &Shown, cells: Vec<(&'static str, AnyView)>) -> Vec<AnyView> {
    let cells = cells.into_iter().filter(|(word, _)| shown.shows(list, word));
    cells.map(|(_, cell)| view! { <td>{cell}</td> }.into_any()).collect()
}

/// The name of a group of things on these services.
pub fn services(services: &BTreeSet<Slug>) -> String {
    let names: Vec<&str> = services.iter().map(Slug::as_str).collect();
    if names.is_empty() { "No service".to_owned() } else { names.join(", ") }
}

/// The bodies of a table: one, or one for each group, in the order in which the first row of each stands.
pub fn bodies<R>(
    list: Found,
    shown: &Shown,
    rows: Vec<R>,
    group: impl Fn(&R) -> Option<String>,
    line: impl Fn(R) -> AnyView,
) -> AnyView {
    let mut groups: Vec<(Option<String>, Vec<R>)> = Vec::new();
    for row in rows {
        let name = group(&row);
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((name, vec![row])),
        }
    }
    let width = 1 + columns_of(list).iter().filter(|column| shown.has(column)).count();
    let mut bodies: Vec<AnyView> = Vec::with_capacity(groups.len());
    for (name, rows) in groups {
        let count = rows.len();
        let lines: Vec<AnyView> = rows.into_iter().map(&line).collect();
        let head = name.map(|name| {
            view! {
                <tr>
                    <th scope="rowgroup" colspan=width.to_string()>
                        <strong>{name}</strong> " " <span class="num muted">{count}</span>
                    </th>
                </tr>
            }
        });
        bodies.push(view! { <tbody>{head}{lines}</tbody> }.into_any());
    }
    bodies.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(now: Option<Sort>) -> Order {
        Order::of(now, |sort| format!("/findings?q=sort%3A{}", sort.word()))
    }

    #[test]
    fn a_head_says_which_way_it_sorts_and_leads_the_other_way() {
        let html = |now: Option<Sort>| {
            let shown = Shown::read(Found::Finding, "found,status", "");
            let order = order(now);
            Owner::new().with(|| view! { <table>{heads(Found::Finding, &shown, "Finding", &order)}</table> }.to_html())
        };
        let newest = html(Some(Sort::Created));
        assert!(newest.contains("aria-sort=\"descending\"") && newest.contains("sort%3Acreated"), "{newest}");
        let oldest = html(Some(Sort::Oldest));
        assert!(oldest.contains("aria-sort=\"ascending\"") && oldest.contains("sort%3A-created"), "{oldest}");
        assert!(!html(None).contains("aria-sort") && !html(None).contains("Severity"), "{}", html(None));
    }

    #[test]
    fn rows_of_a_group_stand_together_under_its_name() {
        let shown = Shown::read(Found::Run, "when,verdict", "");
        let html = |group: fn(&i64) -> Option<String>| {
            let line = |row: i64| view! { <tr><td>{row}</td></tr> }.into_any();
            let rows = || bodies(Found::Run, &shown, vec![1, 2, 3], group, line);
            Owner::new().with(|| view! { <table>{rows()}</table> }.to_html())
        };
        let parity = |row: &i64| {
            let word = if row % 2 == 0 { "even" } else { "odd" };
            Some(word.to_owned())
        };
        let grouped = html(parity);
        assert_eq!(grouped.matches("<tbody>").count(), 2, "{grouped}");
        assert!(grouped.contains("colspan=\"3\"") && grouped.find("odd") < grouped.find("even"), "{grouped}");
        let whole = html(|_| None);
        assert!(whole.matches("<tbody>").count() == 1 && !whole.contains("rowgroup"), "{whole}");
    }

    #[test]
    fn the_address_says_only_what_was_chosen() {
        let shown = Shown::read(Found::Finding, "status,severity", "status");
        assert_eq!(parts(&shown, Group::Nothing), ["cols=severity,status", "group=status"]);
        assert_eq!(parts(&shown, Group::Status), ["cols=severity,status"]);
        assert!(parts(&Shown::default(), Group::Nothing).is_empty());
    }
}
