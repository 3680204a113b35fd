/** Reading aloud with the browser's own voice; offered only where it has one for the language. */

const speech = window.speechSynthesis;
let voice = null;
let speaking = null;

/** Calls `changed()` whenever a voice for `lang` appears or goes; some browsers find them late. */
export function watchVoices(lang, changed) {
  if (!speech || !window.SpeechSynthesisUtterance) return;
  const look = () => {
    const fitting = speech.getVoices().filter((v) => v.lang.toLowerCase().startsWith(lang));
    // A voice on the phone itself is preferred: the others send the text to their maker.
    voice = fitting.find((v) => v.localService) ?? fitting[0] ?? null;
    changed();
  };
  speech.addEventListener?.("voiceschanged", look);
  look();
}

export const canRead = () => voice !== null;

/** Stops whatever is being read. */
export function hush() {
  speech?.cancel();
  speaking?.done();
  speaking = null;
}

/** Reads `text`, sentence by sentence (Chromium stops after 15 s of one piece); `done` at its end. */
export function read(text, done) {
  hush();
  const turn = { done };
  speaking = turn;
  const plain = text.replace(/\p{Extended_Pictographic}|\uFE0F/gu, "");
  const sentences = plain.match(/\S[^\n]*?(?:[.!?…:;](?=\s)|(?=\n)|$)/g) ?? [];
  const pieces = sentences.filter((piece) => /[\p{L}\p{N}]/u.test(piece));
  pieces.forEach((piece, i) => {
    const said = new SpeechSynthesisUtterance(piece);
    said.voice = voice;
    said.lang = voice.lang;
    said.rate = 0.95;
    const last = i === pieces.length - 1;
    said.onend = said.onerror = () => last && speaking === turn && hush();
    speech.speak(said);
  });
  if (!pieces.length) hush();
}
