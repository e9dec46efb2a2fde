//! How far a training has come, as a file.

use crate::experiment::training::RoundLosses;
use crate::learning::{ArrayError, ArrayReader, ArrayWriter, FederationState};
use std::collections::BTreeMap;
use std::io::{self, Read, Seek, Write};

/// The version of the format.
const FORMAT: u32 = 2;

/// The losses of all finished rounds, with the gradient norms measured after them, and, while training goes on, the models after the last one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Progress {
    pub(super) losses: Vec<Option<RoundLosses>>,
    pub(super) models: Option<FederationState>,
}

impl Progress {
    /// Writes it: a loss that there is none of as not-a-number, weights to the bit.
    ///
    /// # Errors
    /// If the disk fails.
    pub(super) fn write<W: Write + Seek>(&self, out: W) -> io::Result<W> {
        let mut arrays = ArrayWriter::plain(out);
        arrays.add("format", &[FORMAT])?;
        let column = |loss: fn(&RoundLosses) -> Option<f64>| -> Vec<f64> {
            let losses = self.losses.iter().map(|losses| losses.as_ref().and_then(loss));
            losses.map(|loss| loss.unwrap_or(f64::NAN)).collect()
        };
        arrays.add("client_loss", &column(|losses| losses.client))?;
        arrays.add("server_loss", &column(|losses| losses.server))?;
        arrays.add("full_loss", &column(|losses| losses.full))?;
        arrays.add("gradient_norm", &column(|losses| losses.gradient_norm))?;
        if let Some(models) = &self.models {
            let unmixed: Vec<u8> = models.unmixed.iter().copied().map(u8::from).collect();
            arrays.add("unmixed", &unmixed)?;
            for (name, values) in &models.weights {
                arrays.add(name, values)?;
            }
        }
        arrays.finish()
    }

    /// Reads the progress after `rounds` rounds, and those of the models' `parts`, each with its
    /// number of values, that are there.
    ///
    /// # Errors
    /// If an array is missing or damaged.
    pub(super) fn read<R: Read + Seek>(
        file: R,
        rounds: u32,
        parts: &[(String, usize)],
    ) -> Result<Self, ArrayError> {
        let mut arrays = ArrayReader::open(file)?;
        let malformed =
            |name: &str, reason: String| ArrayError::Malformed { name: name.to_owned(), reason };
        let format: Vec<u32> = arrays.required("format")?;
        if format != [FORMAT] {
            return Err(malformed("format", format!("{format:?} instead of [{FORMAT}]")));
        }
        let mut column = |name: &str| {
            let losses: Vec<f64> = arrays.required(name)?;
            if losses.len() as u64 != u64::from(rounds) {
                let reason = format!("{} losses of {rounds} rounds", losses.len());
                return Err(malformed(name, reason));
            }
            Ok(losses.into_iter().map(|loss| (!loss.is_nan()).then_some(loss)).collect())
        };
        let columns: [Vec<Option<f64>>; 4] = [
            column("client_loss")?,
            column("server_loss")?,
            column("full_loss")?,
            column("gradient_norm")?,
        ];
        let losses = (0..rounds as usize).map(|round| {
            let values = columns.each_ref().map(|column| column[round]);
            let [client, server, full, gradient_norm] = values;
            let exists = values.iter().any(Option::is_some);
            exists.then_some(RoundLosses { client, server, full, gradient_norm })
        });
        let losses = losses.collect();
        let Some(unmixed) = arrays.optional::<u8>("unmixed")? else {
            return Ok(Self { losses, models: None });
        };
        let mut weights = BTreeMap::new();
        for (name, count) in parts {
            if let Some(values) = arrays.optional_up_to::<f32>(name, *count)? {
                weights.insert(name.clone(), values);
            }
        }
        let unmixed = unmixed.into_iter().map(|flag| flag != 0).collect();
        Ok(Self { losses, models: Some(FederationState { weights, unmixed }) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn progress_comes_back_as_it_was_written() {
        let losses = RoundLosses {
            client: Some(0.1),
            server: Some(2.25),
            full: None,
            gradient_norm: Some(0.75),
        };
        let losses = vec![Some(losses), None];
        let weights = BTreeMap::from([("theta".to_owned(), vec![0.1, -0.0])]);
        let models = Some(FederationState { weights, unmixed: vec![true, false] });
        for models in [models, None] {
            let progress = Progress { losses: losses.clone(), models };
            let file = progress.write(Cursor::new(Vec::new())).unwrap();
            let parts = ["theta", "mean-phi"].map(|name| (name.to_owned(), 2));
            assert_eq!(Progress::read(file, 2, &parts).unwrap(), progress);
        }
    }

    #[test]
    fn losses_of_another_number_of_rounds_are_refused() {
        let file = Progress { losses: vec![None], models: None }.write(Cursor::new(Vec::new()));
        let message = Progress::read(file.unwrap(), 2, &[]).unwrap_err().to_string();
        assert_eq!(message, "array `client_loss`: 1 losses of 2 rounds");
    }
}
