// Small hands for building DOM nodes. Text always goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** Returns a new element. `on*` attributes are listeners, `data` is the dataset, false and null are left out. */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Returns a new SVG element, by the same rules. */
export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "data") Object.assign(node.dataset, value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...present(children));
  return node;
}

/** Returns the children to show: arrays flattened, null and false left out. */
export function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Replaces everything inside `node`. */
export function put(node, ...children) {
  node.replaceChildren(...present(children));
  return node;
}

/** Makes `nodes` the children of `parent`; those that stay are not moved, so they keep focus and scrolling. */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (parent.childNodes[index] !== node) parent.insertBefore(node, parent.childNodes[index] ?? null);
  });
}

const PATHS = {
  alert: "M10 3.2 18 16.8H2L10 3.2ZM10 8v4M10 14.4v.1",
  check: "M4 10.5 8.2 14.6 16 6",
  chevron: "M5.5 8 10 12.5 14.5 8",
  clock: "M10 17.2a7.2 7.2 0 1 0 0-14.4 7.2 7.2 0 0 0 0 14.4ZM10 5.8V10l2.9 1.8",
  close: "M5 5 15 15M15 5 5 15",
  copy: "M7.5 7.5h8v9h-8zM12.5 7.5v-4h-8v9h3",
  down: "M10 4v12M5 11l5 5 5-5",
  eye: "M2 10c2-3.6 4.7-5.4 8-5.4s6 1.8 8 5.4c-2 3.6-4.7 5.4-8 5.4S4 13.6 2 10ZM10 12.4a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8Z",
  hash: "M8 3 6.4 17M13.6 3 12 17M3.6 7.4h13.6M2.8 12.6h13.6",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  more: "M4.6 10h.1M10 10h.1M15.4 10h.1",
  out: "M11 4h5v5M16 4l-7 7M14 11.5V16H4V6h4.5",
  page: "M5 2.5h6.5L15 6v11.5H5zM11.5 2.5V6H15M7.5 10h5M7.5 13h5",
  plus: "M10 4v12M4 10h12",
  send: "M3.5 10 16.8 4l-4 13-3.3-5.4L3.5 10ZM9.5 11.6 16.8 4",
};

/** Returns one of our line icons; decorative unless it is given a label. */
export function icon(name, label) {
  return svg(
    "svg",
    {
      class: `icon icon-${name}`, viewBox: "0 0 20 20", fill: "none", stroke: "currentColor",
      "stroke-width": name === "more" ? 2.6 : 1.6, "stroke-linecap": "round", "stroke-linejoin": "round",
      ...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" }),
    },
    label && svg("title", null, label),
    svg("path", { d: PATHS[name] }),
  );
}

/** Returns a button that is only an icon. */
export function iconButton(name, label, testid, onclick) {
  const attributes = { type: "button", class: "button quiet-button", "aria-label": label, title: label, data: { testid } };
  return h("button", { ...attributes, onclick }, icon(name));
}

/** Returns a square with the person's initials, in a colour of their own; an app gets our mark. */
export function avatar(person, { app = false, small = false } = {}) {
  const size = small ? "avatar avatar-small" : "avatar";
  if (app) {
    return h("span", { class: `${size} avatar-app`, "aria-hidden": "true" },
      svg("svg", { viewBox: "0 0 20 20", fill: "none", stroke: "currentColor", "stroke-width": 2.3, "stroke-linecap": "round" },
        svg("path", { d: "M5 6h10M5 10h6M5 14h8" })));
  }
  const name = person?.name || person?.id || "?";
  const initials = name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();
  const node = h("span", { class: size, "aria-hidden": "true" }, initials);
  node.style.setProperty("--hue", hue(person?.id ?? name));
  return node;
}

function hue(text) {
  let sum = 7;
  for (const letter of text) sum = (sum * 33 + letter.codePointAt(0)) % 3600;
  return (sum * 47) % 360;
}

/** Opens `menu` under `anchor` until a click outside, Escape or `close()`; returns `close`. */
export function popover(anchor, menu, closed = () => {}) {
  menu.classList.add("popover");
  document.getElementById("layers").append(menu);
  place();
  const outside = (event) => {
    if (!menu.contains(event.target) && !anchor.contains(event.target)) close(false);
  };
  const keys = (event) => {
    if (event.key !== "Escape" && event.key !== "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    close(true);
  };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", keys, true);
  window.addEventListener("resize", place);
  const grows = new ResizeObserver(place);
  grows.observe(menu);
  anchor.setAttribute("aria-expanded", "true");

  function place() {
    const at = anchor.getBoundingClientRect();
    const size = menu.getBoundingClientRect();
    const below = at.bottom + size.height + 8 < window.innerHeight;
    menu.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - size.height - 4)}px`;
    menu.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - size.width - 8))}px`;
    menu.style.minWidth = `${at.width}px`;
  }

  let open = true;
  function close(focus = true) {
    if (!open) return;
    open = false;
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", keys, true);
    window.removeEventListener("resize", place);
    grows.disconnect();
    anchor.setAttribute("aria-expanded", "false");
    menu.remove();
    if (focus) anchor.focus();
    closed();
  }
  return close;
}

/** Keeps Tab inside `box`. Call it from a keydown listener. */
export function trapTab(event, box) {
  if (event.key !== "Tab") return;
  const stops = [...box.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']")]
    .filter((node) => !node.disabled && node.offsetParent !== null);
  const first = stops[0];
  const last = stops.at(-1);
  if (!first) event.preventDefault();
  else if (event.shiftKey && (document.activeElement === first || document.activeElement === box)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
}

/** Moves the focus among `items` with the arrow keys, Home and End. */
export function arrowKeys(event, items) {
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items[(to + items.length) % items.length]?.focus();
}
