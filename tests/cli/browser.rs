//! The report in a real browser, where there is one: `CHROME`, or Chromium or Chrome in the `PATH`.

use crate::support::{SMALL, Workplace};
use assert_cmd::Command;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the browser may take; it starts slowly where many programs run.
const PATIENCE: Duration = Duration::from_secs(120);

/// A page by a browser without a window.
struct Browser {
    program: PathBuf,
    profile: tempfile::TempDir,
}

/// What the browser made of a page.
struct Visit {
    /// The document after its scripts.
    document: String,
    /// What the page or its policy complained of.
    complaints: Vec<String>,
}

impl Browser {
    /// The first browser that is found.
    fn find() -> Option<Self> {
        let named = env::var_os("CHROME").map(PathBuf::from);
        let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        let path = env::var_os("PATH").unwrap_or_default();
        let in_path = names.iter().flat_map(|name| {
            env::split_paths(&path).map(|folder| folder.join(name)).collect::<Vec<_>>()
        });
        let program = named.into_iter().chain(in_path).find(|program| program.is_file())?;
        Some(Self { program, profile: tempfile::tempdir().unwrap() })
    }

    fn open(&self, page: &Path, options: &[&str]) -> Visit {
        let output = Command::new(&self.program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
            .args(["--no-first-run", "--disable-extensions", "--enable-logging=stderr"])
            .arg(format!("--user-data-dir={}", self.profile.path().display()))
            .args(options)
            .arg(format!("file://{}", page.display()))
            .timeout(PATIENCE)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        Visit {
            document: String::from_utf8_lossy(&output.stdout).into_owned(),
            complaints: log.lines().filter(|l| l.contains("CONSOLE")).map(str::to_owned).collect(),
        }
    }
}

/// The page with a script of the test's own at its end, which its policy would not run.
fn with_script(html: &str, script: &str) -> String {
    let policy = html.find("<meta http-equiv").unwrap();
    let end = policy + html[policy..].find('>').unwrap() + 1;
    let page = format!("{}{}", &html[..policy], &html[end..]);
    page.replace("</body>", &format!("<script>{script}</script></body>"))
}

/// Sorts the stations' table by the queue's maximum and by name; notes the orders, whether every
/// figure stays on one page in print, and whether the page is wider than its window.
const USE_THE_PAGE: &str = "
    const table = document.querySelector('#stations ~ .table table');
    const heads = [...table.tHead.rows[0].cells];
    const keys = column => [...table.tBodies[0].rows].map(row => row.cells[column].textContent);
    const note = (name, value) => { document.body.dataset[name] = JSON.stringify(value); };
    const click = column => heads[column].querySelector('button').click();
    click(4); note('largest', keys(4)); note('largestState', heads[4].getAttribute('aria-sort'));
    click(4); note('smallest', keys(4)); note('smallestState', heads[4].getAttribute('aria-sort'));
    click(0); note('names', keys(0)); note('others', heads[4].getAttribute('aria-sort'));
    heads[0].querySelector('button').focus();
    note('focus', document.activeElement.tagName);
    const inside = [...document.querySelectorAll('figure')].map(f => getComputedStyle(f).breakInside);
    note('inside', [...new Set(inside)]);
    note('wider', document.documentElement.scrollWidth > window.innerWidth);
";

/// What [`USE_THE_PAGE`] noted under `name`, a JSON value.
fn noted(document: &str, name: &str) -> String {
    let start = document.find(&format!("data-{name}=\"")).expect(name) + name.len() + 7;
    let value = &document[start..start + document[start..].find('"').unwrap()];
    value.replace("&quot;", "\"")
}

fn numbers(document: &str, name: &str) -> Vec<u64> {
    let texts: Vec<String> = serde_json::from_str(&noted(document, name)).unwrap();
    texts.iter().map(|text| text.replace(',', "").parse().unwrap()).collect()
}

#[test]
fn a_browser_shows_sorts_and_prints_the_report_without_a_complaint() {
    let Some(browser) = Browser::find() else {
        println!("skipped: no Chromium or Chrome in the PATH, and CHROME names none");
        return;
    };
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    for arguments in [&["run", "small.yaml", "--out", "run"][..], &["report", "run"]] {
        let outcome = place.run(arguments);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    }
    let report = place.path().join("run/report.html");
    let html = fs::read_to_string(&report).unwrap();

    // As it is: the policy lets its own script run, which makes the heads buttons.
    let shown = browser.open(&report, &["--dump-dom"]);
    assert_eq!(shown.complaints, Vec::<String>::new());
    let heads = html.matches("<th scope=\"col\"").count();
    assert_eq!(shown.document.matches("<button type=\"button\">").count(), heads);

    // Used: clicks sort by number and by name, and say so.
    let used = place.path().join("used.html");
    fs::write(&used, with_script(&html, USE_THE_PAGE)).unwrap();
    for size in ["--window-size=1600,1000", "--window-size=500,900"] {
        let visit = browser.open(&used, &["--dump-dom", size]);
        assert_eq!(visit.complaints, Vec::<String>::new());
        let document = &visit.document;
        let (largest, smallest) = (numbers(document, "largest"), numbers(document, "smallest"));
        assert!(largest.len() > 5 && largest.is_sorted_by(|a, b| a >= b), "{largest:?}");
        assert!(smallest.is_sorted(), "{smallest:?}");
        let names: Vec<String> = serde_json::from_str(&noted(document, "names")).unwrap();
        assert!(names.is_sorted_by_key(|name| name.to_lowercase()), "{names:?}");
        assert_eq!(noted(document, "largest-state"), "\"descending\"");
        assert_eq!(noted(document, "smallest-state"), "\"ascending\"");
        assert_eq!(noted(document, "others"), "null", "one column at a time is sorted by");
        assert_eq!(noted(document, "focus"), "\"BUTTON\"", "heads are reached by keyboard");
        assert_eq!(noted(document, "inside"), "[\"avoid\"]", "no page break within a figure");
        assert_eq!(noted(document, "wider"), "false", "only tables and figures scroll, at {size}");
    }

    // On paper.
    let pdf = place.path().join("report.pdf");
    let print = format!("--print-to-pdf={}", pdf.display());
    let printed = browser.open(&report, &[&print, "--no-pdf-header-footer"]);
    assert_eq!(printed.complaints, Vec::<String>::new());
    let pdf = fs::read(pdf).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 50_000, "{} bytes", pdf.len());
}
