// The panel beside the channel: Jira's side of things, the switches that make trouble, and the wire.

import { arrange, h, icon, iconButton, put } from "./dom.js";
import { issueMenu } from "./issue_menu.js";
import { Workflows } from "./workflows.js";

const MODES = {
  up: ["Up", "Answers as usual."],
  down: ["Down", "Every connection breaks without an answer."],
  slow: ["Slow", "Every answer takes two seconds longer."],
  429: ["429", "Every call is refused: too many requests, come back later."],
};
const ORDER = ["up", "down", "slow", "429"];
const SERVICES = { slack: "Slack", jira: "Jira", team_voice: "Team Voice" };

export class World {
  constructor(app) {
    this.app = app;
    this.issues = new Map();
    this.switches = new Map();
    this.logged = null;
    this.account = h("section", { class: "card account", data: { testid: "account" } });
    this.site = h("span", { class: "site" });
    this.issueList = h("ul", { class: "issues", tabindex: 0, "aria-label": "Issues and pages" });
    this.pages = new Map();
    this.workflows = new Workflows(app);
    this.troubles = h("div", { class: "troubles" });
    this.rows = h("ol", { class: "wire" });
    this.last = h("span", { class: "wire-last" });
    this.log = h("details", { class: "card log", data: { testid: "log" } },
      h("summary", null, icon("chevron"), h("b", null, "On the wire"), this.last),
      this.rows);
    this.root = h("div", { class: "world-inner" },
      h("header", { class: "world-head" }, h("h2", null, "Jira’s side"), this.site),
      this.issueList,
      this.account,
      this.workflows.root,
      h("section", { class: "card" }, h("h3", null, "Make trouble"), this.troubles),
      this.log);
  }

  draw() {
    const { state } = this.app;
    const polls = grouped(state.team_voice?.polls ?? []);
    this.drawIssues(state.jira ?? { issues: [] }, polls);
    this.drawPages(state.pages ?? [], polls);
    arrange(this.issueList, [...this.issues.values(), ...this.pages.values()].map(({ node }) => node));
    this.drawAccount();
    this.workflows.draw();
    this.drawSwitches(state.switches ?? {});
    this.drawLog(state.log ?? []);
  }

  drawIssues({ site, issues }, polls) {
    this.site.textContent = (site ?? "").replace(/^https?:\/\//, "");
    for (const key of this.issues.keys()) {
      if (issues.some((issue) => issue.key === key)) continue;
      this.issues.delete(key);
    }
    for (const issue of issues) {
      const here = polls.get(issue.key) ?? [];
      const others = issues.filter((one) => one.key !== issue.key && !one.resolution);
      const look = JSON.stringify([issue, here, others.map((one) => one.key)]);
      const old = this.issues.get(issue.key);
      if (old?.look === look) continue;
      const node = old?.node ?? h("li", { class: "issue", data: { testid: `issue-${issue.key}` } });
      const votes = h("span", { class: "votes", data: { testid: "votes" } }, String(issue.votes));
      const unnamed = issue.votes - issue.voters.length;
      put(node,
        h("div", { class: "issue-votes", title: "Votes in Jira" }, votes, h("small", null, issue.votes === 1 ? "vote" : "votes")),
        h("div", { class: "issue-main" },
          h("div", { class: "issue-line" },
            h("a", { href: issue.url, target: "_blank", rel: "noopener" }, issue.key),
            h("span", { class: "issue-type" }, issue.type),
            h("span", { class: `pill ${tone(issue)}`, data: { testid: "status" } }, issue.status),
            issue.resolution && issue.resolution !== issue.status
              && h("span", { class: "issue-type", data: { testid: "resolution" } }, issue.resolution),
            issueMenu(this.app, issue, others)),
          h("div", { class: "issue-summary", title: issue.summary }, issue.summary),
          issue.voters.length > 0 && h("div", { class: "voters", data: { testid: "voters" } },
            issue.voters.map((name) => h("span", { class: "chip" }, name)),
            unnamed > 0 && h("span", { class: "chip chip-more" }, `+${unnamed} more`)),
          here.map((poll) => this.poll(poll))));
      if (old && old.votes !== issue.votes) flash(votes);
      this.issues.set(issue.key, { look, node, votes: issue.votes });
    }
  }

  drawPages(pages, polls) {
    for (const page of pages) {
      const here = polls.get(page.id) ?? [];
      const look = JSON.stringify([page, here]);
      const old = this.pages.get(page.id);
      if (old?.look === look) continue;
      const node = old?.node ?? h("li", { class: "issue", data: { testid: `page-${page.id}` } });
      put(node,
        h("div", { class: "issue-votes page-mark", title: "A page in Confluence" }, icon("page")),
        h("div", { class: "issue-main" },
          h("div", { class: "issue-line" },
            h("a", { href: page.url, target: "_blank", rel: "noopener" }, page.title),
            h("span", { class: "issue-type" }, `page in ${page.space}`)),
          here.map((poll) => this.poll(poll))));
      this.pages.set(page.id, { look, node });
    }
  }

  /** Returns a Team Voice poll with a button per option: how one answers it outside Slack. */
  poll(poll) {
    const send = async (option) => {
      const others = poll.several ? poll.mine.filter((id) => id !== option.id) : [];
      const options = poll.mine.includes(option.id) ? others : [...others, option.id];
      const { error } = await this.app.post("/world/answer_inside", { user: this.app.viewer, poll: poll.id, options });
      if (error) this.app.notice(error);
    };
    return h("section", { class: "tv-poll", "aria-label": `Poll: ${poll.title}`, data: { testid: `poll-${poll.id}` } },
      h("div", { class: "tv-title" }, poll.title, " ",
        h("small", null, `${poll.participants} answered here`)),
      h("div", { class: "tv-options" }, poll.options.map((option) => h("button", {
        type: "button", class: "chip tv-option", "aria-pressed": String(poll.mine.includes(option.id)),
        title: `Answer in ${poll.container ? "Confluence" : "Jira"}, not in Slack`,
        data: { testid: `inside-${option.id}` }, onclick: () => send(option),
      }, h("span", { class: "tv-name" }, option.title), h("b", null, String(poll.answers[option.id] ?? 0))))),
      poll.container && h("small", { class: "tv-macro" }, "macro ", h("code", { data: { testid: "macro" } }, poll.container)));
  }

  drawAccount() {
    const me = this.app.directory.person(this.app.viewer);
    const look = JSON.stringify(me ?? null);
    if (look === this.account.dataset.look) return;
    this.account.dataset.look = look;
    const jira = me?.jira;
    put(this.account,
      h("h3", null, "My Jira account", jira?.name && h("span", { class: "aside" }, jira.name)),
      jira
        ? [
          copyLine("E-mail", jira.email, "email"),
          copyLine("API token", jira.token, "token"),
          h("p", { class: "explain" }, "What the connect form asks for: ", h("code", null, "/pollbot connect")),
        ]
        : h("p", { class: "explain" }, `${me?.name ?? "This person"} has no account on this Jira site.`));
  }

  drawSwitches(switches) {
    for (const [service, mode] of Object.entries(switches)) {
      if (!this.switches.has(service)) this.addSwitch(service);
      const { buttons, explain, row } = this.switches.get(service);
      const changed = row.dataset.mode !== mode;
      row.dataset.mode = mode;
      for (const [name, button] of Object.entries(buttons)) {
        button.setAttribute("aria-checked", String(name === mode));
        button.tabIndex = name === mode ? 0 : -1;
      }
      if (changed) explain.textContent = MODES[mode]?.[1] ?? "";
    }
  }

  addSwitch(service) {
    const name = SERVICES[service] ?? service;
    const explain = h("p", { class: "explain", "aria-live": "polite" });
    const row = h("div", { class: "trouble-row" });
    const tell = (mode) => { explain.textContent = MODES[mode]?.[1] ?? ""; };
    const set = async (mode) => {
      const { error } = await this.app.post("/world/switch", { service, mode });
      if (error) this.app.notice(error);
    };
    const button = (mode, [label, words]) => h("button", {
      type: "button", role: "radio", "aria-checked": "false", title: words,
      data: { testid: `switch-${service}-${mode}`, mode },
      onclick: () => set(mode),
      onmouseenter: () => tell(mode), onfocus: () => tell(mode),
      onmouseleave: () => tell(row.dataset.mode), onblur: () => tell(row.dataset.mode),
    }, label);
    const buttons = Object.fromEntries(ORDER.map((mode) => [mode, button(mode, MODES[mode])]));
    const group = h("div", {
      class: "segments", role: "radiogroup", "aria-label": name,
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const to = ORDER[(ORDER.indexOf(document.activeElement.dataset.mode) + step + ORDER.length) % ORDER.length];
        buttons[to].focus();
        set(to);
      },
    }, ORDER.map((mode) => buttons[mode]));
    this.switches.set(service, { buttons, explain, row });
    this.troubles.append(put(row, h("span", { class: "trouble-name" }, name), group, explain));
  }

