use super::table::MOST_ROWS;
use super::*;
use crate::experiment::{LoadState, RunResult, Verdict};
use crate::report::sample::{self, Shape};
use crate::report::{Checked, OutputFolder, write_comparison, write_run, write_scenario};
use scraper::{ElementRef, Html, Selector};
use std::fs;
use std::time::Duration;
use tempfile::TempDir;

const SCENARIO: &str = "name: quickstart # <b>bold</b> & more\n";

/// A folder that holds `run`.
fn folder_of(run: &RunResult, expectations: &[Checked]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = OutputFolder::prepare(root.path()).unwrap();
    write_run(run, &folder, 1.0, Duration::from_secs(1), expectations).unwrap();
    write_scenario(SCENARIO, &folder).unwrap();
    root
}

fn report(folder: &TempDir) -> String {
    html_report(folder.path()).unwrap()
}

/// The report of `run` as a browser reads it.
fn parsed(run: &RunResult) -> Html {
    Html::parse_document(&report(&folder_of(run, &[])))
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().concat()
}

fn texts(page: &Html, selector: &str) -> Vec<String> {
    all(page, selector).into_iter().map(text).collect()
}

#[test]
fn a_run_s_report_has_its_verdict_identity_numbers_and_sections() {
    let page = parsed(&sample::complete());
    assert_eq!(texts(&page, "h1"), ["quickstart"]);
    assert_eq!(texts(&page, ".verdict .state"), ["stable"]);
    let identity = texts(&page, ".identity dd");
    assert_eq!(identity[0], "1");
    assert_eq!(identity[2], "0123456789abcdef0011223344556677");
    let labels = texts(&page, ".tiles dt");
    for label in ["Latency p50", "Latency p99", "Answered right", "Offloaded", "Training"] {
        assert!(labels.iter().any(|found| found == label), "{label} in {labels:?}");
    }
    let headings = texts(&page, "h2");
    let sections =
        ["Requests", "Accuracy", "Figures", "Training", "Stations and links", "Clients", "Energy"];
    assert_eq!(headings[..7], sections);
    // Every link of the contents leads to a heading.
    for link in all(&page, "nav a") {
        assert_eq!(all(&page, link.attr("href").unwrap()).len(), 1);
    }
}

#[test]
fn nothing_is_loaded_from_anywhere() {
    let html = report(&folder_of(&sample::complete(), &[]));
    let page = Html::parse_document(&html);
    assert!(all(&page, "[src], link[rel=stylesheet], iframe, object, embed, img").is_empty());
    for element in all(&page, "[href]") {
        let target = element.attr("href").unwrap();
        assert!(target.starts_with('#') || target == "data:,", "{target}");
    }
    for part in html.split("http").skip(1) {
        let is_namespace = part.starts_with("://www.w3.org/2000/svg\"");
        assert!(is_namespace || part.starts_with("-equiv"), "{}", &part[..40]);
    }
    assert!(!html.contains("@import") && !html.contains("url("));
    let policy = all(&page, "meta[http-equiv=Content-Security-Policy]")[0];
    assert!(policy.attr("content").unwrap().starts_with("default-src 'none'; "));
}

#[test]
fn equal_results_give_equal_bytes_whenever_and_wherever_they_were_computed() {
    let (one, two) = (folder_of(&sample::small(), &[]), folder_of(&sample::small(), &[]));
    let summary = fs::read_to_string(two.path().join("summary.json")).unwrap();
    let slower = summary.replace("\"wall_time_s\": 1.0", "\"wall_time_s\": 999.0");
    assert_ne!(summary, slower);
    fs::write(two.path().join("summary.json"), slower).unwrap();
    assert_eq!(report(&one), report(&two));
}

