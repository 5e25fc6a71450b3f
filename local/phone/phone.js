// The phone of a citizen, in the browser: starts the parts of the page and lets them know of each other.
import * as api from "./js/api.js";
import { startComposer } from "./js/composer.js";
import { Conversation } from "./js/conversation.js";
import { drawHeader } from "./js/header.js";
import { Inspector } from "./js/inspector.js";
import { WIDE, drawDesk } from "./js/people.js";
import { state, watch } from "./js/state.js";
import { t } from "./js/words.js";

const at = (id) => document.getElementById(id);

function fitSheets() {
  // Sheets are drawn above everything else, so they are told where the phone stands.
  const box = at("phone").getBoundingClientRect();
  const root = document.documentElement.style;
  root.setProperty("--phone-left", `${box.left}px`);
  root.setProperty("--phone-width", `${box.width}px`);
  root.setProperty("--phone-bottom", `${Math.max(0, window.innerHeight - box.bottom)}px`);
  root.setProperty("--phone-height", `${box.height}px`);
}

function showClock() {
  const now = new Date();
  at("clock").textContent = now.toLocaleTimeString("es", { hour: "2-digit", minute: "2-digit" });
  setTimeout(showClock, 60_000 - (now.getTime() % 60_000));
}

function drawWords() {
  document.documentElement.lang = state.language;
  document.documentElement.dataset.theme = state.theme;
  document.title = `${t("title")} · ${state.town.name}`;
  at("scroller").setAttribute("aria-label", t("conversation"));
  at("notice").textContent = t("simulation");
}

async function main() {
  new ResizeObserver(fitSheets).observe(at("phone"));
  window.addEventListener("resize", fitSheets);
  showClock();
  drawWords();
  try {
    await api.connect();
    state.town = await api.get("state");
    state.people = await api.get("citizens");
  } catch {
    at("alert").textContent = t("noSimulator");
    at("alert").hidden = false;
    return;
  }
  const inspector = new Inspector(at("inspector"));
  const conversation = new Conversation({ inspector, alert: at("alert"), announcer: at("announcer") });
  const drawAll = () => {
    drawWords();
    drawHeader(at("chat-header"), inspector);
    drawDesk(at("desk"));
    inspector.draw();
  };
  startComposer(at("composer"));
  WIDE.addEventListener("change", drawAll);
  watch("language", () => (drawAll(), conversation.redraw()));
  watch("theme", drawAll);
  watch("people", drawAll);
  watch("typing", () => drawHeader(at("chat-header"), inspector));
  watch("behind", () => (drawAll(), fitSheets()));
  watch("citizen", () => (drawAll(), conversation.open(state.citizen)));
  state.citizen = state.people.find((one) => one.user_id === state.citizen)?.user_id ?? firstPerson();
  fitSheets();
  document.body.dataset.ready = "true";
}

/** The one who has been there longest: the order of the list follows who wrote last. */
function firstPerson() {
  return [...state.people].sort((a, b) => a.user_id.localeCompare(b.user_id))[0]?.user_id;
}

main();
