/** The chat page: what the person types, presses and chooses, wired to queue, line and list. */

import { Queue, keys, store, uuid } from "./queue.js";
import { nodes } from "./safe.js";
import { View, made } from "./view.js";
import { watchVoices } from "./voice.js";
import { Wire } from "./wire.js";

const LONGEST = 2000;
const NEARLY = 1800;
const TYPING_AFTER = 400;
const STUMBLES = 5;

const $ = (id) => document.getElementById(id);
const T = JSON.parse($("texts").textContent);
const lang = document.documentElement.lang || "vi";
const text = $("text");

let start = document.body.dataset.start;
let loaded = false;
let signedIn = false;
let cardDismissed = false;
let typingTimer = 0;

const view = new View(T, lang, {
  press,
  retry: (item) => queue.retry(item.id),
  edit(item) {
    text.value = [item.body.text, text.value].filter(Boolean).join("\n");
    queue.remove(item.id);
    typed();
    text.focus();
  },
  drop: (item) => queue.remove(item.id),
});

const queue = new Queue(send, () => {
  view.pending(queue.items, queue.sending?.id ?? null);
  clearTimeout(typingTimer);
  if (queue.sending) typingTimer = setTimeout(() => view.typing(net === "on" || net === "connecting"), TYPING_AFTER);
  else view.typing(false);
});

let net = "connecting";
const wire = new Wire({
  state(state, anew) {
    signedIn = state.signed_in;
    const first = !loaded;
    loaded = true;
    $("loading").hidden = true;
    view.state(state.messages, state.more, state.rev, anew);
    const card = showCard();
    if (first && card) view.reveal(card);
    else if (first) view.toBottom();
  },
  rows(rows, first) {
    view.apply(rows);
    // The server's talk begins later than ours: it was cleared, by signing out for example.
    if (view.isBefore(first)) wire.load();
    showCard();
    if (document.hidden && rows.some((row) => row.dir === "out" && !row.edited)) {
      document.title = `(${T.newer}) ${document.body.dataset.title}`;
    }
  },
  net: showNet,
  ready: () => queue.wake(),
  gone() {
    forget();
    toast(T.gone);
    setTimeout(() => wire.start(), 1000);
  },
});

// --- Saying and pressing ----------------------------------------------------------------------

function say(words) {
  // Who scans a commune's code and asks at once, without the button, still asks that commune.
  if (loaded && !view.size && !queue.items.length && start.startsWith("c-") && !payloadUsed()) {
    queue.add("/chat/say", { text: startText() });
    keepStart();
  }
  cardDismissed = true;
  queue.add("/chat/say", { text: words });
  showCard();
  view.toBottom();
}

function press(row, button) {
  const waiting = queue.waiting();
  if (waiting.length) {
    const mine = waiting.some(({ body }) => body.message === row.id && body.data === button.data);
    if (!mine) toast(queue.sending ? T.press_busy : T.press_queue);
    return;
  }
  queue.add("/chat/press", { message: row.id, data: button.data }, button.label);
  view.pinned = true;
}

async function send(item) {
  const { path, body, id } = item;
  const result = await wire.post(path, { id, ...body });
  // What breaks the server again and again must not hold up what comes after it.
  if (result.broken && (item.stumbles = (item.stumbles ?? 0) + 1) >= STUMBLES) {
    item.stumbles = 0;
    result.outcome = "refused";
  }
  if (result.after) toast(result.error || T.too_fast);
  if (result.outcome === "refused") {
    if (body.text) {
      result.error ||= result.status === 413 ? T.refused_long : T.refused;
    } else {
      // A button can be pressed again; only words are worth keeping.
      result.outcome = "done";
      toast(result.error || T.press_lost);
    }
  }
  return result;
}

// --- The greeting: opening a link changes nothing until its button is pressed -----------------

