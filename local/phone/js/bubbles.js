// What stands in a bubble, by the message's type, and the buttons under it. Both directions: Meta's shapes are alike.
import { mediaUrl } from "./api.js";
import { askContact, choose, openList } from "./answers.js";
import { openLocation } from "./attach.js";
import { player } from "./player.js";
import { el, hidden, icon } from "./dom.js";
import { formatted, phoneLink, plain } from "./format.js";
import { mapCard } from "./map.js";
import { t } from "./words.js";

const text = (words, kind = "text") => el("div", { class: kind, testid: kind }, ...formatted(words));

/** The content of a message as elements; `rendered` is a template with its variables filled in. */
export function contentOf(message, rendered) {
  const type = message.type ?? "text";
  const content = message[type];
  switch (type) {
    case "text":
      return text(content.body);
    case "interactive":
      return interactive(content);
    case "template":
      return template(rendered ?? {});
    case "button":
      return text(content.text ?? content.payload);
    case "image":
    case "sticker":
    case "video":
    case "audio":
    case "document":
      return [media(type, content), content.caption && text(content.caption, "caption")];
    case "location":
      return mapCard(content);
    case "contacts":
      return content.map(card);
    default:
      return el("p", { class: "odd" }, icon("forbidden", 18), ` ${t("notSupported")}`);
  }
}

const KINDS = {
  image: "photo",
  sticker: "sticker",
  video: "video",
  audio: "voiceNote",
  document: "document",
  location: "location",
  contacts: "contact",
};

/** The same in one line of plain words, for quotations and menus. */
export function wordsOf(message, rendered) {
  const type = message.type ?? "text";
  const content = message[type] ?? {};
  const answer = content.button_reply ?? content.list_reply;
  const words = content.caption ?? content.body?.text ?? content.body ?? content.text ?? answer?.title ?? rendered?.body ?? content.name;
  return plain(String(words ?? t(KINDS[type] ?? "notSupported"))).slice(0, 90);
}

function interactive(content) {
  const answer = content.button_reply ?? content.list_reply;
  if (answer) return [text(answer.title), answer.description && el("div", { class: "small" }, answer.description)];
  const header = content.header;
  return [
    header && (header.type === "text" ? el("div", { class: "heading" }, header.text) : media(header.type, header[header.type])),
    content.body && text(content.body.text),
    content.footer && el("div", { class: "footer" }, content.footer.text),
  ];
}

function template({ header, header_media: file, body, footer }) {
  return [
    file && (file.location ? mapCard(file.location) : media(file.type, file[file.type])),
    header && el("div", { class: "heading" }, header),
    body && text(body),
    footer && el("div", { class: "footer" }, footer),
  ];
}

// --- files ------------------------------------------------------------------------------------------

const LOCAL = /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\//;

function media(type, file) {
  const address = file.id ? mediaUrl(file.id) : LOCAL.test(file.link ?? "") ? file.link : null;
  if (!address) return el("p", { class: "elsewhere" }, icon("document", 20), el("span", {}, t("mediaElsewhere"), el("br"), file.link));
  if (type === "image" || type === "sticker") {
    return el("img", { class: type, src: address, alt: file.caption ?? t("photo"), loading: "lazy", testid: "image" });
  }
  if (type === "video") return el("video", { src: address, controls: true, class: "image" });
  if (type === "audio") return player(address);
  const name = file.filename ?? t("document");
  return el("a", { class: "file", href: address, target: "_blank", rel: "noopener" }, icon("document", 26), el("span", {}, name), hidden(t("opensPage")));
}

function card(contact) {
  const name = contact.name?.formatted_name ?? contact.phones?.[0]?.phone ?? t("contact");
  return el(
    "div",
    { class: "contact", testid: "contact" },
    el("div", { class: "contact-head" }, el("span", { class: "avatar", "aria-hidden": "true" }, icon("contact", 22)),
      el("div", {}, el("strong", {}, name), contact.org?.company && el("span", { class: "small" }, contact.org.company))),
    (contact.phones ?? []).map(({ phone }) =>
      el("a", { class: "contact-line", href: phoneLink(phone) }, icon("phone", 18), hidden(`${t("call")} `), phone)),
    (contact.urls ?? []).map(({ url }) =>
      el("a", { class: "contact-line", href: url, target: "_blank", rel: "noopener noreferrer" }, icon("link", 18), url, hidden(t("opensPage")))),
  );
}

// --- what can be tapped under a bubble ----------------------------------------------------------------

/** The buttons of one of the town's messages, or null. */
export function actionsOf(message, event) {
  const buttons = message.type === "template" ? templateButtons(event) : interactiveButtons(message.interactive, event.wamid);
  return buttons?.length ? el("div", { class: "actions" }, buttons) : null;
}

function interactiveButtons(content, wamid) {
  switch (content?.type) {
    case "button":
      return content.action.buttons.map(({ reply }) =>
        action("reply", reply.title, () => choose(wamid, "button_reply", { id: reply.id, title: reply.title }), { testid: "reply-button", "data-id": reply.id }));
    case "list":
      return [action("list", content.action.button, () => openList(wamid, content), { testid: "open-list", "aria-haspopup": "dialog" })];
    case "cta_url":
      return [webLink(content.action.parameters.display_text, content.action.parameters.url)];
    case "location_request_message":
      return [action("pin", t("sendLocation"), () => openLocation({ id: wamid }), { testid: "send-location", "aria-haspopup": "dialog" })];
    case "request_contact_info":
      return [action("phone", t("sharePhone"), () => askContact(wamid), { testid: "share-phone" })];
  }
  return null;
}

function templateButtons({ rendered, wamid }) {
  return rendered?.buttons.map((button) => {
    if (button.type === "URL") return webLink(button.text, button.url);
    if (button.type === "PHONE_NUMBER") return el("a", { class: "action", href: phoneLink(button.phone_number) }, icon("phone", 18), button.text);
    if (button.type === "REQUEST_CONTACT_INFO") return action("phone", t("sharePhone"), () => askContact(wamid), { testid: "share-phone" });
    return action("reply", button.text, () => choose(wamid, "quick_reply", button), { testid: "reply-button", "data-id": button.payload });
  });
}

const action = (name, words, onclick, properties) =>
  el("button", { type: "button", class: "action", onclick, ...properties }, icon(name, 18), words);

function webLink(words, href) {
  const safe = /^https?:\/\//i.test(href) ? href : null;
  return el("a", { class: "action", href: safe, target: "_blank", rel: "noopener noreferrer", testid: "link" }, icon("link", 18), words, hidden(t("opensPage")));
}
