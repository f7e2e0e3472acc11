// The page: one stream of states comes in, every part draws itself from the newest, and what people do goes out.

import { Clock } from "./clock.js";
import { Composer } from "./composer.js";
import { h, icon, put } from "./dom.js";
import { Forms } from "./forms.js";
import { HOME, Home } from "./home.js";
import { Messages } from "./messages.js";
import { Panes } from "./panes.js";
import { Replicas } from "./replicas.js";
import { Side } from "./side.js";
import { Strips } from "./strips.js";
import { World } from "./world.js";

const POLLBOT = "U0POLLBOT";
const SILENT = "The sandbox does not answer. Is it still running?";
const SERVICES = { slack: "Slack", jira: "Jira", team_voice: "Team Voice" };
const TROUBLE = { down: "is down", slow: "is slow", 429: "refuses calls (429)" };

class Page {
  constructor() {
    this.state = null;
    [this.viewer, this.channel, this.linked] = fromHash();
    this.byPerson = new Map();
    this.byChannel = new Map();
    this.byPlace = new Map();
    this.clock = new Clock();
    this.around = "";
    this.directory = {
      people: [], channels: [], clock: this.clock,
      person: (id) => this.byPerson.get(id) ?? (id === POLLBOT ? { id, name: "pollbot" } : undefined),
      channel: (id) => this.byChannel.get(id),
    };

    this.replicas = new Replicas(this);
    this.strips = new Strips(this);
    this.side = new Side(this);
    this.head = h("header", { class: "room-head" });
    this.messages = new Messages(this);
    this.composer = new Composer(this);
    this.home = new Home(this);
    this.world = new World(this);
    this.forms = new Forms(this);
    this.panes = new Panes(this);
    document.getElementById("strips").append(...this.strips.nodes);
    document.getElementById("side").append(this.side.root);
    document.getElementById("room").append(this.head, this.messages.root, this.composer.root, this.home.root, this.panes.root);
    document.getElementById("world").append(this.world.root);
    window.addEventListener("hashchange", () => this.goTo(...fromHash()));
    setInterval(() => this.strips.tick(), 1000);
    this.connect();
  }

  // The stream of states.

  connect() {
    clearTimeout(this.retry);
    this.stream?.close();
    const address = `/world/events?viewer=${encodeURIComponent(this.viewer)}`;
    const stream = new EventSource(address);
    this.stream = stream;
    stream.addEventListener("open", () => this.connected(true));
    stream.addEventListener("state", (event) => {
      if (this.stream !== stream) return;
      this.connected(true);
      this.take(JSON.parse(event.data));
    });
    stream.addEventListener("error", async () => {
      if (this.stream !== stream) return;
      stream.close();
      this.connected(false);
      const stranger = this.viewer && await unknownHere(address);
      if (this.stream !== stream) return;
      if (stranger) this.viewer = "";
      this.retry = setTimeout(() => this.connect(), 1000);
    });
  }

  connected(yes) {
    if (yes) {
      clearTimeout(this.late);
      this.late = undefined;
      this.strips.connection(false);
    } else this.late ??= setTimeout(() => this.strips.connection(true), 400);
  }

  take(state) {
    const listed = new Set(state.channels.map((channel) => channel.id));
    const direct = new Set(state.messages.map((message) => message.channel).filter((id) => !listed.has(id)));
    const channels = [
      ...state.channels,
      { id: HOME, name: "Home of pollbot", is_home: true, is_private: false, app_is_member: true },
      ...[...direct].map((id) => ({ id, name: "pollbot", is_im: true, is_private: true, app_is_member: true })),
    ];
    this.state = state;
    this.viewer = state.viewer;
    Object.assign(this.directory, { people: state.people, channels });
    this.byPerson = new Map(state.people.map((person) => [person.id, person]));
    this.byChannel = new Map(channels.map((channel) => [channel.id, channel]));
    this.byPlace = grouped(state.messages);
    this.clock.set(state.clock?.ahead ?? 0, this.byPerson.get(this.viewer)?.tz);
    // What messages and forms show besides themselves: names, and how far from today their days are.
    this.around = JSON.stringify([
      this.clock.wall(this.clock.now()).slice(0, 10), this.clock.zone,
      state.people.map((person) => [person.id, person.name, person.is_admin]),
      channels.map((channel) => [channel.id, channel.name]),
    ]);
    if (!this.byChannel.has(this.channel)) this.channel = channels[0]?.id ?? "";
    this.draw();
  }

