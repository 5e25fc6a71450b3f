// The line at the bottom: write, attach, send. Enter sends, Shift+Enter makes a new line.
import { say } from "./answers.js";
import { openAttach } from "./attach.js";
import { el, hidden, icon, iconButton } from "./dom.js";
import { state, watch } from "./state.js";
import { t } from "./words.js";

const LONGEST = 4096;

export function startComposer(form) {
  const field = el("textarea", { id: "write", rows: "1", maxlength: LONGEST, autocomplete: "off", enterkeyhint: "send", testid: "write" });
  const label = el("label", { for: "write", class: "visually-hidden" });
  const attach = iconButton("plus", "", { testid: "attach", "aria-haspopup": "dialog" });
  const button = el("button", { class: "send" });
  const quote = el("div", { class: "quoting", hidden: true });

  const takeText = () => {
    const words = field.value.trim();
    field.value = "";
    resize();
    return words;
  };
  const takeContext = () => {
    const context = state.quoting ? { context: { id: state.quoting.wamid } } : {};
    state.quoting = null;
    return context;
  };
  const send = async () => {
    const words = takeText();
    const message = words ? { type: "text", text: { body: words } } : { type: "audio", audio: { sample: "voice:4" } };
    try {
      await say({ ...message, ...takeContext() });
    } catch {
      field.value = words; // nothing that was written is lost
    }
    resize();
    field.focus();
  };
  const resize = () => {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 132)}px`;
    drawButton();
  };
  const drawButton = () => {
    const empty = !field.value.trim();
    button.replaceChildren(icon(empty ? "mic" : "send"), hidden(t(empty ? "voice" : "send")));
    button.title = t(empty ? "voice" : "send");
    button.dataset.testid = empty ? "send-voice" : "send";
  };
  const drawQuote = () => {
    quote.hidden = !state.quoting;
    if (!state.quoting) return;
    quote.replaceChildren(
      el("p", { class: "quoted" }, hidden(t("inReplyTo")), state.quoting.words),
      iconButton("close", t("stopReplying"), { onclick: () => ((state.quoting = null), field.focus()) }),
    );
    setTimeout(() => field.focus()); // after the menu has given the focus back
  };
  const drawWords = () => {
    label.textContent = t("write");
    field.placeholder = t("write");
    attach.setAttribute("aria-label", t("attach"));
    attach.title = t("attach");
    drawButton();
    drawQuote();
  };

  form.append(quote, attach, label, field, button);
  form.addEventListener("submit", (event) => (event.preventDefault(), send()));
  attach.addEventListener("click", () => openAttach(takeText));
  field.addEventListener("input", resize);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (field.value.trim()) send(); // an empty line is no voice note
  });
  watch("quoting", drawQuote);
  watch("language", drawWords);
  watch("citizen", () => (state.quoting = null));
  drawWords();
}
