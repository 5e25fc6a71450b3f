// One citizen's conversation: follows its events and keeps the list of messages, ticks, reactions and dots.
import * as api from "./api.js";
import { actionsOf, contentOf, wordsOf } from "./bubbles.js";
import { el, hidden, icon, iconButton } from "./dom.js";
import { openMessageMenu } from "./message_menu.js";
import { me, state } from "./state.js";
import { t } from "./words.js";

const RANK = { sent: 0, delivered: 1, read: 2 };

export class Conversation {
  #list = document.getElementById("messages");
  #scroller = document.getElementById("scroller");
  #parts; // inspector, alert, announcer
  #events = [];
  #records = new Map(); // wamid: {item, event, tick, reactions}
  #source = null;
  #day = "";
  #dots = null;
  #dotsTimer = 0;
  #peopleTimer = 0;
  #following = true;

  constructor(parts) {
    this.#parts = parts;
    // Who reads the end goes on reading the end when a picture arrives or the keyboard takes room.
    this.#scroller.addEventListener("scroll", () => (this.#following = this.#distance() < 80), { passive: true });
    const follow = new ResizeObserver(() => this.#following && this.#toEnd(false));
    follow.observe(this.#list);
    follow.observe(this.#scroller);
  }

  #distance() {
    return this.#scroller.scrollHeight - this.#scroller.scrollTop - this.#scroller.clientHeight;
  }

  /** Show somebody's conversation, and follow it. */
  async open(citizen) {
    this.#source?.close();
    this.#parts.alert.hidden = true;
    const events = await api.get(`events?citizen=${encodeURIComponent(citizen)}`);
    if (citizen !== state.citizen) return; // somebody else was chosen meanwhile
    this.#events = events;
    this.redraw();
    this.#source = api.listen(citizen, events.at(-1)?.n ?? 0, {
      onEvent: (event) => this.#heard(event),
      onHello: ({ epoch }) => this.#hello(epoch),
      onBreak: () => this.#alert(t("reconnecting")),
    });
  }

  /** All of it anew, without reading it aloud. */
  redraw() {
    this.#scroller.setAttribute("aria-busy", "true");
    this.#clear();
    for (const event of this.#events) this.#apply(event);
    this.#showEmpty();
    this.#toEnd(false);
    this.#scroller.removeAttribute("aria-busy");
  }

  #clear() {
    this.#list.replaceChildren();
    this.#records.clear();
    this.#day = "";
    this.#dots = null;
    state.typing = false;
  }

  #heard(event) {
    this.#events.push(event);
    const own = event.kind === "in";
    this.#apply(event);
    this.#showEmpty();
    if (own || this.#following) this.#toEnd(true);
  }

