//! How much of a run a trace shows.

use crate::actors::{Sojourn, StationId, Stations};
use crate::scenario::{Measure, Scenario};
use crate::time::{SimDuration, SimTime};
use std::collections::BTreeSet;
use thiserror::Error;

/// What a trace shows of a run; by default everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TraceLimits {
    window: Option<[SimTime; 2]>,
    clients: Option<BTreeSet<u32>>,
}

/// Why words are no limit.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LimitError {
    /// No window of time.
    #[error("`{0}` is no window; write one like `0s..5s`, the later time last")]
    Window(String),
    /// No client.
    #[error("there is no client `{0}`; name a device, such as `{1}`, or a class, such as `{2}`")]
    Client(String, String, String),
}

impl TraceLimits {
    /// Leaves out what is over before the window `text`, such as `0s..5s` of simulation time, or
    /// begins after it.
    ///
    /// # Errors
    /// If it is none.
    pub fn within(self, text: &str) -> Result<Self, LimitError> {
        let time = |text: &str| {
            let si = Measure::read(text)?.si()?;
            let seconds = (si.unit == "s" && si.value >= 0.0).then_some(si.value)?;
            SimTime::ZERO.checked_add(SimDuration::from_secs_f64(seconds))
        };
        let window = text
            .split_once("..")
            .and_then(|(from, to)| Some([time(from)?, time(to)?]))
            .filter(|[from, to]| from < to)
            .ok_or_else(|| LimitError::Window(text.to_owned()))?;
        Ok(Self { window: Some(window), ..self })
    }

    /// Leaves out what belongs to other clients of `scenario` than those that `names` lists: devices
    /// such as `pi/0` and classes such as `pi`.
    ///
    /// # Errors
    /// If one of them is unknown.
    pub fn of_clients<'a>(
        self,
        names: impl IntoIterator<Item = &'a str>,
        scenario: &Scenario,
    ) -> Result<Self, LimitError> {
        let mut clients = BTreeSet::new();
        for name in names {
            let mut first = 0;
            let mut found = false;
            for entry in &scenario.fleet {
                let number = name
                    .strip_prefix(entry.name.as_str())
                    .and_then(|rest| rest.strip_prefix('/'))
                    .and_then(|number| number.parse::<u32>().ok())
                    .filter(|number| *number < entry.count);
                if name == entry.name {
                    clients.extend(first..first + entry.count);
                    found = true;
                } else if let Some(number) = number {
                    clients.insert(first + number);
                    found = true;
                }
                first += entry.count;
            }
            if !found {
                let class = scenario.fleet.first().map_or("", |entry| entry.name.as_str());
                let device = format!("{class}/0");
                return Err(LimitError::Client(name.to_owned(), device, class.to_owned()));
            }
        }
        Ok(Self { clients: Some(clients), ..self })
    }

    /// Whether `sojourn` is shown.
    pub(super) fn show(&self, sojourn: &Sojourn) -> bool {
        let in_window =
            self.window.is_none_or(|[from, to]| sojourn.delivered >= from && sojourn.arrived <= to);
        let chosen = match (&self.clients, sojourn.subject.client()) {
            (None, _) | (_, None) => true,
            (Some(clients), Some(client)) => clients.contains(&client),
        };
        in_window && chosen
    }

    /// Whether what happens at `station` at `time` is shown: links are shown with every client's.
    pub(super) fn show_station(
        &self,
        time: SimTime,
        station: StationId,
        stations: &Stations,
    ) -> bool {
        let in_window = self.window.is_none_or(|[from, to]| time >= from && time <= to);
        let chosen = match (&self.clients, stations.client(station)) {
            (None, _) | (_, None) => true,
            (Some(clients), Some(client)) => clients.contains(&client),
        };
        in_window && chosen
    }
}
