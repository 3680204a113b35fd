/** The list of messages: rows by id, what waits to be sent below them, one set of live buttons. */

import { address, link, nodes, words } from "./safe.js";
import { canRead, hush, read } from "./voice.js";

const $ = (id) => document.getElementById(id);

/** A new element: its tag, its class, what is in it. */
export function made(tag, name, ...content) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...content);
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** Ids are numbers, or texts that sort by time. */
function earlier(a, b) {
  const difference = Number(a) - Number(b);
  return Number.isNaN(difference) ? String(a) < String(b) : difference < 0;
}

export class View {
  /** `on` is told: press(row, button), retry(item), edit(item), drop(item). */
  constructor(T, lang, on) {
    this.T = T;
    this.on = on;
    this.rows = new Map();
    this.order = [];
    this.items = [];
    this.sendingId = null;
    this.waiting = new Map();
    this.more = false;
    this.shown = null;
    this.pinned = true;
    this.atBottom = true;
    this.anchor = 0;
    this.unseen = null;
    this.reading = null;
    this.clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.date = new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric", month: "numeric" });
    this.scroller = $("scroll");
    this.scroller.addEventListener("scroll", () => this._scrolled(), { passive: true });
    $("chip").addEventListener("click", () => this._followChip());
    if (window.ResizeObserver) {
      const resized = new ResizeObserver(() => (this.atBottom ? this.toBottom() : this._chip()));
      [this.scroller, $("log"), $("pending")].forEach((part) => resized.observe(part));
    }
  }

  get size() {
    return this.rows.size;
  }

  get oldest() {
    return this.order[0];
  }

  /** Whether something is shown from before the message `first`. */
  isBefore(first) {
    return Boolean(first && this.order.length && earlier(this.order[0], first));
  }

  /** Whether the person has already said `text`. */
  said(text) {
    return [...this.rows.values()].some(({ row, el }) => row.dir === "in" && el.said === text);
  }

  hasEcho(clientId) {
    return [...this.rows.values()].some(({ row }) => row.client_id === clientId);
  }

  clear() {
    this._stopReading();
    this.rows.clear();
    this.order = [];
    this.more = false;
    this.shown = null;
    this.unseen = null;
    this.pinned = true;
    $("rows").replaceChildren();
  }

  /**
   * The server's newest messages as a whole, as they were at `rev`: what it no longer has goes,
   * what it has comes. `anew`: whatever is known may be of another conversation.
   */
  state(rows, more, rev, anew) {
    if (anew) this.rows.forEach(({ row }) => (row.rev = -1));
    const first = rows.find((row) => !row.deleted)?.id;
    const newest = this.order[this.order.length - 1];
    const hole = more && newest !== undefined && first !== undefined && earlier(newest, first);
    const kept = new Set(rows.map((row) => row.id));
    for (const id of [...this.order]) {
      const inside = !more || first === undefined || !earlier(id, first);
      if (hole || (inside && !kept.has(id) && this.rows.get(id).row.rev <= rev)) this._remove(id);
    }
    if (!this.order.length || !earlier(this.order[0], first)) this.more = more;
    this._quietly(() => this.apply(rows, true), this.order.length === 0);
  }

  /** Messages from before the first one shown; the eye stays where it is. */
  prepend(rows, more) {
    const height = this.scroller.scrollHeight - this.scroller.scrollTop;
    this.more = false;
    this._quietly(() => this.apply(rows, false), true);
    this.more = more;
    $("older").hidden = !more;
    this.scroller.scrollTop = this.scroller.scrollHeight - height;
  }

