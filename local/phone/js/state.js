// What all parts of the page share. Assigning to a field tells those who watch it; choices are remembered.
const REMEMBERED = ["language", "theme", "behind", "citizen"];
const watchers = new Map();

function remembered(name, fallback) {
  try {
    return JSON.parse(localStorage.getItem(`canal-phone-${name}`)) ?? fallback;
  } catch {
    return fallback; // no storage, or somebody else's value in it
  }
}

const values = {
  language: remembered("language", "ca"), // ca, es
  theme: remembered("theme", "auto"), // auto, light, dark
  behind: remembered("behind", false), // the JSON is shown
  citizen: remembered("citizen", null), // user id
  people: [],
  town: { name: "Ajuntament" },
  typing: false,
  quoting: null, // {wamid, words} of the message that is being answered
};

export const state = new Proxy(values, {
  set(target, name, value) {
    target[name] = value;
    if (REMEMBERED.includes(name)) {
      try {
        localStorage.setItem(`canal-phone-${name}`, JSON.stringify(value));
      } catch {
        // remembered until the page is closed
      }
    }
    for (const tell of watchers.get(name) ?? []) tell(value);
    return true;
  },
});

/** Call `tell` after each assignment to `state[name]`. */
export function watch(name, tell) {
  watchers.set(name, [...(watchers.get(name) ?? []), tell]);
}

export const me = () => state.people.find((one) => one.user_id === state.citizen);
