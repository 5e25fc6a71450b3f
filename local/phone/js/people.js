// Whose phone this is: switch between people, add one, and the page's settings. On a desk beside the phone, or in a sheet.
import * as api from "./api.js";
import { say } from "./answers.js";
import { el, icon } from "./dom.js";
import { shownPhone } from "./format.js";
import { openSheet } from "./sheets.js";
import { me, state } from "./state.js";
import { t } from "./words.js";

const SHOWN = 30;
export const WIDE = matchMedia("(min-width: 900px)"); // as in frame.css

export function drawDesk(desk) {
  if (!WIDE.matches) return desk.replaceChildren(); // a narrow page has the sheet instead
  const focused = desk.querySelector(":focus")?.id;
  const opened = [...desk.querySelectorAll("details")].map((one) => one.open);
  desk.setAttribute("aria-label", t("peopleAndSettings"));
  desk.replaceChildren(
    el("div", { class: "brand" }, el("img", { src: "icon.svg", alt: "", width: 40, height: 40 }), el("div", {}, el("p", { class: "brand-name" }, t("title")), el("p", { class: "small" }, t("tagline")))),
    panel("desk"),
  );
  desk.querySelectorAll("details").forEach((one, number) => (one.open = opened[number] ?? false));
  if (focused) document.getElementById(focused)?.focus();
}

export function openPeople() {
  const close = openSheet(t("peopleAndSettings"), (shut) => panel("sheet", shut), { testid: "people-sheet" });
  return close;
}

function panel(place, close = () => {}) {
  return el("div", { class: "panel" }, people(place, close), addForm(place, close), trials(place, close), settings(place, close));
}

// --- people -----------------------------------------------------------------------------------------

function people(place, close) {
  const shown = [...new Set([...state.people.slice(0, SHOWN), me()])].filter(Boolean).sort((a, b) => a.name.localeCompare(b.name));
  return el("section", { "aria-labelledby": `${place}-people` },
    el("h2", { id: `${place}-people` }, t("people")),
    el("ul", { class: "people" }, shown.map((person) => el("li", {}, personButton(person, place, close)))));
}

function personButton(person, place, close) {
  const current = person.user_id === state.citizen;
  const below = person.phone ? shownPhone(person.phone) : t("noNumber");
  const choose = () => {
    close();
    state.citizen = person.user_id;
  };
  return el("button", { type: "button", class: "person", id: `${place}-${person.user_id}`, "aria-current": current ? "true" : null, onclick: choose, testid: "person", "data-user": person.user_id },
    el("span", { class: `avatar tone-${tone(person.user_id)}`, "aria-hidden": "true" }, initials(person.name)),
    el("span", { class: "person-words" }, el("span", { class: "person-name" }, person.name), el("span", { class: "small" }, below)),
    current && icon("tick", 20));
}

const initials = (name) => name.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();
const tone = (id) => [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 5;

function addForm(place, close) {
  const name = el("input", { id: `${place}-name`, type: "text", required: true, maxlength: 60, autocomplete: "off", testid: "person-name" });
  const shown = el("input", { id: `${place}-shown`, type: "checkbox", checked: true, testid: "person-with-number" });
  const add = async (event) => {
    event.preventDefault();
    const person = await api.post("citizens", { name: name.value.trim(), phone_shown: shown.checked });
    state.people = await api.get("citizens");
    close();
    state.citizen = person.user_id;
  };
  return el("details", { class: "fold" },
    el("summary", { testid: "add-person" }, icon("plus", 18), t("addPerson")),
    el("form", { class: "add-form", onsubmit: add },
      el("label", { for: `${place}-name` }, t("name")),
      name,
      el("label", { class: "check", for: `${place}-shown` }, shown, t("withNumber")),
      el("button", { class: "primary", testid: "person-add" }, t("add"))));
}

// --- trials and settings ------------------------------------------------------------------------------

function trials(place, close) {
  const mine = encodeURIComponent(state.citizen ?? "");
  const row = (words, act, testid) =>
    el("li", {}, el("button", { type: "button", class: "menu-row", testid, onclick: () => (close(), act()) }, t(words)));
  return el("details", { class: "fold" },
    el("summary", { testid: "trials" }, icon("braces", 18), t("trials")),
    el("ul", { class: "rows" },
      row("changeNumber", () => say({ type: "system", system: { type: "user_changed_number" } }), "change-number"),
      row("closeWindow", () => api.patch(`citizens/${mine}`, { hours_ago: 25 }), "close-window"),
      row("stopMarketing", () => api.post(`citizens/${mine}/preferences`, { value: "stop" }), "stop-marketing"),
      row("reset", () => api.post("reset"), "reset")));
}

function settings(place, close) {
  return el("section", { class: "settings", "aria-label": t("settings") },
    segmented(place, "language", { ca: "Valencià", es: "Castellano" }, close),
    segmented(place, "theme", { auto: t("theme.auto"), light: t("theme.light"), dark: t("theme.dark") }, close));
}

function segmented(place, name, choices, close) {
  const group = `${place}-${name}`;
  return el("fieldset", { class: "segmented" },
    el("legend", {}, t(name)),
    el("div", { class: "choices" }, Object.entries(choices).map(([value, words]) => {
      const id = `${group}-${value}`;
      const choose = () => {
        state[name] = value;
        if (place !== "sheet" || name !== "language") return;
        close(); // and open again in the other language
        openPeople();
        document.getElementById(id).focus();
      };
      return el("label", { lang: name === "language" ? value : null },
        el("input", { type: "radio", name: group, id, value, checked: state[name] === value, onchange: choose, testid: `${name}-${value}` }),
        el("span", {}, words));
    })));
}