  /** Rows new or changed; a row already known in this or a later form is left alone. */
  apply(rows, follow = true) {
    const pinned = this.pinned;
    const last = this.order[this.order.length - 1];
    let fresh = null;
    for (const row of [...rows].sort((a, b) => (earlier(a.id, b.id) ? -1 : 1))) {
      const known = this.rows.get(row.id);
      if (known && known.row.rev >= row.rev) continue;
      if (row.deleted) this._remove(row.id);
      else if (known) fresh = this._change(known, row) ?? fresh;
      // A change of a message older than all shown would leave a hole after it.
      else if (!(this.more && this.order.length && earlier(row.id, this.order[0]))) {
        const el = this._insert(row);
        if (row.dir === "out" && (last === undefined || earlier(last, row.id))) fresh ??= el;
      }
    }
    this._dress();
    this.pending(this.items);
    if (follow && fresh) {
      if (pinned) this.reveal(fresh);
      else this.unseen ??= fresh;
    }
    this._chip();
    return fresh;
  }

  /** What waits on this phone: a bubble for each text that the server has not shown back yet. */
  pending(items, sending = this.sendingId) {
    const { activeElement } = document;
    this.items = items;
    this.sendingId = sending;
    const box = $("pending");
    const wanted = items.filter((item) => !this.hasEcho(item.id) && (item.body.text || item.id !== sending));
    for (const [id, el] of this.waiting) {
      if (!wanted.some((item) => item.id === id)) {
        if (el.contains(activeElement)) $("scroll").focus({ preventScroll: true });
        el.remove();
        this.waiting.delete(id);
      }
    }
    for (const item of wanted) {
      let el = this.waiting.get(item.id);
      if (!el) {
        el = this._pendingBubble(item);
        this.waiting.set(item.id, el);
        box.append(el);
      }
      this._mark(el, item, item.id === sending);
    }
    this._choiceState();
  }

  typing(shown) {
    if ($("typing").hidden === !shown) return;
    $("typing").hidden = !shown;
    if (shown && this.atBottom) this.toBottom();
  }

  /** Shows or hides the speakers, once it is known whether there is a voice. */
  voices() {
    document.body.classList.toggle("no-voice", !canRead());
  }

  toBottom() {
    this.scroller.scrollTop = this.anchor = this.scroller.scrollHeight;
    this.pinned = this.atBottom = true;
    this.unseen = null;
    this._chip();
  }

  /** Scrolls to the end, but not past the beginning of `el`: a long message is read from its top. */
  reveal(el) {
    const top = el.offsetTop - 8;
    const bottom = this.scroller.scrollHeight - this.scroller.clientHeight;
    if (top >= bottom) return this.toBottom();
    this.scroller.scrollTop = this.anchor = top;
    this.pinned = true;
    this.unseen = null;
    this._chip();
    return undefined;
  }

  // --- Rows -----------------------------------------------------------------------------------

  _insert(row) {
    const el = made("div", `msg ${row.dir}`);
    el.dataset.id = row.id;
    el.tabIndex = -1;
    el.day = made("p", "day");
    el.text = made("div", "text");
    el.meta = made("div", "meta", this._time(row.at));
    const author = made("span", "unseen", `${row.dir === "out" ? this.T.bot : this.T.you}: `);
    el.append(el.day, made("div", "bubble", author, el.text), el.meta);
    if (row.dir === "out") el.meta.append(this._speaker(el));
    this._fill(el, row);
    let place = this.order.length;
    while (place && earlier(row.id, this.order[place - 1])) place -= 1;
    const next = this.rows.get(this.order[place])?.el ?? null;
    $("rows").insertBefore(el, next);
    this.order.splice(place, 0, row.id);
    this.rows.set(row.id, { row, el });
    return el;
  }

  _fill(el, row) {
    el.text.replaceChildren(nodes(row.html));
    el.said = words(el.text).trim();
    const command = row.dir === "in" && this.command(el.said);
    el.classList.toggle("act", Boolean(command));
    if (command) el.text.replaceChildren(command);
  }

  /** The words of a button for the command it sends: people never see a slash. */
  command(text) {
    const { T } = this;
    if (text.startsWith("/start i-")) return T.invite;
    if (text.startsWith("/start l-")) return T.link;
    if (/^\/start\b/.test(text)) return T.start;
    return { "/menu": T.home, "/nguoithat": T.ask_person }[text];
  }

