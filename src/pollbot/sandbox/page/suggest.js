// A menu that an app fills while somebody types (docs.slack.dev, "Select menu of external data source").

import { h, popover, put } from "./dom.js";
import { textObject } from "./mrkdwn.js";

/** A menu that asks the app for its options while somebody types: the pattern "combobox" of WAI-ARIA. */
export function external(spec, part) {
  const least = spec.min_query_length ?? 3;
  const id = `options-${part.surface.id}-${part.marks["data-block-id"]}`.replace(/[^\w-]/g, "-");
  const optional = !part.input || part.input.optional;
  const words = (option) => option?.text?.text ?? "";
  let chosen = part.value;
  let rows = [];
  let at = -1;
  let close = null;
  let asked = 0;
  let typing;
  const note = h("p", { class: "menu-note", role: "status" });
  const list = h("div", { class: "menu menu-suggest", role: "listbox", id, "aria-label": part.label });
  const node = h("input", {
    ...part.marks, type: "text", class: "text suggest", role: "combobox", "aria-autocomplete": "list", "aria-controls": id,
    "aria-expanded": "false", "aria-label": part.label, autocomplete: "off", spellcheck: "false",
    placeholder: spec.placeholder?.text ?? "Choose…",
    onclick: () => open(true),
    oninput: () => {
      open();
      clearTimeout(typing);
      typing = setTimeout(ask, 150);
    },
    onkeydown: (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!close) open(true);
        else mark(at + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (close && rows[at]) choose(rows[at].option);
        else if (node.value === "") settle();
      }
    },
    onblur: () => { if (!close) settle(); },
  });
  node.value = words(chosen);

  function open(whole = false) {
    if (close) return;
    put(list, note);
    close = popover(node, list, () => {
      close = null;
      at = -1;
      asked += 1;
      clearTimeout(typing);
      node.removeAttribute("aria-activedescendant");
      settle();
    });
    if (whole) {
      node.select();
      ask("");
    }
  }

  async function ask(typed = node.value) {
    const mine = ++asked;
    if (typed.length < least) return show([], `Type at least ${least} characters.`);
    show([], "Searching…");
    const answer = await part.suggest(typed);
    if (mine !== asked || !close) return;
    const options = answer?.options ?? [];
    show(options, answer?.error ?? (options.length ? "" : "No result."));
  }

  function show(options, said) {
    note.textContent = said;
    rows = options.map((option, index) => ({
      option,
      node: h("div", {
        role: "option", class: "suggested", id: `${id}-${index}`, "data-value": option.value, "aria-selected": "false",
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => choose(option),
      }, textObject(option.text), option.description && h("small", null, textObject(option.description))),
    }));
    put(list, said && note, rows.map((row) => row.node));
    mark(rows.length ? 0 : -1);
  }

  function mark(index) {
    rows[at]?.node.setAttribute("aria-selected", "false");
    at = rows.length ? (index + rows.length) % rows.length : -1;
    const row = rows[at]?.node;
    if (!row) return node.removeAttribute("aria-activedescendant");
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView?.({ block: "nearest" });
    node.setAttribute("aria-activedescendant", row.id);
  }

  async function choose(option) {
    node.value = words(option);
    const before = chosen;
    chosen = option;
    close?.(true);
    if (!(await part.confirm())) {
      chosen = before;
      node.value = words(before);
    } else part.changed(option);
  }

  /** Takes an emptied line for no choice, and anything else that was not chosen back. */
  function settle() {
    if (node.value === "" && optional && chosen) {
      chosen = null;
      part.changed(null);
    } else node.value = words(chosen);
  }

  return node;
}
