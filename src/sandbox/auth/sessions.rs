//! Sessions: tokens that stand for a person or script, until they expire.
//!
//! They are marks beside the rows, so they last as long as these do. Of a token only the digest is kept: whoever reads the
//! data folder gets in nowhere.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::super::beside::Mark;
use super::super::coerce::reference;
use super::super::error::Fault;
use super::super::store::Store;
use super::super::transaction::Transaction;
use super::super::value::Ref;
use super::caller::Caller;
use super::password;

/// Sessions beyond this many close the oldest ones.
const MOST_SESSIONS: usize = 10_000;
/// How many random characters make a session token.
const TOKEN_LENGTH: usize = 32;

/// A session that has not expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who opened it.
    pub caller: Caller,
    /// How many calls it is good for; nothing means any number.
    pub calls_left: Option<u64>,
}

/// Opens a session for someone who has just been authenticated, and gives back its token. It expires after so many `calls`,
/// or never.
pub fn open(change: &mut Transaction<'_>, caller: Caller, calls: Option<u32>) -> String {
    let token: String = std::iter::repeat_with(fastrand::alphanumeric)
        .take(TOKEN_LENGTH)
        .collect();
    let token = token.to_ascii_lowercase();
    let schema = change.store().schema();
    let link = |at: Ref| json!({"type": schema.entity(at.kind).name, "id": at.id});
    let known = json!({
        "actor": link(caller.actor),
        "sender": link(caller.sender),
        "calls_left": calls,
        "opened": Timestamp::now().as_microsecond(),
    });
    make_room(change);
    change.mark(mark(&token), Some(known));
    token
}

/// The session with this token, unless it has expired or never was one.
pub fn find(store: &Store, token: &str) -> Option<Session> {
    let known = store.mark(&mark(token))?;
    let calls_left = known["calls_left"].as_u64();
    let session = Session {
        caller: Caller {
            actor: reference(store.schema(), &known["actor"])?,
            sender: reference(store.schema(), &known["sender"])?,
        },
        calls_left,
    };
    (calls_left != Some(0)).then_some(session)
}

/// Takes one of a session's calls, if they are counted. After the last one it is gone.
pub fn spend(change: &mut Transaction<'_>, token: &str) -> Result<(), Fault> {
    let session = find(change.store(), token).ok_or_else(|| dead(token))?;
    let mark = mark(token);
    let known = change.store().mark(&mark).cloned();
    if let (Some(left), Some(mut known)) = (session.calls_left, known) {
        known["calls_left"] = json!(left.saturating_sub(1));
        change.mark(mark, Some(known).filter(|_| left > 1));
    }
    Ok(())
}

/// Ends them all.
pub fn expire(change: &mut Transaction<'_>) {
    let all: Vec<Mark> = sessions(change.store())
        .map(|(mark, _)| mark.clone())
        .collect();
    for mark in all {
        change.mark(mark, None);
    }
}

/// The answer to a token that stands for nobody, or nobody any more.
pub fn dead(token: &str) -> Fault {
    let end = token
        .char_indices()
        .rev()
        .nth(3)
        .map_or(token, |(at, _)| &token[at..]);
    Fault::authentication(format!(
        "Can't authenticate session token ending with '{end}'"
    ))
}

fn mark(token: &str) -> Mark {
    Mark::Session {
        digest: password::digest(&[token]),
    }
}

/// Closes the oldest session if there are as many as there may be.
fn make_room(change: &mut Transaction<'_>) {
    let open = sessions(change.store());
    if open.count() < MOST_SESSIONS {
        return;
    }
    let oldest = sessions(change.store()).min_by_key(|(_, known)| known["opened"].as_i64());
    let oldest = oldest.map(|(mark, _)| mark.clone());
    if let Some(oldest) = oldest {
        change.mark(oldest, None);
    }
}

fn sessions(store: &Store) -> impl Iterator<Item = (&Mark, &Json)> {
    let first = Mark::Session {
        digest: String::new(),
    };
    let from_there = store.marks().range(first..);
    from_there.take_while(|(mark, _)| matches!(mark, Mark::Session { .. }))
}

#[cfg(test)]
mod tests {
    use super::super::super::schema::Schema;
    use super::*;

    #[test]
    fn the_oldest_sessions_make_room_and_what_is_kept_is_no_token() {
        let mut store = Store::new(Schema::studio());
        let kind = store.schema().kind("HumanUser").unwrap();
        let caller = Caller::from(Ref { kind, id: 1 });
        let mut change = Transaction::for_seeding(&mut store);
        let first = open(&mut change, caller, None);
        assert_eq!(find(change.store(), &first).unwrap().caller, caller);
        for _ in 1..MOST_SESSIONS {
            open(&mut change, caller, None);
        }
        assert!(find(change.store(), &first).is_some());
        let last = open(&mut change, caller, Some(1));
        assert_eq!(find(change.store(), &first), None);
        assert_eq!(sessions(change.store()).count(), MOST_SESSIONS);
        let kept = format!("{:?}", change.store().marks());
        assert!(!kept.contains(&last));
        spend(&mut change, &last).unwrap();
        assert!(spend(&mut change, &last).is_err());
        expire(&mut change);
        assert!(change.store().marks().is_empty());
    }
}
