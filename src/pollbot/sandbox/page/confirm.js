// The question before something is done (docs.slack.dev, "Confirmation dialog object").

import { h } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";

/** Asks "are you sure" in the element's own words; resolves to the answer. */
export function confirmed(spec, directory) {
  const before = document.activeElement;
  return new Promise((resolve) => {
    const answer = (yes) => {
      document.removeEventListener("keydown", keys, true);
      layer.remove();
      before?.focus?.();
      resolve(yes);
    };
    const keys = (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        answer(false);
      } else if (event.key === "Tab") {
        event.preventDefault();
        event.stopPropagation();
        (document.activeElement === yes ? no : yes).focus();
      }
    };
    const no = h("button", { type: "button", class: "button", data: { testid: "confirm-no" }, onclick: () => answer(false) },
      plain(spec.deny?.text ?? "Cancel"));
    const yes = h("button", {
      type: "button", class: `button ${spec.style === "danger" ? "danger" : "primary"}`, data: { testid: "confirm-yes" },
      onclick: () => answer(true),
    }, plain(spec.confirm?.text ?? "Yes"));
    const attributes = { role: "alertdialog", "aria-modal": "true", "aria-labelledby": "confirm-title" };
    const layer = h("div", { class: "layer layer-confirm" },
      h("div", { class: "confirm", ...attributes, data: { testid: "confirm" } },
        h("h2", { id: "confirm-title" }, plain(spec.title?.text ?? "Are you sure?")),
        h("div", { class: "words" }, textObject(spec.text, directory)),
        h("div", { class: "form-foot" }, no, yes)));
    document.addEventListener("keydown", keys, true);
    document.getElementById("layers").append(layer);
    yes.focus();
  });
}
