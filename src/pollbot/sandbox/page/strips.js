// The strips above everything: a lost connection, first steps for a visitor, the clock, and the tabs of a narrow window.

import { h, icon, iconButton, put } from "./dom.js";

const TABS = [["room", "Channel"], ["world", "Jira’s side"]];
const MOVES = [["1 hour", 3600], ["1 day", 86_400], ["1 week", 604_800]];
const UNITS = [["week", 604_800], ["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];
const KEY = "pollbot-sandbox-first-steps";

export class Strips {
  constructor(app) {
    this.app = app;
    this.memory = recall();
    this.lost = h("div", { class: "strip strip-lost", role: "status", hidden: true, data: { testid: "reconnecting" } },
      h("span", { class: "spinner" }), "The sandbox is not answering. Reconnecting…");
    this.steps = h("div", { class: "strip strip-steps", hidden: true, data: { testid: "first-steps" } });
    this.tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "Parts of the page" }, TABS.map(([name, label]) => h("button", {
      type: "button", role: "tab", "aria-selected": String(name === "room"), "aria-controls": name,
      data: { testid: `tab-${name}`, tab: name }, onclick: () => this.tab(name),
    }, label)));
    this.day = h("b", null);
    this.time = h("time", { data: { testid: "clock-time" } });
    this.zone = h("span", { class: "clock-zone" });
    this.moved = h("span", { class: "pill pill-moved", role: "status", title: "Ahead of real time", data: { testid: "clock-moved" }, hidden: true });
    this.clock = h("div", { class: "strip strip-clock", data: { testid: "clock" } },
      h("span", { class: "clock-now" }, icon("clock", "The sandbox’s clock"), this.day, this.time, this.zone),
      this.moved,
      this.moves = h("span", { class: "clock-moves", role: "group", "aria-label": "Move the clock" },
        h("span", { class: "clock-words" }, "Move the clock"),
        MOVES.map(([words, seconds]) => h("button", {
          type: "button", class: "button", title: `${words} later: what falls due until then happens at once`,
          data: { testid: `clock-${words.replace(" ", "-")}` },
          onclick: (event) => this.move(event.currentTarget, seconds),
        }, h("span", null, `+${words}`)))));
    this.nodes = [this.lost, this.steps, this.clock, app.replicas.root, this.tabs];
  }

  tab(name) {
    document.getElementById("frame").dataset.tab = name;
    for (const button of this.tabs.children) button.setAttribute("aria-selected", String(button.dataset.tab === name));
  }

  connection(lost) {
    this.lost.hidden = !lost;
  }

  async move(button, seconds) {
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    const { error } = await this.app.post("/world/move", { seconds });
    button.removeAttribute("aria-busy");
    if (error) this.app.notice(error);
  }

  /** Shows the present day and time of the sandbox. */
  tick() {
    const { clock, state } = this.app;
    if (!state) return;
    const now = clock.now();
    const day = clock.words(now, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
    const shown = [day, clock.time(now), clock.zone ?? "", clock.ahead ? `${spell(clock.ahead)} ahead` : ""];
    [this.day, this.time, this.zone, this.moved].forEach((node, index) => {
      if (node.textContent !== shown[index]) node.textContent = shown[index];
    });
    this.moved.hidden = !clock.ahead;
  }

  draw() {
    this.tick();
    // Processes of their own go by the machine's clock.
    this.moves.hidden = Boolean(this.app.state.replicas);
    const steps = this.plan();
    this.steps.hidden = Boolean(this.memory.dismissed) || steps.length === 0;
    const look = JSON.stringify([this.memory, steps.map((step) => step.words)]);
    if (this.steps.hidden || look === this.steps.dataset.look) return;
    this.steps.dataset.look = look;
    put(this.steps,
      h("b", null, "Three things to try"),
      h("ol", null, steps.map((step, index) => h("li", null, h("button", {
        type: "button", class: `step ${this.memory[index] ? "tried" : ""}`, data: { testid: `step-${index + 1}` },
        onclick: () => {
          this.remember({ [index]: true });
          this.tab("room");
          step.go();
        },
      },
      h("span", { class: "step-number" }, this.memory[index] ? icon("check", "tried") : String(index + 1)),
      step.words)))),
      iconButton("close", "Hide these hints", "first-steps-close", () => this.remember({ dismissed: true })));
  }

  /** Returns the steps, each with its words and what its button prepares; Enter does the rest. */
  plan() {
    const { app } = this;
    const issues = app.state.jira?.issues ?? [];
    const first = issues.find((issue) => issue.key === "PLAT-12") ?? issues[0];
    const other = issues.find((issue) => issue !== first && !issue.resolution) ?? first;
    const guest = app.directory.people.find((person) => person.name.startsWith("Cleo")) ?? app.directory.people.at(-1);
    if (!first || !guest) return [];
    const as = (words) => {
      app.goTo(guest.id, app.channel);
      app.compose(words);
    };
    return [
      { words: `Connect to Jira as ${guest.name.split(" ")[0]}`, go: () => as("/pollbot connect") },
      { words: `Vote on ${first.key}`, go: () => as(`/vote ${first.key}`) },
      app.state.replicas ? {
        words: "Kill the replica that leads, and vote again",
        go: async () => {
          await app.post("/world/replica", { number: app.state.replicas.leader, act: "kill" });
          as(`/vote ${other.key}`);
        },
      } : {
        words: "Switch Jira down, and vote again",
        go: async () => {
          await app.post("/world/switch", { service: "jira", mode: "down" });
          as(`/vote ${other.key}`);
        },
      },
    ];
  }

  remember(change) {
    Object.assign(this.memory, change);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.memory));
    } catch {
      // A browser that keeps nothing shows the hints again next time.
    }
    this.draw();
  }
}

/** Returns seconds in words: "1 week, 2 days and 1 hour". */
function spell(seconds) {
  let rest = Math.round(seconds);
  const parts = UNITS.flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count ? [`${count} ${unit}${count === 1 ? "" : "s"}`] : [];
  });
  return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(parts);
}

function recall() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}