#[test]
fn names_and_texts_are_text_whatever_they_hold() {
    let hostile = "</title><script>alert('ρ')</script>\"><img src=x onerror=alert(1)>";
    let mut run =
        Shape { classes: vec![(hostile.to_owned(), 2), ("pi".to_owned(), 1)], ..Shape::default() }
            .build();
    run.scenario = hostile.to_owned();
    let page = parsed(&run);
    assert_eq!(texts(&page, "h1"), [hostile]);
    assert_eq!(all(&page, "script").len(), 1, "our own");
    assert!(all(&page, "img, b, [onerror]").is_empty());
    assert!(texts(&page, "pre.scenario")[0].contains("<b>bold</b> & more"));
    assert!(texts(&page, "th[scope=row]").iter().any(|name| name == hostile));
}

#[test]
fn figures_are_inline_with_titles_captions_and_names_that_are_unique() {
    let page = parsed(&sample::complete());
    let figures = all(&page, "figure");
    assert!(figures.len() >= 10, "{}", figures.len());
    for figure in figures {
        let svg = figure.select(&Selector::parse("svg[role=img]").unwrap()).next().unwrap();
        for id in svg.attr("aria-labelledby").unwrap().split(' ') {
            let label = all(&page, &format!("[id='{id}']"));
            assert_eq!(label.len(), 1, "{id}");
            assert!(text(label[0]).len() > 5, "{id}");
        }
        let caption = figure.select(&Selector::parse("figcaption").unwrap()).next().unwrap();
        assert!(text(caption).contains(".csv"));
    }
    let mut ids: Vec<_> = all(&page, "[id]").iter().map(|with| with.attr("id").unwrap()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "every name once");
}

#[test]
fn tables_carry_the_keys_that_they_sort_by() {
    let page = parsed(&sample::small());
    for table in all(&page, "table.sortable") {
        let select = |selector| table.select(&Selector::parse(selector).unwrap()).collect();
        let (heads, rows): (Vec<_>, Vec<_>) = (select("thead th[scope=col]"), select("tbody tr"));
        for row in rows {
            let cells: Vec<_> = row.child_elements().collect();
            assert_eq!(cells.len(), heads.len());
            for (head, cell) in heads.iter().zip(&cells) {
                let is_number = head.attr("class") == Some("number");
                assert_eq!(cell.attr("data-value").is_some(), is_number, "{}", text(*cell));
                let key = cell.attr("data-value").filter(|key| !key.is_empty());
                assert!(key.is_none_or(|key| key.parse::<f64>().is_ok_and(f64::is_finite)));
            }
        }
    }
    let station = &all(&page, "#stations ~ .table tbody tr")[0];
    assert!(text(*station).starts_with("pi/0/up50.0"), "the busiest first: {}", text(*station));
}

#[test]
fn warnings_say_what_the_numbers_do_not() {
    let page = parsed(&sample::small());
    let notes = texts(&page, ".notes li");
    assert!(notes.iter().any(|note| note.contains("Few requests for a quantile")), "{notes:?}");

    let mut run = sample::small();
    run.interrupted = true;
    run.verdict = Some(Verdict {
        state: LoadState::Overloaded,
        station: "server".to_owned(),
        utilisation: 1.0,
        offered_load: 1.25,
        reason: "too much".to_owned(),
    });
    let page = parsed(&run);
    assert_eq!(texts(&page, ".verdict .state"), ["interrupted"]);
    let verdict = &texts(&page, ".verdict")[0];
    assert!(verdict.contains("server does not keep up: it is offered 1.25 times"), "{verdict}");
    let notes = texts(&page, ".notes li");
    assert!(notes[0].contains("interrupted") && notes[1].contains("steady"), "{notes:?}");
    assert!(texts(&page, "pre")[0].ends_with("--resume"));
}

#[test]
fn expectations_that_are_not_met_come_first() {
    let expected = |path: &str, met| Checked {
        path: path.to_owned(),
        expected: "< 120 ms".to_owned(),
        got: 0.2.into(),
        unit: "s",
        met,
        missed_by: None,
        line: 1,
    };
    let expectations =
        [expected("inference.latency.p50", true), expected("inference.latency.p99", false)];
    let html = report(&folder_of(&sample::small(), &expectations));
    let page = Html::parse_document(&html);
    assert_eq!(texts(&page, ".verdict .state"), ["not as expected"]);
    assert!(texts(&page, ".verdict")[0].ends_with("1 of 2 expectations met."));
    let rows = texts(&page, "#expectations ~ .table tbody tr");
    assert_eq!(
        rows,
        ["inference.latency.p99< 120 ms0.2 sno", "inference.latency.p50< 120 ms0.2 syes"]
    );
}

