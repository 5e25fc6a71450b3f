// What can be done with one of the town's messages: react to it, or answer just it.
import { say } from "./answers.js";
import { wordsOf } from "./bubbles.js";
import { el, icon } from "./dom.js";
import { openSheet } from "./sheets.js";
import { state } from "./state.js";
import { t } from "./words.js";

const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

export function openMessageMenu({ event, message, reactions }) {
  openSheet(t("more"), (close) => {
    const react = (emoji) => {
      close();
      say({ type: "reaction", reaction: { message_id: event.wamid, emoji } });
    };
    const reply = () => {
      close();
      state.quoting = { wamid: event.wamid, words: wordsOf(message, event.rendered) };
    };
    return [
      el("p", { class: "quoted" }, wordsOf(message, event.rendered)),
      el("div", { class: "emojis", role: "group", "aria-label": t("react") }, EMOJIS.map((emoji, number) =>
        el("button", { type: "button", class: "emoji", testid: "react", "aria-label": `${t("react")} ${emoji}`, autofocus: number === 0, onclick: () => react(emoji) }, emoji))),
      el("button", { type: "button", class: "menu-row", testid: "reply", onclick: reply }, icon("reply"), t("reply")),
      reactions.citizen && el("button", { type: "button", class: "menu-row", testid: "unreact", onclick: () => react("") }, icon("close"), t("removeReaction")),
    ];
  }, { testid: "menu" });
}
