//! What is left of a query when the index has answered it: conditions that are judged of each thing, and what stands
//! beside them inside OR and NOT, which the index is asked for once more.

use super::{
    Amount, Expr, Query,
    engine::{Around, Tree, tree},
    measured::Beyond,
};

/// What has to hold of each thing that the index gives.
#[derive(Debug)]
pub(super) struct Rest {
    /// All of these.
    pub members: Vec<Member>,
    /// What the index is asked of the same things, one by one.
    pub asked: Vec<Tree>,
}

/// A condition of the whole query.
#[derive(Debug)]
pub(super) struct Member {
    part: Part,
    /// What is to be found out for it.
    pub amounts: Vec<Amount>,
}

#[derive(Debug)]
enum Part {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// The place of what the index is asked.
    Asked(usize),
    /// The place of what is found out.
    Amount(usize),
}

impl Rest {
    /// A condition that the index knows is left to it: whatever it gives, that holds of it.
    pub fn of(query: &Query, around: Around<'_>) -> Self {
        let (mut members, mut asked) = (Vec::new(), Vec::new());
        for member in query.members().iter().filter(|member| member.is_judged()) {
            let mut amounts = Vec::new();
            let part = part(member, &mut asked, &mut amounts);
            members.push(Member { part, amounts });
        }
        Self { members, asked: asked.iter().map(|expr| tree(Some(expr), around)).collect() }
    }

    pub fn is_nothing(&self) -> bool {
        self.members.is_empty()
    }

    pub fn amounts(&self) -> impl Iterator<Item = &Amount> {
        self.members.iter().flat_map(|member| &member.amounts)
    }
}

impl Member {
    /// How surely it holds of a thing: what the index said of that, and what was found out, each in its place.
    pub fn fits(&self, inside: &[bool], answers: &[Beyond]) -> Beyond {
        self.part.fits(inside, answers)
    }
}

impl Part {
    fn fits(&self, inside: &[bool], answers: &[Beyond]) -> Beyond {
        match self {
            Self::All(parts) => parts.iter().map(|part| part.fits(inside, answers)).min().unwrap_or(Beyond::Surely),
            Self::Any(parts) => parts.iter().map(|part| part.fits(inside, answers)).max().unwrap_or(Beyond::No),
            Self::Not(part) => part.fits(inside, answers).opposite(),
            Self::Asked(place) => Beyond::of(inside.get(*place).copied().unwrap_or_default()),
            Self::Amount(place) => answers.get(*place).copied().unwrap_or_default(),
        }
    }
}

fn part(expr: &Expr, asked: &mut Vec<Expr>, amounts: &mut Vec<Amount>) -> Part {
    match expr {
        Expr::Amount(amount) => {
            amounts.push(amount.clone());
            Part::Amount(amounts.len() - 1)
        }
        Expr::And(members) if expr.is_judged() => Part::All(parts(members, Expr::all, asked, amounts)),
        Expr::Or(members) if expr.is_judged() => Part::Any(parts(members, Expr::any, asked, amounts)),
        Expr::Not(inner) if expr.is_judged() => Part::Not(Box::new(part(inner, asked, amounts))),
        known => {
            asked.push(known.clone());
            Part::Asked(asked.len() - 1)
        }
    }
}

/// What the index knows of them is one question.
fn parts(
    members: &[Expr],
    joined: fn(Vec<Expr>) -> Option<Expr>,
    asked: &mut Vec<Expr>,
    amounts: &mut Vec<Amount>,
) -> Vec<Part> {
    let (judged, known): (Vec<&Expr>, Vec<&Expr>) = members.iter().partition(|member| member.is_judged());
    let known = joined(known.into_iter().cloned().collect());
    known.iter().chain(judged).map(|member| part(member, asked, amounts)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::Date;

    use super::*;
    use crate::search::{
        engine::{Owners, fts5},
        parse::parse,
    };

    fn rest(text: &str) -> Rest {
        let (people, owned, owners) = (BTreeMap::new(), BTreeMap::new(), Owners::default());
        let today = Date::constant(2026, 11, 27);
        let around = Around { me: None, people: &people, owned: &owned, owners: &owners, today };
        Rest::of(&parse(text).unwrap(), around)
    }

    #[test]
    fn the_index_is_asked_once_more_only_for_what_stands_beside_a_judged_condition() {
        for (text, asked) in [
            ("a b -c", vec![]),
            ("a is:open -has:fix", vec![]),
            ("is:open OR has:fix", vec![]),
            ("a OR b OR is:open", vec!["(\"a\" OR \"b\")"]),
            ("a (b OR is:open) (c OR -(d e has:fix))", vec!["\"b\"", "\"c\"", "(\"d\" AND \"e\")"]),
            ("c OR a b is:open", vec!["\"c\"", "(\"a\" AND \"b\")"]),
        ] {
            let asked_for: Vec<String> = rest(text).asked.iter().map(fts5).collect();
            assert_eq!(asked_for, asked, "{text}");
        }
    }

    #[test]
    fn the_table_of_what_holds_of_a_thing() {
        let (no, maybe, yes) = (Beyond::No, Beyond::Possibly, Beyond::Surely);
        for (text, inside, answers, expected) in [
            ("is:open", vec![], vec![yes], yes),
            ("-is:open", vec![], vec![yes], no),
            ("-measured:a>1s", vec![], vec![maybe], maybe),
            ("a OR is:open", vec![true], vec![no], yes),
            ("a OR is:open", vec![false], vec![no], no),
            ("a OR is:open", vec![false], vec![yes], yes),
            ("a OR measured:a>1s", vec![false], vec![maybe], maybe),
            ("a OR measured:a>1s", vec![true], vec![maybe], yes),
            ("-(a OR is:open)", vec![false], vec![no], yes),
            ("-(a OR is:open)", vec![true], vec![no], no),
            ("-(a measured:a>1s)", vec![true], vec![maybe], maybe),
            ("-(a is:open)", vec![false], vec![yes], yes),
            ("(a is:open) OR (b -has:fix)", vec![false, true], vec![yes, no], yes),
            ("(a is:open) OR (b -has:fix)", vec![false, true], vec![yes, yes], no),
            ("is:open OR measured:a>1s OR has:fix", vec![], vec![no, maybe, no], maybe),
        ] {
            let rest = rest(text);
            let [member] = rest.members.as_slice() else { panic!("{text}: {rest:?}") };
            assert_eq!((rest.asked.len(), member.amounts.len()), (inside.len(), answers.len()), "{text}");
            assert_eq!(member.fits(&inside, &answers), expected, "{text}");
        }
        assert!(rest("a b").is_nothing());
        assert_eq!(rest("is:open a has:fix").members.len(), 2, "each is a condition of its own");
    }
}
