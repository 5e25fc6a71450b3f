// Sheets that come up from the bottom of the phone. The browser's own dialog keeps the focus and knows Escape.
import { el, iconButton } from "./dom.js";
import { t } from "./words.js";

/**
 * Open a sheet. `build(close)` gives its content; `close()` shuts it. The focus goes to the first element with
 * `autofocus`, and back to where it was.
 */
export function openSheet(title, build, { testid = "sheet", wide = false } = {}) {
  const dialog = el("dialog", { class: `sheet${wide ? " wide" : ""}`, "aria-labelledby": "sheet-title", testid });
  const close = () => dialog.close();
  dialog.append(
    el(
      "header",
      { class: "sheet-header" },
      el("h2", { id: "sheet-title" }, title),
      iconButton("close", t("close"), { onclick: close, testid: "sheet-close" }),
    ),
    el("div", { class: "sheet-body" }, build(close)),
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("[autofocus]")?.focus();
  return close;
}