  /** Returns the time, with its day unless that is today. */
  moment(seconds) {
    const { clock } = this.app;
    const day = clock.days(seconds) ? `${clock.words(seconds, { day: "numeric", month: "short" })} ` : "";
    return `${day}${clock.time(seconds, true)}`;
  }

  drawLog(log) {
    const look = JSON.stringify([log, this.app.around]);
    if (look === this.logged) return;
    this.logged = look;
    const last = log.at(-1);
    this.last.textContent = last ? `${last.what} · ${last.status}` : "nothing yet";
    put(this.rows, log.slice(-200).reverse().map((line) => h("li", { class: `wire-line ${good(line.status) ? "" : "bad"}` },
      h("time", { title: this.app.clock.whole(line.at) }, this.moment(line.at)),
      h("span", { class: "wire-way" }, line.from, " → ", line.to),
      h("code", null, line.what),
      h("span", { class: "wire-status" }, String(line.status)))));
  }
}

function grouped(polls) {
  const places = new Map();
  for (const poll of polls) places.set(poll.content, [...(places.get(poll.content) ?? []), poll]);
  return places;
}

const good = (status) => /^(ok|2\d\d|3\d\d)\b/i.test(String(status));

function tone({ category, resolution, status }) {
  if (category ? category === "done" : resolution || /done|closed|resolved/i.test(status)) return "pill-done";
  if (category ? category === "indeterminate" : /progress|review|test/i.test(status)) return "pill-doing";
  return "";
}

function flash(node) {
  node.classList.add("flash");
  node.addEventListener("animationend", () => node.classList.remove("flash"), { once: true });
}

function copyLine(label, value, testid) {
  const field = h("input", {
    class: "copy-value", readonly: true, value, "aria-label": label, data: { testid: `account-${testid}` },
    onfocus: () => field.select(),
  });
  const button = iconButton("copy", `Copy ${label}`, `copy-${testid}`, async () => {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      // Only pages on https and on this machine may use the clipboard directly.
      field.select();
      document.execCommand("copy");
    }
    put(button, icon("check", "Copied"));
    setTimeout(() => put(button, icon("copy")), 1400);
  });
  return h("div", { class: "copy-line" }, h("span", { class: "copy-label" }, label), field, button);
}
