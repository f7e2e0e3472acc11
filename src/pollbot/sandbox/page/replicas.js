// The strip of a demo with several pollbots: which of them live, which one leads, and what ends them.

import { h, icon } from "./dom.js";

const STATES = { up: "follows", starting: "starts", frozen: "frozen", down: "dead" };
const TONES = { starting: "pill-doing", frozen: "pill-frozen", down: "pill-bad" };
const ACTS = {
  kill: ["Kill", "SIGKILL: it is gone at once, in the middle of whatever it does"],
  start: ["Start", "A new process with the same settings"],
  freeze: ["Freeze", "SIGSTOP: it stands still, with all its connections open"],
  thaw: ["Thaw", "SIGCONT: it goes on where it stood still"],
};

export class Replicas {
  constructor(app) {
    this.app = app;
    this.rows = new Map();
    this.list = h("ul", { class: "replicas" });
    this.news = h("p", { class: "replica-news", role: "status", data: { testid: "replica-news" } });
    this.root = h("section", {
      class: "strip strip-replicas", hidden: true, "aria-label": "Replicas", data: { testid: "replicas" },
    }, this.list, this.news);
  }

  draw() {
    const { replicas } = this.app.state;
    this.root.hidden = !replicas;
    if (!replicas) return;
    for (const one of replicas.each) {
      if (!this.rows.has(one.number)) this.add(one.number);
      this.show(this.rows.get(one.number), one, replicas.leader === one.number);
    }
    const words = news(replicas);
    if (this.news.textContent !== words) this.news.textContent = words;
  }

  add(number) {
    const act = async (event) => {
      const { error } = await this.app.post("/world/replica", { number, act: event.currentTarget.dataset.act });
      if (error) this.app.notice(error);
    };
    const button = (part) => h("button", {
      type: "button", class: "button", data: { testid: `replica-${number}-${part}` }, onclick: act,
    });
    const row = {
      number,
      node: h("li", { class: "replica", data: { testid: `replica-${number}` } }),
      pill: h("span", { class: "pill" }),
      answered: h("span", { class: "replica-answered", title: "What it answered Slack since it started" }),
      life: button("life"),
      ice: button("ice"),
    };
    row.node.append(h("b", null, `Replica ${number}`), row.pill, row.answered, h("span", { class: "replica-acts" }, row.life, row.ice));
    this.list.append(row.node);
    this.rows.set(number, row);
  }

  /** Shows one. Its two buttons stay the same nodes, so they keep the focus when their words change. */
  show(row, { state, answered }, leads) {
    const look = JSON.stringify([state, answered, leads]);
    if (look === row.node.dataset.look) return;
    row.node.dataset.look = look;
    row.node.dataset.state = state;
    const leading = leads && state === "up";
    row.pill.className = `pill ${leading ? "pill-done" : TONES[state] ?? ""}`;
    row.pill.replaceChildren(...[leading && icon("check"), leading ? "leads" : STATES[state]].filter(Boolean));
    row.answered.textContent = state === "down" ? "" : `${answered} answered`;
    can(row.life, row.number, state === "down" ? "start" : "kill");
    can(row.ice, row.number, state === "frozen" ? "thaw" : "freeze");
    row.ice.disabled = state === "down" || state === "starting";
  }
}

function can(button, number, act) {
  const [label, title] = ACTS[act];
  button.dataset.act = act;
  button.textContent = label;
  button.title = title;
  button.setAttribute("aria-label", `${label} replica ${number}`);
}

function news({ each, leader, took }) {
  const lives = each.filter(({ state }) => state === "up");
  const stands = each.find(({ number, state }) => number === leader && state !== "up");
  if (lives.length === 0) {
    const starts = each.some(({ state }) => state === "starting");
    return starts
      ? "No replica is up yet. Slack holds what is pressed for three seconds, and says then that it failed."
      : "No replica runs: whatever is pressed fails, and Slack says so. What was saved waits for the next one.";
  }
  if (stands) return `Replica ${stands.number} leads and stands still: after three seconds the server ends its session.`;
  if (leader === null) return "Nobody leads at the moment. What is pressed is saved, and done as soon as one does.";
  if (took !== null) return `Replica ${leader} took over ${took.toFixed(1)} s after the one before it stopped, and does what is due.`;
  return `Each of them answers Slack. Replica ${leader} leads: it alone votes in Jira and draws cards.`;
}
