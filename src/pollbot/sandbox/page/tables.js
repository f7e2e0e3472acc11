// The table and data_table blocks (docs.slack.dev, "Table block" and "Data table block").

import { h } from "./dom.js";
import { plain, richText } from "./mrkdwn.js";

export function table(block, surface) {
  const [head = [], ...rows] = block.rows ?? [];
  const looks = (column) => {
    const { align, is_wrapped: wrapped } = block.column_settings?.[column] ?? {};
    return `align-${align ?? "left"}${wrapped ? " wrapped" : ""}`;
  };
  const cell = (tag) => (what, column) =>
    h(tag, { class: looks(column), scope: tag === "th" ? "col" : null }, content(what, surface));
  return box(null, head.map(cell("th")), rows.map((row) => row.map(cell("td"))));
}

/** Rows that a reader sorts by a column, and of which a page is shown at a time. */
export function dataTable(block, surface) {
  const [head = [], ...rows] = block.rows ?? [];
  const naming = block.row_header_column_index ?? 0;
  const size = block.page_size ?? 5;
  const numeric = head.map((_, column) => rows.every((row) => row[column]?.type === "raw_number"));
  let page = 0;
  let sorted = null;
  const node = h("div", { class: "data-table" });
  const draw = () => {
    const order = sorted ? [...rows].sort((a, b) => sorted.by * compare(a[sorted.column], b[sorted.column])) : rows;
    const looks = (column) => numeric[column] ? "align-right" : "align-left wrapped";
    const heads = head.map((what, column) => {
      const way = sorted?.column === column ? sorted.by : 0;
      return h("th", { scope: "col", class: looks(column), "aria-sort": way ? (way > 0 ? "ascending" : "descending") : null },
        h("button", {
          type: "button", class: "sort",
          onclick: () => { sorted = { column, by: way > 0 ? -1 : 1 }; page = 0; draw(); },
        }, content(what, surface), way ? (way > 0 ? " ↑" : " ↓") : ""));
    });
    const shown = order.slice(page * size, (page + 1) * size).map((row) => row.map((what, column) =>
      h(column === naming ? "th" : "td", { class: looks(column), scope: column === naming ? "row" : null }, content(what, surface))));
    const turn = (by, label, able) => h("button", {
      type: "button", class: "button", disabled: !able, onclick: () => { page += by; draw(); },
    }, label);
    const last = Math.ceil(rows.length / size) - 1;
    node.replaceChildren(
      box(block.caption, heads, shown),
      ...(last > 0 ? [h("div", { class: "turns" }, turn(-1, "Previous", page > 0), turn(1, "Next", page < last))] : []));
  };
  draw();
  return node;
}

function box(caption, heads, rows) {
  return h("div", { class: "table-box", tabindex: 0 }, h("table", null,
    caption && h("caption", null, plain(caption)),
    h("thead", null, h("tr", null, heads)),
    h("tbody", null, rows.map((cells) => h("tr", null, cells)))));
}

function content(what, surface) {
  return what.type === "rich_text" ? richText(what, surface.directory) : plain(what.text ?? what.value);
}

function compare(one, other) {
  if (one.type === "raw_number" && other.type === "raw_number") return one.value - other.value;
  return words(one).localeCompare(words(other), undefined, { numeric: true });
}

function words(what) {
  if (what.type !== "rich_text") return String(what.text ?? what.value);
  return what.elements.flatMap((part) => part.elements.map((one) => one.text ?? "")).join("");
}
