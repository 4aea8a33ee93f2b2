/* The zone map in a page: the colours and words of a drawing, and how a reader moves, points and chooses.

   The outlines are there already. What comes from data is set as text or as an attribute, never as markup. */

const NEAREST = 0.25; // units of the sheet a pixel
const STEP = 1.5; // what a button or a key makes nearer
const DRAG = 4; // pixels that a hand may move in a click
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = "Arrow keys go from zone to zone, plus and minus come nearer and go farther, 0 comes back";
const maps = new WeakMap();

/** Called for each drawing; the map of the one before stays, with where the reader has moved it. */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".zone-map");
  const map = maps.get(root) ?? opened(root);
  map.choose = (zone) => data.clickable && zone && setTriggerValue("zone", Number(zone));
  draw(map, data);
  return () => map.resizes.disconnect();
}

function opened(root) {
  const part = (name) => root.querySelector(`.zone-map-${name}`);
  const map = { svg: root.querySelector("svg"), zones: new Map(), pointers: new Map(), middles: null };
  for (const name of ["title", "over", "marks", "words", "legend", "buttons"]) map[name] = part(name);
  for (const path of root.querySelectorAll("[data-zone]")) map.zones.set(path.dataset.zone, path);
  map.resizes = new ResizeObserver(() => (map.moved ? place(map) : home(map)));
  map.resizes.observe(map.svg);
  maps.set(root, map);
  listen(map);
  return map;
}

// What is drawn

function draw(map, data) {
  const elsewhere = String(map.data?.view) !== String(data.view);
  map.data = data;
  map.title.textContent = data.title;
  map.svg.style.setProperty("--height", `${data.height}px`);
  map.svg.setAttribute("aria-label", `${data.title}. ${KEYS}${data.clickable ? ", Enter chooses the zone" : ""}.`);
  for (const [zone, path] of map.zones) {
    path.style.fill = data.colours[data.fills[zone]] ?? "";
    path.setAttribute("role", data.clickable ? "button" : "img");
    path.setAttribute("tabindex", -1);
    path.setAttribute("aria-label", sayings(map, zone).join(", "));
  }
  map.legend.replaceChildren(...data.legend.map(([colour, name]) => entry(colour, name)));
  map.marks.replaceChildren(...data.marks.map((mark) => element("span", mark.label)));
  tell(map, map.told);
  if (elsewhere) home(map);
  else place(map);
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function entry(colour, name) {
  const item = document.createElement("li");
  item.append(element("i", ""), name);
  item.firstChild.style.background = colour;
  return item;
}

function sayings(map, zone) {
  const { name, borough } = map.zones.get(zone).dataset;
  return [`${name} (${zone})`, borough, map.data.words[zone] ?? map.data.absent].filter(Boolean);
}

/** The zone's outline on top of all, with those of marked ones, and its words; nothing for no zone. */
function tell(map, zone) {
  map.told = zone;
  const traced = map.data.marks.map((mark) => [mark.zone, "marked"]);
  if (zone) traced.push([zone, "pointed"]);
  map.over.replaceChildren(...traced.map(([number, look]) => {
    const path = map.zones.get(String(number)).cloneNode();
    for (const { name } of [...path.attributes]) if (name !== "d") path.removeAttribute(name);
    path.setAttribute("class", `zone-map-${look}`);
    return path;
  }));
  map.words.hidden = !zone;
  if (zone) map.words.replaceChildren(...sayings(map, zone).map((line) => element("div", line)));
}

/** Words beside a point of the map in pixels, on the side that has room. */
function put(map, x, y) {
  const { width, height } = map.svg.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = map.words;
  const left = x + 14 + offsetWidth > width ? x - 14 - offsetWidth : x + 14;
  const top = y + 14 + offsetHeight > height ? y - 14 - offsetHeight : y + 14;
  map.words.style.transform = `translate(${Math.max(left, 0)}px, ${Math.max(top, 0)}px)`;
}

// Where the map looks: `at` is the middle, in units of the sheet, and units a pixel

function home(map) {
  const [left, top, width, height] = map.data.view;
  const { clientWidth, clientHeight } = map.svg;
  map.moved = false;
  map.at = { x: left + width / 2, y: top + height / 2, scale: Math.max(width / clientWidth, height / clientHeight) };
  place(map);
}

function place(map) {
  const { x, y, scale } = map.at;
  const { clientWidth: width, clientHeight: height } = map.svg;
  if (!width || !height) return; // not in sight yet
  const left = x - (width * scale) / 2, top = y - (height * scale) / 2;
  map.svg.setAttribute("viewBox", `${left} ${top} ${width * scale} ${height * scale}`);
  map.data.marks.forEach((mark, number) => {
    const [right, down] = [(mark.x - left) / scale, (mark.y - top) / scale];
    const side = number % 2 ? "60%" : "-160%"; // one above and one below, for neighbours
    map.marks.children[number].style.transform = `translate(${right}px, ${down}px) translate(-50%, ${side})`;
  });
}

/** By so many pixels; the middle stays on the sheet. */
function move(map, right, down) {
  const kept = (value) => Math.min(Math.max(value, 0), map.data.sheet);
  map.moved = true;
  map.at.x = kept(map.at.x - right * map.at.scale);
  map.at.y = kept(map.at.y - down * map.at.scale);
  place(map);
}

/** So many times nearer; the point at these pixels from the middle stays where it is. */
function nearer(map, times, right = 0, down = 0) {
  const farthest = map.data.sheet / Math.min(map.svg.clientWidth, map.svg.clientHeight);
  const scale = Math.min(Math.max(map.at.scale / times, NEAREST), Math.max(farthest, map.at.scale));
  const change = map.at.scale / scale - 1;
  map.at.scale = scale;
  move(map, -right * change, -down * change);
}

const does = { nearer: (map) => nearer(map, STEP), farther: (map) => nearer(map, 1 / STEP), home };

// What a reader does

function listen(map) {
  const { svg, pointers } = map;
  const pixels = (event) => {
    const { left, top } = svg.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const fromMiddle = ([x, y]) => [x - svg.clientWidth / 2, y - svg.clientHeight / 2];

  svg.addEventListener("pointerdown", (event) => {
    if (!pointers.size) map.dragged = false;
    pointers.set(event.pointerId, pixels(event));
  });
  svg.addEventListener("pointermove", (event) => {
    const point = pixels(event);
    if (pointers.has(event.pointerId)) drag(map, event, point, fromMiddle);
    else if (map.told) put(map, ...point);
  });
  for (const kind of ["pointerup", "pointercancel", "pointerleave"])
    svg.addEventListener(kind, (event) => pointers.delete(event.pointerId));
  svg.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && tell(map));
  svg.addEventListener("pointerover", (event) => {
    if (map.dragged && pointers.size) return;
    tell(map, event.target.dataset.zone);
    put(map, ...pixels(event));
  });
  svg.addEventListener("click", (event) => {
    if (!map.dragged) map.choose(event.target.dataset.zone);
    map.dragged = false; // a click need not come from a hand
  });
  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    const pixelsRolled = event.deltaY * (event.deltaMode ? 16 : 1);
    nearer(map, Math.exp(-pixelsRolled / 500), ...fromMiddle(pixels(event)));
  }, { passive: false });
  for (const kind of ["touchstart", "touchmove"]) // two fingers are the map's, not the page's
    svg.addEventListener(kind, (event) => event.touches.length > 1 && event.preventDefault(), { passive: false });
  map.buttons.addEventListener("click", (event) => does[event.target.dataset.does]?.(map));
  svg.addEventListener("keydown", (event) => press(map, event));
  svg.addEventListener("focusin", ({ target }) => target.matches("path:focus-visible") && show(map, target));
  svg.addEventListener("focusout", () => tell(map));
}

