//! The table in the documentation of `Outcome`, as it stands there.

/// The source that holds the table.
const SOURCE: &str = include_str!("../../src/outcome.rs");

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// What comes back, or does not.
    pub(crate) signal: String,
    /// What the client does about it.
    pub(crate) done: String,
    /// How the call ends: a variant of `Outcome` or of `ErrorKind`.
    pub(crate) result: String,
    /// What is known about the server's side.
    pub(crate) known: String,
}

/// All rows in their order.
pub(crate) fn rows() -> Vec<Row> {
    SOURCE
        .lines()
        .filter_map(|line| line.strip_prefix("/// | "))
        // The heading and the line below it.
        .skip(1)
        .map(row)
        .collect()
}

fn row(line: &str) -> Row {
    let cells: Vec<&str> = line
        .trim_end()
        .trim_end_matches('|')
        .split('|')
        .map(str::trim)
        .collect();
    let [signal, done, result, known] = cells[..] else {
        panic!("not four cells: {line}");
    };
    Row {
        signal: signal.to_owned(),
        done: done.to_owned(),
        result: result.trim_matches('`').to_owned(),
        known: known.to_owned(),
    }
}

impl Row {
    /// Every status that the signal names, ranges and "other" ones included.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        let words: Vec<&str> = self
            .signal
            .split(|c: char| !c.is_ascii_alphanumeric())
            .collect();
        let mut statuses = Vec::new();
        for (index, word) in words.iter().enumerate() {
            match (word.parse::<u16>(), index.checked_sub(1).map(|i| words[i])) {
                (Ok(end), Some("to")) => {
                    let start: u16 = statuses.pop().expect("a range has a start");
                    statuses.extend(start..=end);
                }
                (Ok(status), _) => statuses.push(status),
                (Err(_), Some("other")) => statuses.extend(match *word {
                    "3xx" => &[300, 302, 303, 304][..],
                    "4xx" => &[406, 410, 415, 418, 451],
                    "5xx" => &[501, 505, 507, 528, 599],
                    _ => &[],
                }),
                _ => {}
            }
        }
        statuses
    }

    /// What the row promises of the attempts of an operation.
    pub(crate) fn promise(&self) -> Promise {
        let done = self.done.as_str();
        let words: Vec<&str> = done.split([' ', ',']).collect();
        let times = words
            .windows(2)
            .find(|pair| pair[1] == "times")
            .map(|pair| pair[0].parse::<usize>().expect("a number before `times`"));
        let questions = done.matches("the record asked for").count();
        // What is done by the record is sent once more for its answer.
        let fetched = usize::from(done.ends_with("then sent again"));
        Promise {
            resends: match times {
                Some(times) => Resends::Exactly(times + fetched),
                None if questions > 0 => Resends::Exactly(fetched),
                None if done.contains("until the deadline") => Resends::UntilTheDeadline,
                None if done.contains("sent again at once") => Resends::Exactly(1),
                None if done.starts_with("nothing") => Resends::Exactly(0),
                None => panic!("no promise is known by these words: {done}"),
            },
            is_first_at_once: done.contains("at once"),
            questions,
        }
    }
}

/// What a row promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Promise {
    pub(crate) resends: Resends,
    /// Whether the first resend does not wait.
    pub(crate) is_first_at_once: bool,
    /// How often the record is asked for.
    pub(crate) questions: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resends {
    Exactly(usize),
    UntilTheDeadline,
}
