// The only way in which this console makes elements. What an event says goes in as text nodes, never as markup.

/// make("button", {class: "quiet", click: handler}, "Copy"): functions are listeners, true and false set attributes or not.
export function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

export const byId = (id) => document.getElementById(id);

/// Writes only what has changed, so that a screen reader or a selection is not disturbed once a second.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/// For those who cannot see what changed: said when they are not being told something else.
export function announce(text) {
  byId("announcer").textContent = text;
}
