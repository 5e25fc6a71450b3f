// A voice note: play, a drawn wave, and how long it lasts.
import { el, icon, svg } from "./dom.js";
import { t } from "./words.js";

const BARS = 34;

export function player(address) {
  const audio = new Audio(address);
  audio.preload = "metadata";
  const length = el("span", { class: "length" }, "0:00");
  const bars = Array.from({ length: BARS }, (_, number) => bar(number));
  const wave = svg("svg", { viewBox: `0 0 ${BARS * 4} 24`, class: "wave", "aria-hidden": "true" }, bars);
  const button = el("button", { type: "button", class: "play", "aria-label": t("voiceNote") }, icon("play", 24));
  const show = () => {
    button.replaceChildren(icon(audio.paused ? "play" : "pause", 24));
    button.setAttribute("aria-pressed", String(!audio.paused));
    const part = audio.duration ? audio.currentTime / audio.duration : 0;
    bars.forEach((one, number) => one.classList.toggle("heard", number / BARS < part));
    length.textContent = clock(audio.paused && !audio.currentTime ? audio.duration : audio.currentTime);
  };
  for (const event of ["loadedmetadata", "timeupdate", "play", "pause", "ended"]) audio.addEventListener(event, show);
  button.addEventListener("click", () => (audio.paused ? audio.play().catch(show) : audio.pause()));
  return el("div", { class: "voice", testid: "voice" }, button, wave, length);
}

function bar(number) {
  const height = 4 + Math.abs(Math.sin(number * 1.7) * 11 + Math.sin(number * 0.6) * 7);
  return svg("rect", { x: number * 4, y: 12 - height / 2, width: 2.400, height, rx: 1.2 });
}

function clock(seconds) {
  const whole = Number.isFinite(seconds) ? Math.round(seconds) : 0;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
