// Elements without HTML strings: whatever a message says is put in as text.
const SVG = "http://www.w3.org/2000/svg";

/**
 * el("button", { class: "x", testid: "send", onclick: f, "aria-label": "…" }, "text", otherElement)
 * Properties that are null, undefined or false are left out; children too.
 */
export function el(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "testid") element.dataset.testid = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const hidden = (words) => el("span", { class: "visually-hidden" }, words);

const ICONS = {
  send: "M4 12 3.500 4.500 21 12 3.500 19.500z M4 12h8",
  mic: "M12 3.500a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3z M6 11.500a6 6 0 0 0 12 0 M12 17.500v3",
  plus: "M12 5v14 M5 12h14",
  close: "M6 6l12 12 M18 6 6 18",
  people: "M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z M2.500 19.500c.5-3.500 3-5.500 6.500-5.500s6 2 6.500 5.500 M16 5a3.500 3.500 0 0 1 0 6.500 M18 14.500c2 .7 3.200 2.500 3.500 5",
  list: "M8.500 6.500h11 M8.500 12h11 M8.500 17.500h11 M4.500 6.500h.01 M4.500 12h.01 M4.500 17.500h.01",
  reply: "M9.500 7 4.500 12l5 5 M5 12h9a6 6 0 0 1 6 6v.5",
  link: "M14 4.500h5.500V10 M19.500 4.500 11 13 M10 6H6.500a2 2 0 0 0-2 2v9.500a2 2 0 0 0 2 2H16a2 2 0 0 0 2-2V14",
  pin: "M12 21c4.500-4.700 6.500-8 6.500-11a6.500 6.500 0 0 0-13 0c0 3 2 6.300 6.500 11z M12 12.300a2.300 2.300 0 1 0 0-4.600 2.300 2.300 0 0 0 0 4.600z",
  phone: "M5 4.500h3.500l1.700 4.300-2.200 1.700a12 12 0 0 0 5.500 5.500l1.700-2.200 4.300 1.700V19a1.500 1.500 0 0 1-1.600 1.500C10.500 20 4 13.500 3.500 6.100A1.500 1.500 0 0 1 5 4.500z",
  photo: "M4.500 7.500h3L9 5h6l1.500 2.500h3v11.500h-15z M12 16.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z",
  document: "M6.500 3.500h7.500l4 4v13H6.500z M13.500 3.500v4.500H18 M9.500 12.500h5.500 M9.500 16h5.500",
  contact: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4.500 20.500c.6-4 3.500-6 7.500-6s6.900 2 7.500 6",
  poll: "M5 6h9 M5 12h14 M5 18h6",
  play: "M8 5.500v13l10.500-6.500z",
  pause: "M8 5.500v13 M16 5.500v13",
  more: "M7 10l5 5 5-5",
  town: "M4 20.500h16 M5.500 20.500v-9 M18.500 20.500v-9 M3.500 11.500h17L12 6z M12 6V3 M12 3.200h3v1.600h-3 M9.500 20.500v-5h5v5 M8 13.500v1 M16 13.500v1",
  braces: "M9 4.500c-2.200 0-3 .8-3 3v2c0 1.500-.7 2.500-2 2.500 1.300 0 2 1 2 2.500v2c0 2.200.8 3 3 3 M15 4.500c2.200 0 3 .8 3 3v2c0 1.500.7 2.500 2 2.500-1.300 0-2 1-2 2.500v2c0 2.200-.8 3-3 3",
  tick: "M4.500 12.500l5 5 10-11",
  ticks: "M2 12.500l4.500 5 9-11 M10.500 16l1.500 1.500 9.500-11",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z M12 7.500V12l3 2",
  smile: "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17z M8.500 14c1.800 2.400 5.200 2.400 7 0 M9 9.500v.5 M15 9.500v.5",
  forbidden: "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17z M6 6l12 12",
};

/** A drawn icon; says nothing to a screen reader. */
export function icon(name, size = 22) {
  const filled = ["send", "play"].includes(name);
  return svg(
    "svg",
    { viewBox: "0 0 24 24", width: size, height: size, class: `icon icon-${name}${filled ? " filled" : ""}`, "aria-hidden": "true", focusable: "false" },
    svg("path", { d: ICONS[name] }),
  );
}

/** A button with an icon and a name. */
export function iconButton(name, label, properties = {}) {
  return el("button", { type: "button", class: "icon-button", "aria-label": label, title: label, ...properties }, icon(name));
}

/** Arrow keys, Home and End move among `selector` inside `container`. */
export function walkWithArrows(container, selector) {
  container.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
    if (!(event.key in steps) || !event.target.matches(selector)) return;
    const items = [...container.querySelectorAll(selector)];
    const next = Math.min(items.length - 1, Math.max(0, items.indexOf(event.target) + steps[event.key]));
    items[next].focus();
    event.preventDefault();
  });
}