  _change(known, row) {
    const { el } = known;
    const moved = known.row.html !== row.html;
    known.row = row;
    if (moved) {
      if (this.reading === el) this._stopReading();
      this._fill(el, row);
    }
    return row.id === this.order[this.order.length - 1] ? el : null;
  }

  _remove(id) {
    const known = this.rows.get(id);
    if (!known) return;
    if (this.reading === known.el) this._stopReading();
    if (known.el.contains(document.activeElement)) $("scroll").focus({ preventScroll: true });
    if (this.unseen === known.el) this.unseen = null;
    known.el.remove();
    this.rows.delete(id);
    this.order = this.order.filter((one) => one !== id);
  }

  /** Days, groups of one speaker, and the buttons of the newest answer. */
  _dress() {
    let day = "";
    let dir = "";
    let newest = null;
    for (const id of this.order) {
      const { row, el } = this.rows.get(id);
      const today = this._day(row.at);
      el.day.textContent = today;
      el.day.hidden = today === day;
      el.classList.toggle("next", row.dir === dir && today === day);
      day = today;
      dir = row.dir;
      if (row.dir === "out") newest = { row, el };
    }
    $("older").hidden = !this.more;
    this._choices(newest);
  }

  _day(at) {
    const date = new Date(at);
    const ago = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 864e5);
    if (ago === 0) return this.T.today;
    return ago === 1 ? this.T.yesterday : this.date.format(date);
  }

  _time(at) {
    const time = made("time", "", this.clock.format(new Date(at)));
    time.dateTime = at;
    return time;
  }

  // --- Buttons --------------------------------------------------------------------------------

  _choices(newest) {
    const lines = newest?.row.buttons ?? [];
    const sign = newest && JSON.stringify([newest.row.id, lines]);
    if (this.shown?.sign === sign) return;
    const old = this.shown;
    const held = old && old.box.contains(document.activeElement) ? document.activeElement : null;
    const box = made("div", "choices");
    if (lines.some((line) => line.length)) {
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", this.T.choices);
      box.append(...lines.map((line) => this._line(newest.row, line)));
      newest.el.append(box);
    }
    this.shown = newest && { sign, id: newest.row.id, box };
    if (held) this._refocus(old, held);
    old?.box.remove();
    this._choiceState();
  }

  /** The pressed button is gone: its successor has the focus, or else the new message. */
  _refocus(old, held) {
    const same = this.shown?.id === old.id;
    const all = same ? [...this.shown.box.querySelectorAll(".choice")] : [];
    const place = [...old.box.querySelectorAll(".choice")].indexOf(held);
    const next = all.find((one) => one.dataset.data === held.dataset.data) ?? all[place];
    if (next) next.focus({ preventScroll: true });
    else (this.rows.get(this.shown?.id)?.el ?? $("scroll")).focus({ preventScroll: true });
  }

  _line(row, buttons) {
    const line = made("div", `line of-${Math.min(buttons.length, 3)}`);
    for (const button of buttons) {
      const url = button.url && address(button.url);
      if (url) {
        const a = link(url);
        a.className = "choice";
        a.append(button.label);
        if (a.target) a.append(icon("out"));
        line.append(a);
      } else if (button.data !== undefined) {
        const choice = made("button", "choice", button.label);
        choice.type = "button";
        choice.dataset.data = button.data;
        choice.addEventListener("click", () => this.on.press(row, button));
        line.append(choice);
      }
    }
    return line;
  }

  /** While something is on its way no button answers; the pressed one shows it. */
  _choiceState() {
    const waiting = this.items.filter((item) => item.failed === undefined);
    for (const choice of this.shown?.box.querySelectorAll("button") ?? []) {
      const pressed = waiting.some(
        ({ body }) => body.message === this.shown.id && body.data === choice.dataset.data,
      );
      choice.setAttribute("aria-disabled", String(waiting.length > 0));
      choice.classList.toggle("pressed", pressed);
    }
  }

  // --- Not yet sent ---------------------------------------------------------------------------

  _pendingBubble(item) {
    const said = item.body.text;
    const text = said ? this.command(said) ?? said : this.T.press_waiting.replace("{label}", item.label);
    const el = made("div", "msg in pending");
    el.classList.toggle("act", !said || text !== said);
    el.state = made("span", "state");
    el.append(made("div", "bubble", made("div", "text", nodes(escaped(text)))), made("div", "meta", el.state));
    return el;
  }

  _mark(el, item, sending) {
    const { T } = this;
    const failed = item.failed !== undefined;
    const state = failed ? "failed" : sending ? "sending" : "waiting";
    if (el.dataset.state === state) return;
    el.dataset.state = state;
    el.state.replaceChildren(failed ? nodes(item.failed) : T[state]);
    if (!item.body.text && !failed) el.state.replaceChildren();
    el.querySelector(".remedies")?.remove();
    el.state.setAttribute("role", failed ? "alert" : "none");
    if (!failed) return;
    const remedy = (name) => {
      const button = made("button", "small", T[name]);
      button.type = "button";
      button.addEventListener("click", () => this.on[name](item));
      return button;
    };
    el.append(made("div", "remedies", ...["retry", "edit", "drop"].map(remedy)));
  }

  // --- Reading aloud --------------------------------------------------------------------------

  _speaker(el) {
    const button = made("button", "speak", icon("speak"), made("span", "unseen", this.T.read_aloud));
    button.type = "button";
    button.addEventListener("click", () => {
      if (this.reading === el) return this._stopReading();
      this._stopReading();
      this.reading = el;
      button.replaceChildren(icon("stop"), made("span", "", this.T.stop_reading));
      const labels = [...el.querySelectorAll(".choice")].map((choice) => `${choice.textContent}.`);
      const spoken = labels.length ? [`${this.T.choices_spoken}`, ...labels] : [];
      read([words(el.text), ...spoken].join("\n"), () => this._read(el, button));
      return undefined;
    });
    return button;
  }

  _read(el, button) {
    button.replaceChildren(icon("speak"), made("span", "unseen", this.T.read_aloud));
    if (this.reading === el) this.reading = null;
  }

  _stopReading() {
    hush();
    this.reading = null;
  }

  // --- Scrolling ------------------------------------------------------------------------------

  _scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const left = scrollHeight - clientHeight - scrollTop;
    this.atBottom = left < 48;
    this.pinned = this.atBottom || scrollTop >= this.anchor - 48;
    if (this.unseen && this.unseen.offsetTop < scrollTop + clientHeight * 0.8) this.unseen = null;
    if (this.pinned) this.unseen = null;
    this._chip();
  }

  _chip() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const card = document.querySelector(".card:not([hidden])");
    const below = this.pinned && !card && scrollHeight - clientHeight - scrollTop > 48;
    const chip = $("chip");
    const shown = Boolean(this.unseen) || below;
    if (!shown && chip === document.activeElement) this.scroller.focus({ preventScroll: true });
    chip.hidden = !shown;
    chip.classList.toggle("more", !this.unseen);
    chip.lastElementChild.textContent = this.unseen ? this.T.newer : this.T.more_below;
  }

  _followChip() {
    if (this.unseen) return this.reveal(this.unseen);
    this.scroller.scrollTop += this.scroller.clientHeight * 0.8;
    this.anchor = this.scroller.scrollTop;
    return undefined;
  }

  /** Fills the log without a screen reader reading all of it aloud. */
  _quietly(fill, quiet) {
    const log = $("log");
    if (quiet) log.setAttribute("aria-live", "off");
    fill();
    if (quiet) setTimeout(() => log.setAttribute("aria-live", "polite"), 800);
  }
}

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
