// Behind the scenes: the JSON of a message, as it went over the line.
import { el } from "./dom.js";
import { openSheet } from "./sheets.js";
import { state } from "./state.js";
import { t } from "./words.js";

const WIDE = "(min-width: 1180px)";

export class Inspector {
  #panel;
  #shown = null;

  constructor(panel) {
    this.#panel = panel;
    matchMedia(WIDE).addEventListener("change", () => this.draw());
  }

  toggle() {
    state.behind = !state.behind;
  }

  show(event) {
    this.#shown = event;
    if (matchMedia(WIDE).matches) this.draw();
    else openSheet(t("behind"), () => code(event), { testid: "json-sheet" });
  }

  draw() {
    this.#panel.hidden = !state.behind || !matchMedia(WIDE).matches;
    this.#panel.setAttribute("aria-label", t("behind"));
    document.body.classList.toggle("behind-on", state.behind);
    this.#panel.replaceChildren(
      el("h2", {}, t("behind")),
      this.#shown ? code(this.#shown) : el("p", { class: "hint" }, t("behindHint")),
    );
  }
}

function code(event) {
  const { kind, request, message, ...rest } = event;
  const title = kind === "out" ? "POST /{phone-number-id}/messages" : "POST /webhook · messages[0]";
  return el(
    "div",
    { class: "json" },
    el("p", { class: "hint" }, title),
    el("pre", { tabindex: "0", testid: "json", "aria-label": "JSON" }, JSON.stringify(request ?? message ?? rest, null, 2)),
  );
}
