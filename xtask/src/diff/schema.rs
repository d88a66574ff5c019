//! Pairs of schemas, compared until no new pair turns up. No recursion: schemas may refer to
//! themselves, and to each other in long chains.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use serde_json::Value;

use super::shape::{Kind, Members, Shape, alternative_key};
use super::{Changes, Direction, Rules, Verdict, limits};
use crate::document::Document;

/// The address of a value: which place in a document it is.
type Address = *const Value;

/// Two documents being compared.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a Document,
    pub(super) new: &'a Document,
    pub(super) rules: &'a Rules,
    pub(super) changes: Changes,
    /// Schemas of whole answers. Inside a request they are passed on, and judged as answers.
    pub(super) answers: HashSet<Address>,
    open: VecDeque<Pair<'a>>,
    seen: HashSet<(Address, Address, Direction)>,
}

/// Two schemas that stand in the same place.
pub(super) struct Pair<'a> {
    pub(super) old: &'a Value,
    pub(super) new: &'a Value,
    pub(super) direction: Direction,
    pub(super) place: String,
    /// The member they describe, if they do: there, null is as good as absent.
    pub(super) member: Option<&'a str>,
    /// Whether they describe what the list or map of a member holds: there, null is left out on reading.
    pub(super) is_held_by_member: bool,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: &'a Document, new: &'a Document, rules: &'a Rules) -> Self {
        Self {
            old,
            new,
            rules,
            changes: Changes::default(),
            answers: HashSet::new(),
            open: VecDeque::new(),
            seen: HashSet::new(),
        }
    }

    /// Queues a pair.
    pub(super) fn schemas(&mut self, pair: Pair<'a>) {
        self.open.push_back(pair);
    }

    /// Compares all pairs that are queued, and those they lead to.
    pub(super) fn finish(mut self) -> Changes {
        while let Some(pair) = self.open.pop_front() {
            self.compare(pair);
        }
        self.changes
    }

    fn compare(&mut self, pair: Pair<'a>) {
        let old = Shape::of(self.old, pair.old, pair.member, self.rules);
        let new = Shape::of(self.new, pair.new, pair.member, self.rules);
        let is_answer =
            |shape: &Shape<'_>| self.answers.contains(&std::ptr::from_ref(shape.schema));
        if pair.direction == Direction::Request && (is_answer(&old) || is_answer(&new)) {
            return;
        }
        if let (Some(before), Some(after)) = (old.name, new.name)
            && before != after
        {
            let what = format!("schema `{before}` is called `{after}` now");
            self.changes
                .add(Verdict::None, Direction::Call, &pair.place, what);
        }
        if pair.member.is_none() {
            self.nullability(&old, &new, &pair);
        }
        if old.kind.label() != new.kind.label() {
            let what = format!(
                "type changed from {} to {}",
                old.kind.label(),
                new.kind.label()
            );
            self.changes
                .add(Verdict::Breaking, pair.direction, &pair.place, what);
            return;
        }
        // One place for a component, however many refer to it.
        let place = new.name.or(old.name).unwrap_or(&pair.place).to_owned();
        if pair.direction == Direction::Request {
            for (verdict, what) in limits::changes(old.schema, new.schema) {
                let place = if old.name.is_some() {
                    &place
                } else {
                    &pair.place
                };
                self.changes.add(verdict, pair.direction, place, what);
            }
        }
        let addresses = (
            std::ptr::from_ref(old.schema),
            std::ptr::from_ref(new.schema),
            pair.direction,
        );
        if !self.seen.insert(addresses) {
            return;
        }
        let direction = pair.direction;
        let is_held = pair.is_held_by_member || pair.member.is_some();
        match (old.kind, new.kind) {
            (Kind::Enumeration(old), Kind::Enumeration(new)) => {
                self.values(&old, &new, direction, &place);
            }
            (Kind::List(old), Kind::List(new)) => {
                self.elements(old, new, is_held, direction, format!("{place}[]"));
            }
            (Kind::Map(old), Kind::Map(new)) => {
                self.elements(old, new, is_held, direction, format!("{place}{{}}"));
            }
            (Kind::Object(old), Kind::Object(new)) => {
                self.members(&old, &new, direction, &place);
            }
            (Kind::OneOf(old), Kind::OneOf(new)) => {
                self.alternatives(&old, &new, direction, &place);
            }
            _ => {}
        }
    }

    /// Null where no member could be absent instead: a whole body, an element of a list.
    fn nullability(&mut self, old: &Shape<'_>, new: &Shape<'_>, pair: &Pair<'_>) {
        let (verdict, what) = match (old.is_nullable, new.is_nullable, pair.direction) {
            (false, true, Direction::Response) if pair.is_held_by_member => {
                (Verdict::None, "can be null now")
            }
            (true, false, Direction::Response) if pair.is_held_by_member => {
                (Verdict::None, "is never null now")
            }
            (false, true, Direction::Response) => (Verdict::Breaking, "can be null now"),
            (true, false, Direction::Response) => (Verdict::Additive, "is never null now"),
            (false, true, _) => (Verdict::Additive, "can be null now"),
            (true, false, _) => (Verdict::Breaking, "can no longer be null"),
            _ => return,
        };
        self.changes.add(verdict, pair.direction, &pair.place, what);
    }

    fn values(
        &mut self,
        old: &BTreeSet<&str>,
        new: &BTreeSet<&str>,
        direction: Direction,
        place: &str,
    ) {
        for value in old.difference(new) {
            let what = format!("value `{value}` removed");
            self.changes.add(Verdict::Breaking, direction, place, what);
        }
        for value in new.difference(old) {
            let what = format!("value `{value}` added");
            self.changes.add(Verdict::Additive, direction, place, what);
        }
    }

    /// What a list or a map holds; nothing declared is any JSON.
    fn elements(
        &mut self,
        old: Option<&'a Value>,
        new: Option<&'a Value>,
        is_held_by_member: bool,
        direction: Direction,
        place: String,
    ) {
        static ANY: Value = Value::Null;
        if old.is_some() || new.is_some() {
            self.schemas(Pair {
                old: old.unwrap_or(&ANY),
                new: new.unwrap_or(&ANY),
                direction,
                place,
                member: None,
                is_held_by_member,
            });
        }
    }

    fn members(&mut self, old: &Members<'a>, new: &Members<'a>, direction: Direction, place: &str) {
        for name in old
            .schemas
            .keys()
            .filter(|name| !new.schemas.contains_key(*name))
        {
            let place = format!("{place}.{name}");
            self.changes
                .add(Verdict::Breaking, direction, &place, "member removed");
        }
        for (name, after) in &new.schemas {
            let place = format!("{place}.{name}");
            let Some(before) = old.schemas.get(name) else {
                let is_required = new.required.contains(name)
                    && !Shape::of(self.new, after, None, self.rules).is_nullable;
                let (verdict, what) = match (direction, is_required) {
                    (Direction::Response, _) => (Verdict::Additive, "member added"),
                    (_, false) => (Verdict::Additive, "optional member added"),
                    (_, true) => (Verdict::Breaking, "required member added"),
                };
                self.changes.add(verdict, direction, &place, what);
                continue;
            };
            let presence =
                |document: &'a Document, members: &Members<'a>, schema: &'a Value| Presence {
                    is_required: members.required.contains(name),
                    is_nullable: Shape::of(document, schema, None, self.rules).is_nullable,
                };
            let was = presence(self.old, old, before);
            let is = presence(self.new, new, after);
            let keeps = self.rules.indispensable.contains(*name);
            if let Some((verdict, what)) = Presence::change(was, is, direction, keeps) {
                self.changes.add(verdict, direction, &place, what);
            }
            let is_deprecated = |schema: &Value| schema.get("deprecated") == Some(&true.into());
            if is_deprecated(after) && !is_deprecated(before) {
                self.changes
                    .add(Verdict::None, direction, &place, "is deprecated now");
            }
            self.schemas(Pair {
                old: before,
                new: after,
                direction,
                place,
                member: Some(name),
                is_held_by_member: false,
            });
        }
    }

    fn alternatives(
        &mut self,
        old: &[&'a Value],
        new: &[&'a Value],
        direction: Direction,
        place: &str,
    ) {
        let mut rest: BTreeMap<(String, bool), Vec<&'a Value>> = BTreeMap::new();
        for alternative in new {
            let key = alternative_key(self.new, alternative);
            rest.entry(key).or_default().push(alternative);
        }
        let mut pairs = Vec::new();
        let mut unmatched = Vec::new();
        for alternative in old {
            let key = alternative_key(self.old, alternative);
            match rest.get_mut(&key).filter(|same| !same.is_empty()) {
                Some(same) => pairs.push((*alternative, same.remove(0), key.0)),
                None => unmatched.push((*alternative, key.0)),
            }
        }
        let mut left: VecDeque<(&Value, String)> = rest
            .into_iter()
            .flat_map(|(key, list)| list.into_iter().map(move |value| (value, key.0.clone())))
            .collect();
        // Renamed or inlined alternatives: as many as before, of the same type, are the same.
        if unmatched.len() == left.len() {
            let position = |value: &Value, list: &[&Value]| {
                list.iter().position(|other| std::ptr::eq(*other, value))
            };
            let mut in_order: Vec<_> = left.drain(..).collect();
            in_order.sort_by_key(|(value, _)| position(value, new));
            for ((before, key), (after, _)) in unmatched.drain(..).zip(in_order) {
                pairs.push((before, after, key));
            }
        }
        for (_, key) in unmatched {
            let what = format!("alternative `{key}` removed");
            self.changes.add(Verdict::Breaking, direction, place, what);
        }
        for (_, key) in left {
            // A client in use cannot read an answer of a form it does not know.
            let verdict = match direction {
                Direction::Response => Verdict::Breaking,
                _ => Verdict::Additive,
            };
            let what = format!("alternative `{key}` added");
            self.changes.add(verdict, direction, place, what);
        }
        for (old, new, key) in pairs {
            self.schemas(Pair {
                old,
                new,
                direction,
                place: format!("{place}({key})"),
                member: None,
                is_held_by_member: false,
            });
        }
    }
}

/// Whether a member is always there.
#[derive(Debug, Clone, Copy)]
struct Presence {
    is_required: bool,
    is_nullable: bool,
}

impl Presence {
    /// The client leaves out what has no value and reads null as absent, so only "always there
    /// with a value" differs from the rest.
    fn change(
        was: Self,
        is: Self,
        direction: Direction,
        is_indispensable: bool,
    ) -> Option<(Verdict, &'static str)> {
        let is_certain = |presence: Self| presence.is_required && !presence.is_nullable;
        let (verdict, what) = match (is_certain(was), is_certain(is)) {
            (true, false) if is.is_required => (Verdict::Additive, "can be null now"),
            (true, false) => (Verdict::Additive, "is optional now"),
            (false, true) => (Verdict::Breaking, "is required now"),
            _ if was.is_nullable && !is.is_nullable => (Verdict::None, "can no longer be null"),
            _ if !was.is_nullable && is.is_nullable => (Verdict::None, "can be null now"),
            _ if was.is_required != is.is_required => (Verdict::None, "requirement changed"),
            _ => return None,
        };
        let verdict = match (direction, verdict, is_indispensable) {
            (Direction::Response, Verdict::Additive, true) => Verdict::Breaking,
            (Direction::Response, Verdict::Breaking, true) => Verdict::Additive,
            (Direction::Response, _, false) => Verdict::None,
            _ => verdict,
        };
        Some((verdict, what))
    }
}
