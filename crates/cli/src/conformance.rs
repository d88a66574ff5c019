//! `conformance`: does a server do what this project believes of it?

use std::fmt;

use pos_system_api_conformance::{
    Effect, Report, Scenario, Suite, Target, Verdict, run as run_one,
};

use crate::arguments::Conformance;
use crate::exit::{Exit, Stop};
use crate::message::{printable, say_to_who_listens, with_causes};

pub(crate) async fn run(options: Conformance) -> Result<Exit, Stop> {
    let suite = Suite::built_in().map_err(|error| Stop::usage(with_causes(&error)))?;
    let scenarios = chosen(&suite, &options.scenarios)?;
    if options.list {
        for scenario in scenarios {
            say_to_who_listens(&format!("{:<24}{}", scenario.name, scenario.about))?;
        }
        return Ok(Exit::Good);
    }
    let server = options.server.configured()?.checked()?;
    let target = Target {
        base_url: versioned(&server.base_url),
        cashbox_id: server.cashbox_id,
        access_token: server.access_token,
        pos_system_id: server.pos_system_id,
        profile: options.profile.to_string(),
        effect: match (options.sign, options.irreversible) {
            (_, true) => Effect::Irreversible,
            (true, false) => Effect::Signs,
            (false, false) => Effect::None,
        },
    };
    let mut exit = Exit::Good;
    let mut count = Count::default();
    for scenario in scenarios {
        let report = run_one(scenario, &target)
            .await
            .map_err(|error| Stop::usage(with_causes(&error)))?;
        count.add(&report.verdict);
        if report.differs() {
            exit = Exit::Refused;
        }
        say_to_who_listens(&if options.json {
            serde_json::to_string(&report)
                .map_err(|error| Stop::new(Exit::Refused, error.to_string()))?
        } else {
            as_text(&report)
        })?;
    }
    if !options.json {
        say_to_who_listens(&count.to_string())?;
    }
    Ok(exit)
}

fn chosen<'a>(suite: &'a Suite, names: &[String]) -> Result<Vec<&'a Scenario>, Stop> {
    let known = |name: &String| {
        let mut scenarios = suite.scenarios().iter();
        scenarios
            .find(|scenario| scenario.name == *name)
            .ok_or_else(|| Stop::usage(format!("There is no scenario {name:?}: see --list")))
    };
    if names.is_empty() {
        Ok(suite.scenarios().iter().collect())
    } else {
        names.iter().map(known).collect()
    }
}

/// The scenarios' paths are those of version 2.
fn versioned(base_url: &str) -> String {
    let base_url = base_url.trim().trim_end_matches('/');
    if base_url.to_ascii_lowercase().ends_with("/v2") {
        base_url.to_owned()
    } else {
        format!("{base_url}/v2")
    }
}

/// How many scenarios ended in which way.
#[derive(Debug, Default)]
struct Count {
    as_expected: usize,
    different: usize,
    skipped: usize,
}

impl Count {
    fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::AsExpected => self.as_expected += 1,
            Verdict::Skipped { .. } => self.skipped += 1,
            // An ending that is not known here is none that was expected.
            _ => self.different += 1,
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            as_expected,
            different,
            skipped,
        } = self;
        write!(f, "{as_expected} as expected")?;
        if *different > 0 {
            write!(f, ", {different} different")?;
        }
        if *skipped > 0 {
            write!(f, ", {skipped} skipped")?;
        }
        Ok(())
    }
}

fn as_text(report: &Report) -> String {
    let name = &report.scenario;
    match &report.verdict {
        Verdict::AsExpected => format!("as expected  {name}"),
        Verdict::Skipped { reason } => format!("skipped      {name}: {reason}"),
        Verdict::Differs(difference) => {
            let mut text = format!(
                "differs      {name}: {} (facts {})",
                report.about, report.facts
            );
            for reason in &difference.reasons {
                text += &format!("\n  in step {}: {}", difference.step, printable(reason));
            }
            text
        }
        // More kinds of endings may come.
        other => format!("{name}: {other:?}"),
    }
}
