// The sandbox's time: real time and what it was moved ahead, told in the zone of whoever looks.

const DAY_MS = 86_400_000;

export class Clock {
  constructor() {
    this.ahead = 0;
    this.zone = undefined;
    this.known = new Map();
  }

  /** Takes the newest state; a zone that does not exist is the browser's own. */
  set(ahead, zone) {
    this.ahead = ahead;
    if (zone === this.asked) return;
    this.asked = zone;
    this.known.clear();
    try {
      this.zone = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
    } catch {
      this.zone = undefined;
    }
  }

  /** Returns unix seconds. */
  now() {
    return Date.now() / 1000 + this.ahead;
  }

  /** Returns the moment in words, by the options of Intl.DateTimeFormat. */
  words(seconds, options, language = "en") {
    return this.format(language, options).format(new Date(seconds * 1000));
  }

  /** Returns the time of day, "09:30", on request with its seconds. */
  time(seconds, exact = false) {
    return this.words(seconds, { timeStyle: exact ? "medium" : "short" }, "en-GB");
  }

  /** Returns day and time for a tooltip. */
  whole(seconds) {
    return this.words(seconds, { dateStyle: "full", timeStyle: "medium" }, "en-GB");
  }

  /** Returns how many days lie between today and the moment: 1 is tomorrow, -1 yesterday. */
  days(seconds) {
    return Math.round((this.midnight(seconds) - this.midnight(this.now())) / DAY_MS);
  }

  /** Returns "Today", "Yesterday", or the day with its date; the year where it is another one. */
  day(seconds) {
    const year = (moment) => this.words(moment, { year: "numeric" });
    const near = { "-1": "Yesterday", 0: "Today", 1: "Tomorrow" }[this.days(seconds)];
    const other = year(seconds) === year(this.now()) ? {} : { year: "numeric" };
    return near ?? this.words(seconds, { weekday: "long", month: "long", day: "numeric", ...other });
  }

  /** Returns the moment as a clock on the wall shows it, "2026-03-29T09:30". */
  wall(seconds) {
    return new Date(this.wallMs(seconds)).toISOString().slice(0, 16);
  }

  /** Returns the unix seconds at which a clock on the wall shows this. */
  unwall(wall) {
    const shown = Date.parse(`${wall}Z`);
    let at = shown;
    // The offset may change between the two guesses; the second one is right.
    for (let guess = 0; guess < 2; guess += 1) at += shown - this.wallMs(at / 1000);
    return Math.floor(at / 1000);
  }

  midnight(seconds) {
    return Math.floor(this.wallMs(seconds) / DAY_MS) * DAY_MS;
  }

  /** Returns the wall's day and time as if they were UTC, in milliseconds and whole minutes. */
  wallMs(seconds) {
    const options = {
      year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", hourCycle: "h23",
    };
    const part = Object.fromEntries(this.format("en", options).formatToParts(new Date(seconds * 1000))
      .map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute);
  }

  format(language, options) {
    const key = `${language}${JSON.stringify(options)}`;
    if (!this.known.has(key)) {
      this.known.set(key, new Intl.DateTimeFormat(language, { timeZone: this.zone, ...options }));
    }
    return this.known.get(key);
  }
}
