/** The server's small HTML (b, i, a, br and newlines) as nodes, and nothing else it might hold. */

const KEPT = new Set(["B", "I", "BR"]);
const DROPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "TITLE", "TEXTAREA", "IFRAME", "NOSCRIPT", "SVG"]);

/** Where a link may lead: a phone, another site over https, or a page of our own. Else null. */
export function address(href) {
  try {
    const url = new URL(href, location.origin);
    const ours = url.origin === location.origin && /^https?:$/.test(url.protocol);
    return ours || url.protocol === "https:" || url.protocol === "tel:" ? url : null;
  } catch {
    return null;
  }
}

/** A link to `url`; other sites open beside the conversation, not instead of it. */
export function link(url) {
  const a = document.createElement("a");
  a.href = url.href;
  if (url.protocol !== "tel:" && url.origin !== location.origin) {
    a.target = "_blank";
    a.rel = "noopener noreferrer";
  }
  return a;
}

function opened(element) {
  if (element.tagName === "A") {
    const url = address(element.getAttribute("href") ?? "");
    return url && link(url);
  }
  return KEPT.has(element.tagName) ? document.createElement(element.tagName) : null;
}

function copy(from, into) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      node.data.split("\n").forEach((line, i) => {
        if (i) into.append(document.createElement("br"));
        into.append(line);
      });
    } else if (node.nodeType === Node.ELEMENT_NODE && !DROPPED.has(node.tagName.toUpperCase())) {
      const kept = opened(node);
      if (kept) into.append(kept);
      copy(node, kept ?? into);
    }
  }
}

/** `html` as a fragment that is safe to show. */
export function nodes(html) {
  const result = document.createDocumentFragment();
  copy(new DOMParser().parseFromString(`<body>${html}`, "text/html").body, result);
  return result;
}

/** The words of an element, its line breaks kept: what is read aloud. */
export function words(element) {
  let text = "";
  for (const node of element.childNodes) {
    text += node.nodeName === "BR" ? "\n" : node.nodeType === Node.TEXT_NODE ? node.data : words(node);
  }
  return text;
}
