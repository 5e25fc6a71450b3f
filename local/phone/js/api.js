// The page's only door to the network: the simulated WhatsApp's /_sim.
let base = "";

/** Learn from the page's own server where the simulator is. */
export async function connect() {
  const config = await (await fetch("/phone/config.json")).json();
  base = config.graph.replace(/\/$/, "");
}

async function request(method, path, body, headers = {}) {
  const response = await fetch(`${base}/_sim/${path}`, { method, body, headers });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? answer.message ?? response.statusText);
  return answer;
}

const json = { "Content-Type": "application/json" };
export const get = (path) => request("GET", path);
export const post = (path, body = {}) => request("POST", path, JSON.stringify(body), json);
export const patch = (path, body) => request("PATCH", path, JSON.stringify(body), json);

/** Send as a citizen; `message` is Meta's message object without ids and times. */
export const send = (from, message) => post("inbound", { from, message });

/** Upload a citizen's file; its id can then be sent. */
export const upload = (file) =>
  request("POST", "media", file, { "Content-Type": file.type || "application/octet-stream" });

export const mediaUrl = (id) => `${base}/_sim/media/${encodeURIComponent(id)}`;
export const sampleUrl = (name) => `${base}/_sim/samples/${encodeURIComponent(name)}`;

/** Listen to a conversation from event `after` on. Comes back by itself after a break. */
export function listen(citizen, after, { onEvent, onHello, onBreak }) {
  const query = new URLSearchParams({ citizen, after });
  const source = new EventSource(`${base}/_sim/stream?${query}`);
  source.addEventListener("hello", (event) => onHello(JSON.parse(event.data)));
  source.addEventListener("message", (event) => onEvent(JSON.parse(event.data)));
  source.addEventListener("error", onBreak);
  return source;
}