/** One finger moves the map; two move it with the point between them, and their distance makes it nearer. */
function drag(map, event, point, fromMiddle) {
  const before = map.pointers.get(event.pointerId);
  const [right, down] = [point[0] - before[0], point[1] - before[1]];
  const [other] = [...map.pointers].filter(([id]) => id !== event.pointerId).map(([, held]) => held);
  const scrolls = event.pointerType === "touch" && !other && Math.abs(down) > Math.abs(right);
  if (!map.dragged && (scrolls || Math.hypot(right, down) < DRAG)) return;
  if (!map.dragged) map.svg.setPointerCapture(event.pointerId);
  map.dragged = true;
  tell(map);
  map.pointers.set(event.pointerId, point);
  if (!other) return move(map, right, down);
  const apart = (end) => Math.max(Math.hypot(end[0] - other[0], end[1] - other[1]), 1);
  nearer(map, apart(point) / apart(before), ...fromMiddle(other));
}

function press(map, event) {
  const held = event.target.dataset.zone;
  const moves = { "+": does.nearer, "=": does.nearer, "-": does.farther, 0: home }[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in WAYS) next(map, held, ...WAYS[event.key])?.focus({ preventScroll: true });
  else if (moves) moves(map);
  else if (event.key === "Enter" || event.key === " ") map.choose(held);
  else if (event.key === "Escape") tell(map);
  else return;
  event.preventDefault();
}

/** The nearest zone that way, what lies aside counting double; from the map itself, the zone in its middle. */
function next(map, held, right, down) {
  const [x, y] = held ? middles(map).get(held) : [map.at.x, map.at.y];
  const far = ([zone, [x1, y1]]) => {
    const along = (x1 - x) * right + (y1 - y) * down, aside = Math.abs((x1 - x) * down) + Math.abs((y1 - y) * right);
    if (!held) return Math.hypot(x1 - x, y1 - y);
    return along > 0 && zone !== held ? along + 2 * aside : Infinity;
  };
  const [way, zone] = [...middles(map)].map((place) => [far(place), place[0]]).sort((a, b) => a[0] - b[0])[0];
  return way < Infinity ? map.zones.get(zone) : null;
}

function middles(map) {
  const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
  return (map.middles ??= new Map([...map.zones].map(([zone, path]) => [zone, middle(path.getBBox())])));
}

/** A zone that the keys have come to: its words, and the map moved to it when it is out of sight. */
function show(map, path) {
  const [x, y] = middles(map).get(path.dataset.zone);
  const [right, down] = [(x - map.at.x) / map.at.scale, (y - map.at.y) / map.at.scale];
  const { clientWidth: width, clientHeight: height } = map.svg;
  const out = Math.abs(right) > width / 2 || Math.abs(down) > height / 2;
  if (out) move(map, -right, -down);
  tell(map, path.dataset.zone);
  put(map, width / 2 + (out ? 0 : right), height / 2 + (out ? 0 : down));
}