const startText = () => (start ? `/start ${start}` : "/start");
const isOnce = () => /^[il]-/.test(start);
const payloadUsed = () => !start || store.getItem("chat.start") === start || view.said(startText());

/** A commune's link is remembered as used; a one-time code leaves the address bar instead. */
function keepStart() {
  if (isOnce()) {
    history.replaceState(null, "", "/");
    start = "";
  } else if (start) {
    store.setItem("chat.start", start);
  }
}

/** The card that is to be seen now, or null. */
function showCard() {
  const empty = !view.size && !queue.items.length;
  const wanted = loaded && !cardDismissed && (empty || !payloadUsed());
  const card = $(isOnce() ? "offer" : "greeting");
  document.querySelectorAll(".card[aria-labelledby]").forEach((one) => (one.hidden = !wanted || one !== card));
  return wanted ? card : null;
}

function begin() {
  const words = startText();
  const held = document.activeElement?.closest(".card");
  keepStart();
  cardDismissed = true;
  queue.add("/chat/say", { text: words });
  showCard();
  view.toBottom();
  if (held) $("scroll").focus({ preventScroll: true });
}

document.querySelectorAll(".card .main").forEach((button) => button.addEventListener("click", begin));

// --- The line where one types -----------------------------------------------------------------

function typed() {
  const length = [...text.value.trim()].length;
  const over = length - LONGEST;
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + text.offsetHeight - text.clientHeight}px`;
  $("composer").classList.toggle("over", over > 0);
  text.setAttribute("aria-invalid", String(over > 0));
  const count = over > 0 ? fill(T.too_long, { n: over, max: LONGEST }) : fill(T.left, { n: -over });
  $("count").textContent = length > NEARLY ? count : "";
  try {
    sessionStorage.setItem("chat.draft", text.value);
  } catch {
    // Refused by the browser: the draft lives as long as the page.
  }
  return { length, over };
}

const fill = (sentence, values) =>
  sentence.replace(/\{(\w+)\}/g, (_, name) => values[name].toLocaleString(lang));

function submit() {
  const { length, over } = typed();
  if (!length || over > 0) return;
  const words = text.value.trim().normalize("NFC");
  text.value = "";
  typed();
  say(words);
}

text.addEventListener("input", typed);
text.addEventListener("keydown", (event) => {
  // keyCode 229: the Enter that ends a Vietnamese word in an input method, not the message.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit();
});
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
// Pressing the arrow must not take the focus: the phone's keyboard would jump away.
document.querySelector(".send").addEventListener("pointerdown", (event) => {
  if (document.activeElement === text) event.preventDefault();
});

// --- Menu -------------------------------------------------------------------------------------

const menu = $("menu");
const menuButton = $("menu-button");

function openMenu(open, refocus) {
  menu.hidden = !open;
  menuButton.setAttribute("aria-expanded", String(open));
  if (open) menu.querySelector("button").focus();
  else if (refocus) menuButton.focus();
}

menuButton.addEventListener("click", () => openMenu(menu.hidden));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !menu.hidden) openMenu(false, true);
});
document.addEventListener("click", (event) => {
  if (!menu.hidden && !event.target.closest(".top")) openMenu(false);
});
menu.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !event.relatedTarget.closest(".top")) openMenu(false);
});
menu.querySelectorAll("[data-say]").forEach((button) =>
  button.addEventListener("click", () => {
    openMenu(false, true);
    say(button.dataset.say);
  }),
);

function size(step) {
  document.documentElement.dataset.size = step;
  menu.querySelectorAll(".size").forEach((button) =>
    button.setAttribute("aria-pressed", String(button.dataset.size === step)),
  );
}

menu.querySelectorAll(".size").forEach((button) =>
  button.addEventListener("click", () => {
    store.setItem("chat.size", button.dataset.size);
    size(button.dataset.size);
    typed();
  }),
);

// --- Forgetting -------------------------------------------------------------------------------

/** Nothing of the conversation stays on this phone; the size of letters is not part of it. */
function forget() {
  queue.clear();
  view.clear();
  keys().filter((key) => key.startsWith("chat.") && key !== "chat.size").forEach((key) => store.removeItem(key));
  text.value = "";
  typed();
  try {
    sessionStorage.clear();
  } catch {
    // Refused by the browser: nothing was kept there either.
  }
  loaded = false;
  cardDismissed = false;
  $("loading").hidden = false;
  showCard();
}

async function clear() {
  const { outcome } = await wire.post("/chat/clear", {});
  if (outcome === "gone") return;
  if (outcome !== "done") return toast(T.clear_failed);
  wire.forget();
  forget();
  store.setItem("chat.epoch", uuid());
  toast(T.cleared);
  await wire.start();
  $("greeting").focus({ preventScroll: true });
  return undefined;
}

$("clear").addEventListener("click", () => {
  openMenu(false, true);
  const dialog = $("confirm");
  $("confirm-staff").hidden = !signedIn;
  if (dialog.showModal) dialog.showModal();
  else if (window.confirm(`${T.clear_title}\n${T.clear_body}`)) clear();
});
$("confirm").addEventListener("close", (event) => {
  const { returnValue } = event.target;
  event.target.returnValue = "";
  if (returnValue === "yes") clear();
});

// Another tab cleared the conversation: this one must not go on showing it. Or it began one.
window.addEventListener("storage", ({ key, newValue }) => {
  if (key === "chat.epoch" && newValue) {
    wire.forget();
    forget();
    wire.start();
  } else if (key?.startsWith("chat.queue.") && !newValue && !wire.rev) {
    wire.start();
  }
});

// --- The page around it -----------------------------------------------------------------------

function showNet(word) {
  const bar = $("net");
  const strip = $("net-long");
  net = word;
  if (bar.dataset.net === word) return;
  bar.dataset.net = word;
  bar.textContent = T[`net_${word}`];
  const long = T[`net_${word}_long`];
  strip.hidden = !long;
  strip.textContent = long ?? "";
}

let toastTimer = 0;

function toast(html) {
  const box = $("toast");
  clearTimeout(toastTimer);
  box.replaceChildren(made("p", "", nodes(html)));
  toastTimer = setTimeout(() => box.replaceChildren(), Math.max(6000, html.length * 90));
}

$("toast").addEventListener("click", () => $("toast").replaceChildren());

$("older").addEventListener("click", async ({ currentTarget: button }) => {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const page = await wire.older(view.oldest);
  button.setAttribute("aria-busy", "false");
  if (page) view.prepend(page.messages, page.more);
  else toast(T.older_failed);
  if (button.hidden) $("scroll").focus({ preventScroll: true });
});

/** Where the browser lays its keyboard over the page (iOS), the page ends above it. */
function fit() {
  const { height, scale } = window.visualViewport;
  if (scale > 1.01) return;
  const covered = window.innerHeight - height > 80;
  document.documentElement.style.setProperty("--page", covered ? `${height}px` : "");
  if (covered) window.scrollTo(0, 0);
}

window.visualViewport?.addEventListener("resize", fit);

let hiddenAt = 0;

function back() {
  document.title = document.body.dataset.title;
  const stale = hiddenAt > 0 && Date.now() - hiddenAt > 20_000;
  hiddenAt = 0;
  queue.restore();
  wire.resume(stale);
  queue.wake();
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiddenAt = Date.now();
  else back();
});
window.addEventListener("pageshow", (event) => event.persisted && back());
window.addEventListener("online", back);
window.addEventListener("offline", () => wire.lost());

size(store.getItem("chat.size") ?? "1");
try {
  text.value = sessionStorage.getItem("chat.draft") ?? "";
} catch {
  // Refused by the browser: there is no draft.
}
typed();
watchVoices(lang, () => view.voices());
view.voices();
queue.restore();
wire.start();
