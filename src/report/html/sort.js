// Tables sort by a click on a column's head. Without this script they stand in their first order.
(() => {
  "use strict";

  // A number, a text, or null for a value that does not exist.
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    const { value } = cell.dataset;
    if (value === undefined) return cell.textContent;
    return value === "" ? null : Number(value);
  };

  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number"
      ? a - b
      : String(a).localeCompare(String(b), "en", { numeric: true });

  const sort = (table, column, ascending) => {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows, (row) => ({ row, key: keyOf(row, column) }));
    rows.sort((a, b) => {
      // What does not exist comes last, whichever way.
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
      return ascending ? compare(a.key, b.key) : compare(b.key, a.key);
    });
    body.append(...rows.map(({ row }) => row));
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const before = head.getAttribute("aria-sort");
        // Names are looked up from A, numbers for the largest.
        const first = head.classList.contains("number") ? "descending" : "ascending";
        const other = { ascending: "descending", descending: "ascending" };
        const order = other[before] ?? first;
        for (const each of heads) each.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", order);
        sort(table, column, order === "ascending");
      });
    });
  }
})();