#[test]
fn a_run_without_training_or_without_requests_has_no_section_of_it() {
    let headings = texts(&parsed(&sample::latency_only()), "h2");
    assert!(!headings.iter().any(|heading| ["Accuracy", "Training"].contains(&heading.as_str())));
    let mut run = sample::small();
    (run.inference, run.verdict) = (None, None);
    let page = parsed(&run);
    assert!(!texts(&page, "h2").contains(&"Requests".to_owned()));
    let verdict = &texts(&page, ".verdict")[0];
    assert!(verdict.contains("20 rounds of splitgp took 12.001 s of simulated time"), "{verdict}");
    let page = parsed(&sample::nothing_answered());
    assert!(!texts(&page, ".tiles dt").iter().any(|label| label.starts_with("Latency")));
    assert!(texts(&page, ".notes li")[0].contains("300 were still under way"));
}

#[test]
fn a_fleet_of_thousands_has_a_short_report_that_says_what_it_left_out() {
    let shape = Shape { classes: vec![("pi".to_owned(), 5000)], requests: 1, ..Shape::default() };
    let html = report(&folder_of(&shape.build(), &[]));
    assert!(html.len() < 4 << 20, "{} bytes", html.len());
    let page = Html::parse_document(&html);
    let left_out = texts(&page, ".left-out");
    let clients = "Shown: the slowest 200 of 5000 clients; 4800 are left out here and stand in \
                   summary.json.";
    assert!(left_out.iter().any(|text| text == clients), "{left_out:?}");
    assert_eq!(all(&page, "#clients ~ .table tbody tr").len(), MOST_ROWS);
}

#[test]
fn methods_are_compared_with_a_note_and_a_run_for_each() {
    let root = tempfile::tempdir().unwrap();
    let folder = OutputFolder::prepare(root.path()).unwrap();
    let methods = sample::methods();
    write_comparison(&methods, &folder).unwrap();
    for method in &methods {
        let name = method.run.training.as_ref().unwrap().method;
        let own = OutputFolder::prepare(root.path().join(name)).unwrap();
        write_run(&method.run, &own, 1.0, Duration::ZERO, &[]).unwrap();
    }
    let page = Html::parse_document(&report(&root));
    assert_eq!(texts(&page, ".kind"), ["Comparison of training methods"]);
    let rows = texts(&page, "#accuracy ~ .table tbody tr");
    assert!(rows[0].starts_with("splitgpclient exit91.4"), "{rows:?}");
    assert!(rows.iter().any(|row| row.starts_with("fedavgfull model92.4")), "{rows:?}");
    assert_eq!(all(&page, "figure").len(), 1);
    assert_eq!(all(&page, "#runs ~ .table tbody tr").len(), 2);
    assert!(report(&root) == report(&root));
}

#[test]
fn what_holds_no_results_or_damaged_ones_is_named() {
    let root = tempfile::tempdir().unwrap();
    let complaint = || html_report(root.path()).unwrap_err().to_string();
    assert!(complaint().contains("holds nothing to report on: give a folder that `run`"));
    fs::write(root.path().join("methods.csv"), "method,rounds\n").unwrap();
    assert!(complaint().contains("no method that was evaluated"), "{}", complaint());
    fs::write(root.path().join("methods.csv"), "method,rounds\nsplitgp,many\n").unwrap();
    assert!(complaint().contains("methods.csv cannot be read"), "{}", complaint());
    fs::write(root.path().join("summary.json"), "{\"scenario\": 1}").unwrap();
    assert!(complaint().contains("summary.json cannot be read"), "{}", complaint());

    let run = folder_of(&sample::small(), &[]);
    fs::write(run.path().join("latency_cdf.svg"), "<svg").unwrap();
    let error = html_report(run.path()).unwrap_err().to_string();
    assert!(error.contains("latency_cdf.svg cannot be read"), "{error}");
}
