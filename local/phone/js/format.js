// WhatsApp's own marks (*bold*, _italic_, ~struck~, `code`, lists, quotes) and what it makes clickable.
import { el } from "./dom.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };
const WEB = /(?:https?:\/\/|www\.)[^\s<>"«»]+[^\s<>"«».,;:!?)\]*_~]/iy;
const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/iy;
const PHONE = /(?:\+\d{1,3}[ .]?)?[6-9]\d{1,2}(?:[ .]?\d{2,3}){2,4}/y;
const OTHER_PHONE = /\+[1-9]\d{7,14}/y;
const EDGE = /[\s\p{P}\p{S}]/u;

const matchAt = (pattern, text, start) => {
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0];
};

/** A message's text as nodes. */
export function formatted(text) {
  const nodes = [];
  text.split("```").forEach((part, number, parts) => {
    const closed = number % 2 === 1 && number < parts.length - 1;
    if (closed) nodes.push(el("code", { class: "block" }, part.replace(/^\n|\n$/g, "")));
    else nodes.push(...lines(number % 2 === 1 ? "```" + part : part));
  });
  return nodes;
}

function lines(text) {
  return text.split("\n").flatMap((line, number) => {
    const quote = /^> ?(.*)$/.exec(line);
    const item = /^[*-] (.*)$/.exec(line);
    const content = quote
      ? [el("span", { class: "quote" }, ...inline(quote[1]))]
      : item
        ? [el("span", { class: "item" }, "• ", ...inline(item[1]))]
        : inline(line);
    return number ? ["\n", ...content] : content;
  });
}

/** One line, from left to right. */
export function inline(text) {
  const nodes = [];
  let plain = "";
  const put = (node, length) => {
    if (plain) nodes.push(plain);
    plain = "";
    nodes.push(node);
    return length;
  };
  for (let at = 0; at < text.length; ) {
    const starts = at === 0 || EDGE.test(text[at - 1]);
    const found = starts && (clickable(text, at) ?? marked(text, at));
    if (found) at += put(found.node, found.length);
    else plain += text[at++];
  }
  if (plain) nodes.push(plain);
  return nodes;
}

function clickable(text, at) {
  const web = matchAt(WEB, text, at);
  if (web) return link(web.toLowerCase().startsWith("www.") ? `https://${web}` : web, web, true);
  const mail = matchAt(MAIL, text, at);
  if (mail) return link(`mailto:${mail}`, mail);
  const phone = matchAt(PHONE, text, at) ?? matchAt(OTHER_PHONE, text, at);
  const digits = phone?.replace(/\D/g, "") ?? "";
  const whole = phone && !/\d/.test(text[at + phone.length] ?? "");
  if (whole && (digits.length === 9 || (phone.startsWith("+") && digits.length >= 8))) {
    return link(`tel:${phone.startsWith("+") ? "+" : ""}${digits}`, phone);
  }
  return null;
}

function link(href, words, elsewhere = false) {
  const outside = elsewhere ? { target: "_blank", rel: "noopener noreferrer" } : {};
  return { node: el("a", { href, ...outside }, words), length: words.length };
}

function marked(text, at) {
  const mark = text[at];
  if (!(mark in MARKS) && mark !== "`") return null;
  for (let end = text.indexOf(mark, at + 2); end > 0; end = text.indexOf(mark, end + 1)) {
    const inner = text.slice(at + 1, end);
    const closes = !/^\s|\s$/.test(inner) && (end + 1 === text.length || EDGE.test(text[end + 1]));
    if (!closes) continue;
    const node = mark === "`" ? el("code", {}, inner) : el(MARKS[mark], {}, ...inline(inner));
    return { node, length: end + 1 - at };
  }
  return null;
}

/** The same text without its marks, for a quotation of one line. */
export function plain(text) {
  return el("span", {}, ...formatted(text)).textContent.replace(/\s+/g, " ").trim();
}

export const phoneLink = (phone) => `tel:${phone.replace(/[^\d+]/g, "")}`;

/** 34600000099 as +34 600 00 00 99; other countries in one piece. */
export function shownPhone(digits) {
  const spanish = /^34(\d{3})(\d{2})(\d{2})(\d{2})$/.exec(digits);
  return spanish ? `+34 ${spanish.slice(1).join(" ")}` : `+${digits}`;
}
