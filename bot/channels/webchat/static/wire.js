/**
 * The line to the server: what is asked by fetch, what is pushed by a socket, and polling where
 * sockets do not get through. Every row may come twice; who shows them knows them by id and rev.
 *
 * `on` is told: state(state, anew), rows(rows, first), net(word), ready(), gone().
 */

const PATIENCE = 25_000;
const LONGEST_PAUSE = 30_000;
const PROBE = 5000;

const jittered = (ms) => ms * (0.7 + 0.6 * Math.random());

export class Wire {
  constructor(on) {
    this.on = on;
    this.csrf = null;
    this.rev = 0;
    this.acked = 0;
    this.socket = null;
    this.fails = 0;
    this.pollPause = 0;
    this.trouble = null;
    this.timers = {};
  }

  async start() {
    if (!(await this.load())) return this._later("start", () => this.start());
    this.connect();
    return undefined;
  }

  /** The newest messages and the token; true when they came. Asked once at a time. */
  load() {
    this.loading ??= this._load().finally(() => (this.loading = null));
    return this.loading;
  }

  async _load() {
    const before = this.rev;
    const { status, data } = await this._fetch("/chat/state");
    if (status === 401 && data.gone) this._gone();
    if (status !== 200 || !data.csrf) return false;
    this.csrf = data.csrf;
    // A smaller number than we knew when asking: it is another conversation.
    const anew = data.rev < before;
    this.rev = anew ? data.rev : Math.max(this.rev, data.rev);
    if (!this.rev) this._hangUp();
    this._net();
    this.on.state(data, anew);
    this.on.ready();
    return true;
  }

  /** Messages before `id`: {messages, more}, or null when they could not be had. */
  async older(id) {
    const { status, data } = await this._fetch(`/chat/messages?before=${encodeURIComponent(id)}`);
    return status === 200 && data.messages ? data : null;
  }

  /** {outcome: "done" | "retry" | "refused" | "gone", error?, after?, broken?} */
  async post(path, body) {
    if (!this.csrf && !(await this.load())) return { outcome: "retry" };
    let { status, data } = await this._fetch(path, body);
    if (status === 403 && data.csrf) {
      this.csrf = data.csrf;
      ({ status, data } = await this._fetch(path, body));
    }
    if (status === 200 && data.ok) {
      // Signing in gives the device a new cookie, and so a new token.
      this.csrf = data.csrf ?? this.csrf;
      this._take(data);
      this.connect();
      // The server counts anew (another conversation): what we show is not what it has.
      if (data.rev < this.rev) await this.load();
      return { outcome: "done" };
    }
    if (status === 401 && data.gone) {
      this._gone();
      return { outcome: "gone" };
    }
    if (status === 429) return { outcome: "retry", error: data.error, after: data.retry_after ?? 5 };
    if (status === 403) this.csrf = null;
    if (status === 400 || status === 413) return { outcome: "refused", error: data.error, status };
    const broken = status === 404 || status === 500;
    return { outcome: "retry", error: status === 503 ? data.error : undefined, broken };
  }

  /** Back to a stranger: after clearing, or when the server knows us no longer. */
  forget() {
    this.csrf = null;
    this.rev = 0;
    this.acked = 0;
    this._hangUp();
    Object.values(this.timers).forEach(clearTimeout);
  }

  /** The page is seen again or the phone says there is a network: do not wait for timers. */
  resume(stale) {
    this.trouble = null;
    this._net();
    this.fails = 0;
    if (stale || navigator.onLine === false) this._hangUp();
    if (this.rev) this.connect();
    else this.start();
  }

  lost() {
    this.trouble = "off";
    this._net();
  }

  /** There is nothing to listen to before the first message. */
  connect() {
    if (this.socket || !this.rev) return;
    clearTimeout(this.timers.connect);
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/chat/ws?after=${this.rev}`);
    this.socket = socket;
    let openedAt = 0;
    socket.onopen = () => {
      openedAt = Date.now();
      this.trouble = null;
      this._stopPolling();
      this._net();
      this.on.ready();
    };
    socket.onmessage = ({ data }) => this._pushed(socket, JSON.parse(data));
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.socket = null;
      clearTimeout(this.timers.beat);
      // A socket that lived a while was fine: begin again with short pauses.
      this.fails = openedAt && Date.now() - openedAt > 10_000 ? 0 : this.fails + 1;
      // Blocked socket, dead network or lost session? Asking for the state tells.
      if (this.fails >= 2 || (openedAt && this.fails)) this._poll();
      this._net();
      this._later("connect", () => this.connect());
    };
  }

  _pushed(socket, data) {
    // A server that promises a sign of life every `beat` seconds is missed when it stays silent.
    if (data.beat) {
      clearTimeout(this.timers.beat);
      this.timers.beat = setTimeout(() => socket.close(), data.beat * 2500);
    }
    if (data.messages) this._take(data);
  }

  _take(data) {
    this.on.rows(data.messages ?? [], data.first);
    this.rev = Math.max(this.rev, data.rev ?? 0);
    if (this.rev > this.acked && this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify({ ack: this.rev }));
      this.acked = this.rev;
    }
  }

  _gone() {
    this.forget();
    this.on.gone();
  }

  _hangUp() {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.timers.beat);
    socket?.close();
    this._stopPolling();
  }

  async _poll() {
    clearTimeout(this.timers.poll);
    const before = this.rev;
    const came = await this.load();
    if (this.socket?.readyState === WebSocket.OPEN) return;
    this.polled = came;
    this._net();
    this.pollPause = came && this.rev > before ? 4000 : Math.min(4000 + this.pollPause * 1.3, 20_000);
    const pause = document.hidden ? LONGEST_PAUSE : this.pollPause;
    this.timers.poll = setTimeout(() => this._poll(), jittered(pause));
  }

  _stopPolling() {
    clearTimeout(this.timers.poll);
    this.polled = false;
    this.pollPause = 0;
  }

  _later(name, what) {
    if (name === "start") this.fails += 1;
    const pause = Math.min(1000 * 2 ** Math.max(this.fails - 1, 0), LONGEST_PAUSE);
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(what, jittered(pause));
  }

  /** What the last request met; whether it is over is found out even when nothing else is asked. */
  _troubled(trouble) {
    this.trouble = trouble;
    clearTimeout(this.timers.probe);
    if (trouble) this.timers.probe = setTimeout(() => this.load(), jittered(PROBE));
    this._net();
  }

  _net() {
    const open = this.socket?.readyState === WebSocket.OPEN || (this.csrf && !this.rev);
    const off = navigator.onLine === false ? "off" : this.trouble;
    this.on.net(off ?? (open || this.polled ? "on" : "connecting"));
  }

  /** {status, data}; status 0 when no answer came that is ours (no network, a hotspot's own page). */
  async _fetch(path, body) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    const headers = { "X-Rev": String(this.rev) };
    if (body) Object.assign(headers, { "X-CSRF": this.csrf, "Content-Type": "application/json" });
    try {
      const answer = await fetch(path, {
        method: body ? "POST" : "GET",
        body: body && JSON.stringify(body),
        headers,
        cache: "no-store",
        signal: patience.signal,
      });
      const data = await answer.json().catch(() => (answer.ok ? null : {}));
      if (data === null) throw new TypeError("not our answer");
      this._troubled(answer.status > 500 ? "busy" : null);
      return { status: answer.status, data };
    } catch {
      this._troubled("off");
      return { status: 0, data: {} };
    } finally {
      clearTimeout(timer);
    }
  }
}