  draw() {
    if (!this.state) return;
    const hash = `#/${this.viewer}/${this.channel}`;
    if (window.location.hash !== hash) window.history.replaceState(null, "", hash);
    document.body.dataset.ready = this.viewer;
    this.strips.draw();
    this.replicas.draw();
    this.side.draw();
    this.drawHead();
    this.messages.draw();
    this.composer.draw();
    this.home.draw();
    for (const part of [this.messages, this.composer]) part.root.hidden = this.channel === HOME;
    this.world.draw();
    this.panes.draw();
    this.forms.draw();
    if (this.linked) this.messages.point(this.linked);
    this.linked = "";
  }

  drawHead() {
    const channel = this.directory.channel(this.channel) ?? { name: "" };
    const trouble = Object.entries(this.state.switches ?? {}).filter(([, mode]) => TROUBLE[mode]);
    const look = JSON.stringify([channel, trouble]);
    if (look === this.head.dataset.look) return;
    this.head.dataset.look = look;
    const plain = channel.is_im || channel.is_home;
    document.title = `${plain ? "" : "#"}${channel.name} · pollbot sandbox`;
    const member = channel.app_is_member ? "pollbot is a member" : "pollbot is not a member here";
    put(this.head,
      h("h1", null,
        !plain && (channel.is_private ? icon("lock", "private channel") : icon("hash", "channel")),
        channel.name),
      h("span", { class: "room-note" }, channel.is_home ? "only you see it" : channel.is_im ? "a conversation with the app" : member),
      h("span", { class: "room-troubles", role: "status" }, trouble.map(([service, mode]) =>
        h("span", { class: "pill pill-bad" }, icon("alert"), `${SERVICES[service] ?? service} ${TROUBLE[mode]}`))));
  }

  // What the parts ask for.

  messagesIn(channel) {
    return this.byPlace.get(channel) ?? [];
  }

  notice(text, channel) {
    this.messages.notice(text, channel);
  }

  compose(text) {
    this.composer.compose(text);
  }

  /** Looks through other eyes, or into another channel. */
  goTo(viewer, channel, message = "") {
    this.linked = message;
    const other = this.byPerson.has(viewer) && viewer !== this.viewer;
    if (this.byChannel.has(channel)) this.channel = channel;
    if (other) {
      this.viewer = viewer;
      this.connect();
    } else this.draw();
  }

  /** Sends one thing that a person did; resolves to `{ok, error}`, error in the words that Slack would show. */
  async post(path, body) {
    try {
      const response = await fetch(path, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
      });
      const answer = await response.json();
      return { ...answer, ok: !answer.error, error: answer.error ?? null };
    } catch {
      return { ok: false, error: SILENT };
    }
  }
}

/** Says whether the sandbox answers, but knows nobody by the id in the address: an old link. */
async function unknownHere(address) {
  try {
    const response = await fetch(address);
    response.body?.cancel();
    return response.status === 404;
  } catch {
    return false;
  }
}

function grouped(messages) {
  const places = new Map();
  for (const message of messages) places.set(message.channel, [...(places.get(message.channel) ?? []), message]);
  return places;
}

function fromHash() {
  const [, viewer = "", channel = "", message = ""] = window.location.hash.split("/").map(decodeURIComponent);
  return [viewer, channel, message];
}

new Page();
