/**
 * What was said and not yet taken by the server: kept on the phone, sent in order, once each.
 *
 * An item is {id, n, path, body, label?, failed?}: `id` is the uuid by which the server knows a repetition,
 * so sending again after a lost answer is harmless. Each item has a storage key of its own, so that
 * two tabs never overwrite each other; `n` is their order, because a phone's clock may be set back.
 */

const PREFIX = "chat.queue.";
const LONGEST_PAUSE = 30_000;

/** localStorage, or memory where the browser refuses it. */
export const store = (() => {
  try {
    localStorage.setItem("chat.test", "1");
    localStorage.removeItem("chat.test");
    return localStorage;
  } catch {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key),
      keys: () => [...kept.keys()],
    };
  }
})();

export const keys = () => (store.keys ? store.keys() : Object.keys(store));

/** A random version 4 uuid, also on plain http, where crypto.randomUUID is missing. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

export class Queue {
  /**
   * `send(item)` resolves to "done", "retry" (later, in order), "refused" (shown as failed) or
   * "gone"; `changed()` is called after every change of the items.
   */
  constructor(send, changed) {
    this.items = [];
    this.send = send;
    this.changed = changed;
    this.sending = null;
    this.delay = 1000;
    this.timer = 0;
  }

  /** Takes in what is stored: at start-up, and what another tab left behind. */
  restore() {
    const known = new Set(this.items.map((item) => item.id));
    for (const key of keys().filter((key) => key.startsWith(PREFIX))) {
      try {
        const item = JSON.parse(store.getItem(key));
        if (!known.has(item.id)) this.items.push(item);
      } catch {
        store.removeItem(key);
      }
    }
    this.items.sort((a, b) => a.n - b.n);
    this.changed();
    this.flush();
  }

  /** `label`: the words of a pressed button. */
  add(path, body, label) {
    const n = 1 + Math.max(0, ...this.items.map((item) => item.n));
    const item = { id: uuid(), n, path, body, label };
    this.items.push(item);
    this._keep(item);
    this.changed();
    this.flush();
    return item;
  }

  remove(id) {
    this.items = this.items.filter((item) => item.id !== id);
    store.removeItem(PREFIX + id);
    this.changed();
  }

  retry(id) {
    const item = this.items.find((one) => one.id === id);
    if (!item) return;
    delete item.failed;
    this._keep(item);
    this.changed();
    this.flush();
  }

  /** Forgets everything, also what another tab stored. */
  clear() {
    clearTimeout(this.timer);
    this.items = [];
    keys().filter((key) => key.startsWith(PREFIX)).forEach((key) => store.removeItem(key));
    this.changed();
  }

  /** The items still to be sent, in order. */
  waiting() {
    return this.items.filter((item) => item.failed === undefined);
  }

  /** Something says that the network is back: no longer wait for the timer. */
  wake() {
    this.delay = 1000;
    this.flush();
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.sending) return;
    for (let item; (item = this.waiting()[0]); ) {
      this.sending = item;
      this.changed();
      const { outcome, error, after } = await this.send(item);
      this.sending = null;
      if (outcome === "retry") return this._later(after);
      this.delay = 1000;
      if (outcome === "refused") this._fail(item, error);
      else if (outcome === "done") this.remove(item.id);
      else return;
    }
  }

  _later(after) {
    this.changed();
    const wait = after ? after * 1000 : this.delay * (0.7 + 0.6 * Math.random());
    this.delay = Math.min(this.delay * 2, LONGEST_PAUSE);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  _fail(item, error) {
    if (!this.items.includes(item)) return;
    item.failed = error;
    this._keep(item);
    this.changed();
  }

  _keep(item) {
    try {
      store.setItem(PREFIX + item.id, JSON.stringify(item));
    } catch {
      // The storage is full: the item lives as long as the page.
    }
  }
}