  async #hello(epoch) {
    this.#parts.alert.hidden = true;
    if (epoch === state.town.epoch) return;
    state.town = await api.get("state"); // the simulator was started anew and has forgotten everything
    state.people = await api.get("citizens");
    state.citizen = me()?.user_id ?? state.people[0].user_id;
  }

  #alert(words) {
    this.#parts.alert.textContent = words;
    this.#parts.alert.hidden = false;
  }

  // --- events ---------------------------------------------------------------------------------------

  #apply(event) {
    switch (event.kind) {
      case "in":
        return this.#message(event, event.message, "citizen");
      case "out":
        this.#stopTyping();
        return this.#message(event, event.request, "town");
      case "tick":
        return this.#tick(event.wamid, event.tick);
      case "typing":
        return this.#typing(event);
      case "reset":
        this.#events = [];
        this.#clear();
        return this.#refreshPeople();
      case "renumbered":
        if (event.from === state.citizen) this.#renumbered(event.to);
        return null;
      case "citizens":
        return this.#refreshPeople();
    }
  }

  /** Soon, and once for many: a thousand people may arrive at the same time. */
  #refreshPeople() {
    clearTimeout(this.#peopleTimer);
    this.#peopleTimer = setTimeout(async () => {
      state.people = await api.get("citizens");
      if (!me()) state.citizen = state.people[0].user_id;
    }, 100);
  }

  async #renumbered(userId) {
    state.people = await api.get("citizens");
    state.citizen = userId;
  }

  #message(event, message, from) {
    const type = message.type ?? "text";
    if (type === "reaction") return this.#react(message.reaction, from);
    if (type === "system") return this.#note(t("numberChanged"));
    this.#separateDays(event.at);
    const record = { event, message, from, tick: "sent", reactions: {} };
    record.item = this.#item(record, type);
    this.#records.set(event.wamid, record);
    this.#list.append(record.item);
  }

  #item(record, type) {
    const { event, message, from } = record;
    const time = new Date(event.at * 1000);
    const shown = time.toLocaleTimeString("es", { hour: "2-digit", minute: "2-digit" });
    const bubble = el(
      "div",
      { class: "bubble", testid: "bubble" },
      hidden(from === "town" ? t("townSays") : t("youSay")),
      this.#quotation(message.context),
      contentOf(message, event.rendered),
      el(
        "p",
        { class: "meta" },
        el("time", { datetime: time.toISOString() }, shown),
        from === "citizen" && el("span", { class: "tick", testid: "tick" }, ...tickMarks("sent")),
      ),
    );
    return el(
      "li",
      { class: `message from-${from} type-${type}`, testid: "message", "data-from": from, "data-type": type, "data-wamid": event.wamid },
      el("div", { class: "row" }, bubble, this.#tools(record)),
      from === "town" && actionsOf(message, event),
    );
  }

  #tools(record) {
    return el(
      "div",
      { class: "tools" },
      el("button", { type: "button", class: "json-button", "aria-label": t("showJson"), title: t("showJson"), testid: "inspect", onclick: () => this.#parts.inspector.show(record.event) }, "{ }"),
      record.from === "town" &&
        iconButton("smile", t("more"), { class: "icon-button small", testid: "message-menu", onclick: () => openMessageMenu(record) }),
    );
  }

  #quotation(context) {
    const quoted = this.#records.get(context?.message_id ?? context?.id);
    if (!quoted) return null;
    return el("blockquote", { class: "quoted" }, hidden(t("inReplyTo")), wordsOf(quoted.message, quoted.event.rendered));
  }

  #react(reaction, from) {
    const record = this.#records.get(reaction.message_id);
    if (!record) return;
    record.reactions[from] = reaction.emoji;
    const emojis = Object.values(record.reactions).filter(Boolean);
    record.item.querySelector(".reactions")?.remove();
    if (!emojis.length) return;
    record.item.querySelector(".bubble").append(
      el("p", { class: "reactions", testid: "reactions" }, hidden(t("reaction")), emojis.join(" ")),
    );
  }

  #note(words) {
    this.#list.append(el("li", { class: "note" }, words));
  }

  #separateDays(at) {
    const date = new Date(at * 1000);
    const day = date.toDateString();
    if (day === this.#day) return;
    this.#day = day;
    this.#note(dayName(date));
  }

  #tick(wamid, tick) {
    for (const [id, record] of this.#records) {
      if (record.from === "citizen" && RANK[tick] > RANK[record.tick] && (id === wamid || tick === "read")) {
        record.tick = tick;
        const mark = record.item.querySelector(".tick");
        mark.replaceChildren(...tickMarks(tick));
        mark.dataset.tick = tick;
      }
      if (id === wamid) break; // reading a message also reads the earlier ones
    }
  }

  // --- dots -----------------------------------------------------------------------------------------

  #typing(event) {
    const left = event.at * 1000 + event.seconds * 1000 - Date.now();
    if (left <= 0) return;
    this.#stopTyping();
    state.typing = true;
    this.#parts.announcer.textContent = t("typingLong");
    const dots = el("div", { class: "bubble dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    this.#dots = el("li", { class: "message from-town typing", testid: "typing", "aria-hidden": "true" }, dots);
    this.#list.append(this.#dots);
    this.#dotsTimer = setTimeout(() => this.#stopTyping(), Math.min(left, 25_000));
  }

  #stopTyping() {
    clearTimeout(this.#dotsTimer);
    this.#dots?.remove();
    this.#dots = null;
    this.#parts.announcer.textContent = "";
    if (state.typing) state.typing = false;
  }

  // --- the screen -----------------------------------------------------------------------------------

  #showEmpty() {
    const shown = this.#list.querySelector(".empty");
    if (this.#records.size) return shown?.remove();
    if (shown) return;
    const hello = () => api.send(state.citizen, { type: "text", text: { body: "Hola" } });
    this.#list.append(
      el("li", { class: "empty" }, el("p", {}, t("empty")), el("button", { type: "button", class: "pill", onclick: hello, testid: "say-hello" }, t("sayHello"))),
    );
  }

  #toEnd(smoothly) {
    this.#following = true;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#scroller.scrollTo({ top: this.#scroller.scrollHeight, behavior: smoothly && !calm ? "smooth" : "instant" });
  }
}

function tickMarks(tick) {
  return [icon(tick === "sent" ? "clock" : "ticks", 16), hidden(t(`tick.${tick}`))];
}

function dayName(date) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return t("today");
  if (days === 1) return t("yesterday");
  return date.toLocaleDateString(state.language === "ca" ? "ca-valencia" : "es", { day: "numeric", month: "long", year: "numeric" });
}
