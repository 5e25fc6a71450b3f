// What can be sent besides text: photos, documents, places, voice notes, contacts, and things the town cannot read.
import * as api from "./api.js";
import { say } from "./answers.js";
import { el, icon } from "./dom.js";
import { coordinates, picker } from "./map.js";
import { openSheet } from "./sheets.js";
import { t } from "./words.js";

const CENTRE = { latitude: 39.15, longitude: -0.435 };
const PLACES = [
  ["centre", 39.15, -0.435],
  ["north", 39.1545, -0.435],
  ["south", 39.1428, -0.435],
  ["east", 39.15, -0.4234],
  ["far", 39.4697, -0.3774],
];
const PHOTOS = ["streetlight", "sofa", "pothole"];

/** `takeText` gives what stands in the composer, which becomes the caption. */
export function openAttach(takeText) {
  openSheet(t("attach"), (close) => {
    const then = (act) => () => (close(), act());
    const photo = chooser("image/*", "attach-photo-file", (file) => (close(), openPhoto({ file }, takeText())));
    const document = chooser("", "attach-document-file", (file) => (close(), sendDocument(file)));
    return [
      el("div", { class: "tiles" },
        tile("photo", "photo", () => photo.click(), "attach-photo", true),
        tile("pin", "location", then(() => openLocation()), "attach-location"),
        tile("mic", "voiceNote", then(() => say({ type: "audio", audio: { sample: "voice:8" } })), "attach-voice"),
        tile("document", "document", () => document.click(), "attach-document"),
        tile("contact", "contact", then(sendContact), "attach-contact"),
        tile("poll", "poll", then(() => say({ type: "unsupported", unsupported: { type: "poll_creation" } })), "attach-poll"),
      ),
      photo,
      document,
      el("h3", {}, t("samplePhotos")),
      el("div", { class: "samples" }, PHOTOS.map((name) =>
        el("button", { type: "button", class: "sample", testid: `sample-${name}`, onclick: then(() => openPhoto({ sample: name }, takeText())) },
          el("img", { src: api.sampleUrl(name), alt: "" }), el("span", {}, t(`sample.${name}`))))),
    ];
  }, { testid: "attach-sheet" });
}

const tile = (name, words, onclick, testid, first = false) =>
  el("button", { type: "button", class: `tile tile-${name}`, onclick, testid, autofocus: first }, el("span", { class: "tile-icon" }, icon(name, 26)), t(words));

function chooser(accept, testid, onFile) {
  return el("input", { type: "file", accept: accept || null, hidden: true, testid, onchange: (event) => event.target.files[0] && onFile(event.target.files[0]) });
}

/** Look at a photo before it goes, with a line of text. */
function openPhoto({ file, sample }, words) {
  const address = file ? URL.createObjectURL(file) : api.sampleUrl(sample);
  openSheet(t("photo"), (close) => {
    const caption = el("input", { type: "text", id: "caption", value: words, maxlength: 1024, autocomplete: "off", autofocus: true, testid: "caption" });
    const send = async (event) => {
      event.preventDefault();
      close();
      const text = caption.value.trim() ? { caption: caption.value.trim() } : {};
      const image = file ? { id: (await api.upload(file)).id } : { sample };
      await say({ type: "image", image: { ...image, ...text } });
      if (file) URL.revokeObjectURL(address);
    };
    return el("form", { class: "photo-form", onsubmit: send },
      el("img", { src: address, alt: sample ? t(`sample.${sample}`) : file.name }),
      el("label", { for: "caption" }, t("caption")),
      caption,
      el("button", { class: "primary", testid: "send-photo" }, icon("send", 20), t("sendPhoto")));
  }, { testid: "photo-sheet" });
}

async function sendDocument(file) {
  const { id } = await api.upload(file);
  await say({ type: "document", document: { id, filename: file.name } });
}

function sendContact() {
  const phones = [{ phone: "+34 600 00 00 98", wa_id: "34600000098", type: "CELL" }];
  return say({ type: "contacts", contacts: [{ name: { formatted_name: "Pau Fictici", first_name: "Pau" }, phones }] });
}

/** Choose a place and send it; `context` names the request that it answers. */
export function openLocation(context) {
  openSheet(t("location"), (close) => {
    const field = (id, value, most) =>
      el("input", { id, type: "number", step: "any", min: -most, max: most, required: true, value: value.toFixed(5), testid: id, oninput: () => move() });
    const latitude = field("latitude", CENTRE.latitude, 90);
    const longitude = field("longitude", CENTRE.longitude, 180);
    const { plan, show } = picker(CENTRE, (north, east) => set(north, east));
    const move = () => show(Number(latitude.value), Number(longitude.value));
    const set = (north, east) => {
      [latitude.value, longitude.value] = coordinates(north, east).split(", ");
      move();
    };
    const send = (event) => {
      event.preventDefault();
      close();
      const location = { latitude: Number(latitude.value), longitude: Number(longitude.value) };
      say({ type: "location", location, ...(context ? { context } : {}) });
    };
    move();
    return el("form", { class: "location-form", onsubmit: send },
      plan,
      el("p", { class: "hint" }, t("mapHint")),
      el("div", { class: "chips", role: "group", "aria-label": t("places") }, PLACES.map(([name, north, east], number) =>
        el("button", { type: "button", class: "chip", testid: `place-${name}`, autofocus: number === 0, onclick: () => set(north, east) }, t(`place.${name}`)))),
      el("div", { class: "pair" },
        el("div", {}, el("label", { for: "latitude" }, t("latitude")), latitude),
        el("div", {}, el("label", { for: "longitude" }, t("longitude")), longitude)),
      el("button", { class: "primary", testid: "location-send" }, icon("pin", 20), t("sendLocation")));
  }, { testid: "location-sheet" });
}
