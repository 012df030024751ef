// The attendance sheet: each tap is kept on the device at once and sent until the server has answered it. A mark of
// somebody else is never overwritten: both are shown, and a tap decides. Without this script the sheet is a form.
import { addOperation, dropOperations, keepOperation, listOperations, settleOperation } from "./attendance_queue.js";
import { keepPage } from "./attendance_page.js";
import { agesOf, cellOf, listenForVisitors, showVisitors, shownCounts } from "./attendance_visitors.js";

const SECONDS_BETWEEN_LOOKS = 15;
const ANSWER_SECONDS_MAX = 8;
const form = document.querySelector("form[data-attendance]");
const { account, path, ...texts } = form.dataset;
const status = document.getElementById("sheet-status");
const others = new BroadcastChannel("attendance");
const cells = new Map([...form.querySelectorAll("li[data-participant]")].map((cell) => [cell.dataset.participant, cell]));

const sheet = {
  token: texts.token,
  marks: new Map([...cells].map(([person, cell]) => [person, {
    state: cell.dataset.state, version: Number(cell.dataset.version), time: "", own: true,
  }])),
  counts: shownCounts(),
  trouble: "",
  operations: [],
};

const isOurs = (operation) => operation.account === account;
const ofCell = (person) => sheet.operations.filter((one) => one.path === path && one.participant === person);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const wordFor = (state) => (state ? texts[state] : texts.nothing);

// Answers of the portal; null when there was none, which is the only proof of a missing network.
async function ask(address, options = {}) {
  try {
    const signal = AbortSignal.timeout(ANSWER_SECONDS_MAX * 1000);
    const answer = await fetch(address, { ...options, signal, cache: "no-store" });
    return { status: answer.status, ...(await answer.json()) };
  } catch {
    return null;
  }
}

async function look() {
  const answer = await ask(`${path}/marks`);
  sheet.trouble = !answer ? "offline" : answer.status === 401 ? "signedout" : answer.marks ? "" : "away";
  if (!answer?.marks) return false;
  if (answer.account !== account) sheet.trouble = "signedout";
  sheet.token = answer.token;
  sheet.counts = answer.counts ?? sheet.counts;
  for (const [person, mark] of sheet.marks) {
    sheet.marks.set(person, answer.marks[person] ?? { ...mark, state: "", version: 0 });
    cells.get(person).classList.toggle("gone", !answer.people.includes(person));
  }
  return sheet.trouble === "";
}

