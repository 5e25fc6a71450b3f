// What a citizen answers by tapping: buttons, rows of a list, their own number.
import * as api from "./api.js";
import { el, walkWithArrows } from "./dom.js";
import { openSheet } from "./sheets.js";
import { state } from "./state.js";
import { t } from "./words.js";

/** Send as the citizen whose phone this is. What goes wrong is said, and the promise fails. */
export async function say(message) {
  const alert = document.getElementById("alert");
  try {
    const answer = await api.send(state.citizen, message);
    alert.hidden = true;
    return answer;
  } catch (error) {
    alert.textContent = `${t("notSent")} ${error.message}`;
    alert.hidden = false;
    throw error;
  }
}

/** A tapped button or row of message `wamid`. */
export function choose(wamid, kind, chosen) {
  const context = { id: wamid };
  if (kind === "quick_reply") {
    return say({ type: "button", button: { payload: chosen.payload, text: chosen.text }, context });
  }
  return say({ type: "interactive", interactive: { type: kind, [kind]: chosen }, context });
}

export function askContact(wamid) {
  return say({ type: "contacts", contacts: [{ origin: "contact_request" }], context: { id: wamid } });
}

/** The rows of a list message, in a sheet; arrows walk, Enter sends, Escape leaves. */
export function openList(wamid, content) {
  openSheet(content.action.button || t("choose"), (close) => {
    const pick = (row) => {
      close();
      const { id, title, description } = row;
      choose(wamid, "list_reply", { id, title, ...(description ? { description } : {}) });
    };
    const list = el("div", { class: "list" }, content.action.sections.map((section, number) => sectionOf(section, number, pick)));
    walkWithArrows(list, "button");
    return list;
  }, { testid: "list" });
}

function sectionOf(section, number, pick) {
  const rows = section.rows.map((row, place) =>
    el(
      "li",
      {},
      el(
        "button",
        { type: "button", class: "list-row", testid: "list-row", "data-id": row.id, autofocus: number === 0 && place === 0, onclick: () => pick(row) },
        el("span", { class: "list-words" }, el("span", { class: "list-title" }, row.title), row.description && el("span", { class: "small" }, row.description)),
        el("span", { class: "radio", "aria-hidden": "true" }),
      ),
    ),
  );
  return el("section", {}, section.title && el("h3", {}, section.title), el("ul", {}, rows));
}
