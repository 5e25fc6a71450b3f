// Maps without map data: a town is drawn out of the coordinates alone, always the same for the same place.
import { el, icon, svg } from "./dom.js";
import { t } from "./words.js";

/** A small repeatable chance, so that a place looks the same each time. */
function chance(seed) {
  let value = seed >>> 0 || 1;
  return () => {
    value ^= value << 13;
    value ^= value >>> 17;
    value ^= value << 5;
    return (value >>> 0) / 4294967296;
  };
}

/** Streets, blocks, a park and a canal of `width` by `height`. */
function town(latitude, longitude, width, height) {
  const next = chance(Math.round((latitude + 90) * 1e4) * 7919 + Math.round((longitude + 180) * 1e4));
  const turn = next() * 24 - 12;
  const drawn = svg("g", { transform: `rotate(${turn.toFixed(1)} ${width / 2} ${height / 2})` });
  const step = 46;
  const around = Math.max(width, height) * 0.4;
  for (let x = -around; x < width + around; x += step) {
    for (let y = -around; y < height + around; y += step * 0.74) {
      const roll = next();
      const shape = { x: x + 4, y: y + 4, width: step - 8 - next() * 6, height: step * 0.74 - 8, rx: 2 };
      drawn.append(svg("rect", { ...shape, class: roll < 0.09 ? "park" : roll < 0.16 ? "square" : "block" }));
    }
  }
  const across = height * (0.15 + next() * 0.7);
  const avenue = `M${-around} ${across} C ${width * 0.3} ${across + 30}, ${width * 0.6} ${across - 34}, ${width + around} ${across + 8}`;
  drawn.append(svg("path", { d: avenue, class: "avenue-edge" }), svg("path", { d: avenue, class: "avenue" }));
  const side = width * (0.1 + next() * 0.3);
  drawn.append(svg("path", { d: `M${side} ${-around} C ${side - 20} ${height * 0.4}, ${side + 34} ${height * 0.6}, ${side} ${height + around}`, class: "water" }));
  return drawn;
}

const marker = (x, y) =>
  svg(
    "g",
    { transform: `translate(${x} ${y})`, class: "marker" },
    svg("ellipse", { cx: 0, cy: 1, rx: 7, ry: 3, class: "marker-shadow" }),
    svg("path", { d: "M0 0C-8-10-12-15-12-22a12 12 0 0 1 24 0c0 7-4 12-12 22z" }),
    svg("circle", { cx: 0, cy: -22, r: 4.500 }),
  );

export const coordinates = (latitude, longitude) => `${Number(latitude).toFixed(5)}, ${Number(longitude).toFixed(5)}`;

/** A shared place as a card: map, name, address, coordinates. */
export function mapCard({ latitude, longitude, name, address }) {
  const where = coordinates(latitude, longitude);
  const picture = svg(
    "svg",
    { viewBox: "0 0 280 140", class: "map", role: "img", "aria-label": `${t("mapOf")} ${name ?? where}`, preserveAspectRatio: "xMidYMid slice" },
    town(latitude, longitude, 280, 140),
    marker(140, 82),
  );
  return el(
    "div",
    { class: "place", testid: "place" },
    picture,
    el(
      "div",
      { class: "place-words" },
      name && el("strong", {}, name),
      address && el("span", {}, address),
      el("span", { class: "coordinates" }, icon("pin", 14), where),
    ),
  );
}

const SPAN = 0.024; // degrees of latitude that the picker shows

/** A plan of the town on which a place is chosen with the mouse; the keyboard has the fields beside it. */
export function picker(centre, onPick) {
  const [width, height] = [320, 200];
  const wide = (SPAN * width) / height / Math.cos((centre.latitude * Math.PI) / 180);
  const plan = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "map picker", "aria-hidden": "true", "data-testid": "map-picker" }, town(centre.latitude, centre.longitude, width, height));
  let shown = null;
  const show = (latitude, longitude) => {
    shown?.remove();
    const x = width / 2 + ((longitude - centre.longitude) / wide) * width;
    const y = height / 2 - ((latitude - centre.latitude) / SPAN) * height;
    const inside = x > 0 && x < width && y > 0 && y < height;
    shown = inside ? marker(x, y) : null;
    if (shown) plan.append(shown);
  };
  plan.addEventListener("click", (event) => {
    const box = plan.getBoundingClientRect();
    const latitude = centre.latitude + (0.5 - (event.clientY - box.top) / box.height) * SPAN;
    const longitude = centre.longitude + ((event.clientX - box.left) / box.width - 0.5) * wide;
    onPick(latitude, longitude);
  });
  return { plan, show };
}