function post(operation) {
  const { op_id, band, participant: participant_id, value: state, base_version } = operation;
  const what = band ? agesOf(band) : { participant_id, state, base_version };
  return ask(`${operation.path}/${band ? "visitors" : "marks"}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": sheet.token },
    body: JSON.stringify({ op_id, account, ...what }),
  });
}

// One tab sends at a time, for two would send each tap twice; the server answers a second time what it did the first.
async function send() {
  let written = 0;
  await navigator.locks.request("attendance", async () => {
    if (!(await look())) return;
    const waiting = new Set();
    for (const { number } of (await listOperations()).filter(isOurs)) {
      const operation = (await listOperations()).find((one) => one.number === number);
      if (!operation) continue;
      const cell = `${operation.path} ${operation.participant}`;
      if (operation.refused || waiting.has(cell)) { waiting.add(cell); continue; }
      const answer = await post(operation);
      if (answer?.outcome === "written") {
        await settleOperation(operation, answer.mark?.version);
        if (operation.path === path && answer.mark) sheet.marks.set(operation.participant, answer.mark);
        if (operation.path === path && answer.counts) sheet.counts = answer.counts;
        written += 1;
      } else if (answer?.outcome === "collided" || answer?.outcome === "refused") {
        await keepOperation({ ...operation, refused: { mark: answer.mark ?? null, text: answer.text ?? "" } });
        waiting.add(cell);
      } else {
        sheet.trouble = !answer ? "offline" : answer.status === 401 ? "signedout" : "away";
        return;
      }
    }
  });
  await show();
  others.postMessage("changed");
  if (written) keepPage(form).catch(() => {});
}

let isSending = false;
let isAskedAgain = false;
async function sync() {
  isAskedAgain = isSending;
  if (isSending) return;
  isSending = true;
  try {
    do { isAskedAgain = false; await send(); } while (isAskedAgain);
  } finally {
    isSending = false;
  }
}

// One after the other, because each names the one before it; a tap is shown from the first moment on.
const tapped = new Map();
let taps = Promise.resolve();
function tap(person, value) {
  tapped.set(person, value);
  const kept = taps.then(() => keep(person, value));
  taps = kept.catch(() => {});
  return kept.then(sync);
}

// Each counts by itself, whatever else is counted meanwhile: no version, and none that follows another.
function count(band) {
  const kept = taps.then(async () => {
    await addOperation({
      op_id: crypto.randomUUID(), account, path, participant: cellOf(band), band, after: null,
      tapped_at: new Date().toISOString(), refused: null,
    });
    await show();
  });
  taps = kept.catch(() => {});
  return kept.then(sync);
}

async function keep(person, value) {
  const pending = ofCell(person);
  const refused = pending.find((one) => one.refused);
  const last = pending.at(-1);
  const base = refused?.refused.mark ?? sheet.marks.get(person);
  await addOperation({
    op_id: crypto.randomUUID(), account, path, participant: person, value, base_version: base.version,
    after: refused ? null : last?.op_id ?? null, tapped_at: new Date().toISOString(), refused: null,
  });
  if (refused) await dropOperations(pending.map((one) => one.number));
  if (tapped.get(person) === value) tapped.delete(person);
  await show();
}

async function takeBack(person) {
  const kept = ofCell(person).find((one) => one.refused)?.refused.mark;
  if (kept) sheet.marks.set(person, kept);
  await dropOperations(ofCell(person).map((one) => one.number));
  cells.get(person).querySelector("input").focus();
  await show();
  await sync();
}

async function show() {
  sheet.operations = (await listOperations()).filter(isOurs);
  for (const [person, cell] of cells) showCell(person, cell);
  const visitors = sheet.operations.filter((one) => one.band && one.path === path);
  showVisitors(visitors, sheet.counts, showVisitorRefusal);
  const unsent = sheet.operations.filter((one) => !one.band).length;
  const state = sheet.trouble || (sheet.operations.length ? "sending" : "saved");
  const count = unsent === 0 ? "" : fill(unsent === 1 ? texts.unsentOne : texts.unsentMany, { count: unsent });
  const told = [state === "saved" ? texts.saved : count, state === "saved" || state === "sending" ? "" : texts[state]];
  const text = told.filter(Boolean).join(" ");
  if (status.textContent !== text) status.textContent = text;
  form.dataset.sync = state;
  form.dataset.unsent = sheet.operations.length;
}

function showCell(person, cell) {
  const pending = ofCell(person);
  const refused = pending.find((one) => one.refused);
  const last = pending.at(-1);
  const state = tapped.get(person) ?? last?.value ?? sheet.marks.get(person).state;
  for (const input of cell.querySelectorAll("input")) input.checked = input.value === state;
  cell.classList.toggle("unsent", Boolean(last) && !refused);
  showRefusal(cell, person, refused && { ...refused, value: last.value });
}

function showRefusal(cell, person, refused) {
  const place = cell.querySelector(".collision");
  const shown = refused ? `${refused.op_id} ${refused.value}` : "";
  if (place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  place.hidden = !refused;
  if (!refused) { place.replaceChildren(); return; }
  const { mark, text } = refused.refused;
  const mine = wordFor(refused.value);
  const sentence = document.createElement("p");
  sentence.textContent = mark
    ? fill(mark.own ? texts.collidedOwn : texts.collided, { theirs: wordFor(mark.state), time: mark.time, mine })
    : fill(texts.refused, { text, mine });
  const choices = document.createElement("div");
  choices.className = "row";
  choices.append(button(mark ? fill(texts.keep, { mark: wordFor(mark.state) }) : texts.takeBack, () => takeBack(person)));
  if (mark) choices.append(button(fill(texts.write, { mark: mine }), () => tap(person, refused.value)));
  place.replaceChildren(sentence, choices);
}

function showVisitorRefusal(cell, band, refused, words) {
  const place = cell.querySelector(".collision");
  if (place.dataset.shown === (refused?.op_id ?? "")) return;
  place.dataset.shown = refused?.op_id ?? "";
  place.hidden = !refused;
  if (!refused) { place.replaceChildren(); return; }
  const sentence = document.createElement("p");
  sentence.textContent = fill(words.refused, { text: refused.refused.text });
  place.replaceChildren(sentence, button(words.takeBack, async () => {
    await dropOperations([refused.number]);
    cell.querySelector("input[type=number]").focus();
    await show();
    await sync();
  }));
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button small";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

form.addEventListener("change", ({ target }) => {
  const cell = target.closest("li[data-participant]");
  if (cell) tap(cell.dataset.participant, target.value);
});
form.addEventListener("submit", (event) => { event.preventDefault(); sync(); });
listenForVisitors(count, sync);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") sync(); });
addEventListener("online", sync);
others.addEventListener("message", show);
setInterval(() => { if (document.visibilityState === "visible") sync(); }, SECONDS_BETWEEN_LOOKS * 1000);

form.dataset.live = "";
await show();
await sync();
navigator.storage?.persist?.();
keepPage(form).catch(() => {});
