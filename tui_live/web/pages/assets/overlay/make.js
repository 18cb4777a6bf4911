// Elements without HTML: whatever strangers wrote only ever becomes a text node.

/** `make("p", "name", "Ana")`: an element with a class and a text, its direction taken from the text. */
export function make(tag, className = "", text = null) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== null) {
    element.dir = "auto";
    element.textContent = text;
  }
  return element;
}

/** Sets a text only where it is another, and says whether it was. */
export function write(element, text) {
  if (element.textContent === text) return false;
  element.textContent = text;
  return true;
}

/** One of our own pictures. */
export function drawing(name, className) {
  const image = new Image();
  image.className = className;
  image.src = `/assets/pictures/${name}.svg`;
  image.alt = "";
  image.draggable = false;
  return image;
}
