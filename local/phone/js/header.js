// The top of the conversation: who it is with, and whether they are writing.
import { el, icon, iconButton } from "./dom.js";
import { openPeople } from "./people.js";
import { state } from "./state.js";
import { t } from "./words.js";

export function drawHeader(header, inspector) {
  const focused = header.querySelector(":focus")?.dataset.testid;
  header.replaceChildren(
    iconButton("people", t("peopleAndSettings"), { class: "icon-button only-narrow", onclick: openPeople, testid: "open-people" }),
    el("span", { class: "avatar town", "aria-hidden": "true" }, icon("town", 24)),
    el(
      "div",
      { class: "who" },
      el("h1", {}, state.town.name),
      el("p", { class: state.typing ? "writing" : "", testid: "presence" }, state.typing ? t("typing") : t("online")),
    ),
    iconButton("braces", t("behind"), {
      class: "icon-button behind",
      "aria-pressed": String(state.behind),
      onclick: () => inspector.toggle(),
      testid: "behind",
    }),
  );
  if (focused) header.querySelector(`[data-testid="${focused}"]`)?.focus();
}
