//! What was worked out of the trail, for whoever asks the same while nothing has happened that it rests on.
//!
//! No truth is here: an answer is only taken for the trail it came from, which whoever asks looks at first
//! (decision 32). Each process may forget all of it at any time.

use std::{
    any::Any,
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{limits::REMEMBERED_MAX, time::Moment};

/// An answer with the line of the trail up to which it holds, and the moments between which it does.
struct Kept {
    seq: i64,
    from: Moment,
    until: Moment,
    answer: Arc<dyn Any + Send + Sync>,
}

#[derive(Default)]
pub(crate) struct Remembered(Mutex<HashMap<String, Kept>>);

impl Remembered {
    /// What was worked out about a thing and would be the same at this moment, with the number of the newest
    /// line it knows.
    pub fn recall<T: Send + Sync + 'static>(&self, of: &str, now: Moment) -> Option<(i64, Arc<T>)> {
        let all = self.all();
        let kept = all.get(of).filter(|kept| kept.from <= now && now <= kept.until)?;
        let answer = Arc::clone(&kept.answer).downcast::<T>().ok()?;
        Some((kept.seq, answer))
    }

    /// Keeps an answer, unless one is there that knows more of the trail.
    pub fn keep<T: Send + Sync + 'static>(
        &self,
        of: String,
        seq: i64,
        (from, until): (Moment, Moment),
        answer: Arc<T>,
    ) {
        let mut all = self.all();
        if all.len() >= REMEMBERED_MAX && !all.contains_key(&of) {
            let oldest = all.iter().min_by_key(|(_, kept)| kept.seq).map(|(of, _)| of.clone());
            if let Some(oldest) = oldest {
                all.remove(&oldest);
            }
        }
        match all.entry(of) {
            Entry::Occupied(place) if place.get().seq > seq => {}
            Entry::Occupied(mut place) => *place.get_mut() = Kept { seq, from, until, answer },
            Entry::Vacant(place) => {
                place.insert(Kept { seq, from, until, answer });
            }
        }
    }

    /// No line up to this one concerns the answer.
    pub fn still_holds(&self, of: &str, seq: i64) {
        if let Some(kept) = self.all().get_mut(of) {
            kept.seq = kept.seq.max(seq);
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: i64) -> Moment {
        Moment::from_micros(micros)
    }

    #[test]
    fn an_answer_holds_between_its_moments_and_for_its_own_kind() {
        let all = Remembered::default();
        all.keep("EXP-1".into(), 7, (at(10), at(20)), Arc::new(1_u8));
        assert_eq!(all.recall::<u8>("EXP-1", at(20)).map(|(seq, one)| (seq, *one)), Some((7, 1)));
        assert!(all.recall::<u8>("EXP-1", at(21)).is_none(), "time has passed");
        assert!(all.recall::<u8>("EXP-1", at(9)).is_none(), "the clock was set back");
        assert!(all.recall::<u16>("EXP-1", at(15)).is_none() && all.recall::<u8>("EXP-2", at(15)).is_none());
    }

    #[test]
    fn what_knows_less_of_the_trail_replaces_nothing() {
        let all = Remembered::default();
        for (seq, answer) in [(7, 1_u8), (6, 2), (8, 3)] {
            all.keep("EXP-1".into(), seq, (at(0), at(9)), Arc::new(answer));
        }
        all.still_holds("EXP-1", 12);
        all.still_holds("EXP-1", 11);
        assert_eq!(all.recall::<u8>("EXP-1", at(5)).map(|(seq, one)| (seq, *one)), Some((12, 3)));
    }

    #[test]
    fn only_so_many_are_kept() {
        let all = Remembered::default();
        for number in 0..=REMEMBERED_MAX {
            let seq = i64::try_from(number).unwrap();
            all.keep(format!("EXP-{number}"), seq, (at(0), at(9)), Arc::new(0_u8));
        }
        assert!(all.recall::<u8>("EXP-0", at(5)).is_none());
        assert!(all.recall::<u8>("EXP-1", at(5)).is_some());
    }
}
