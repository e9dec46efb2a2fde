//! `run` with several training methods: one after the other, then beside one another.

use super::exit::Failure;
use super::interrupt::stop_at_interrupt;
use super::load::located;
use super::output::print;
use super::run::{RunArguments, bad_folder, lost, simulate, unfinished};
use crate::experiment::MethodResult;
use crate::report::{self, OutputFolder};
use crate::scenario::LoadedScenario;

/// Runs each method of the scenario, with its results in a folder of `folder` by the method's name,
/// and writes the comparison into `folder` itself, its figure into `figures` too.
pub(super) fn compare_methods(
    arguments: &RunArguments,
    loaded: LoadedScenario,
    folder: &OutputFolder,
    figures: Option<&OutputFolder>,
) -> Result<(), Failure> {
    let LoadedScenario { scenario, source, .. } = loaded;
    let (mut methods, mut is_whole) = (Vec::new(), true);
    for scenario in scenario.each_method() {
        let method = scenario.training.as_ref().map_or("", |training| training.method.name());
        let own = OutputFolder::prepare(folder.path().join(method)).map_err(bad_folder)?;
        let alone = LoadedScenario {
            scenario: scenario.clone(),
            source: source.clone(),
            sweep: None,
            expectations: Vec::new(),
        };
        let (run, _) = simulate(arguments, alone, &own, None)?;
        is_whole &= !run.interrupted;
        let result = MethodResult::of(&scenario, run);
        methods.push(result.map_err(|rejection| located(rejection.into(), &source))?);
        if stop_at_interrupt().is_raised() {
            break;
        }
    }
    report::write_comparison(&methods, folder).map_err(lost)?;
    report::write_scenario(source.text(), folder).map_err(lost)?;
    if let Some(figures) = figures {
        report::figures::draw_methods(&methods, figures).map_err(lost)?;
    }
    let path = folder.path().display();
    print(&format!("{}\nWritten to {path}\n", report::comparison_table(&methods)))?;
    if is_whole { Ok(()) } else { unfinished(arguments) }
}
