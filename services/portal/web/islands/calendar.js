// Moving in the calendar: "Move" opens a dialog instead of a page, and on wide screens a session can be dragged. Both
// send the form of the dialog; afterwards the page offers to undo it.
import { cellAt, letDrag } from "./dragging.js";

const dialog = document.getElementById("move");
const form = dialog.querySelector("form");
const QUARTERS_PER_DAY = 96;

function fill({ move, version, on, starts, ends, site, title }) {
  form.action = `${form.dataset.base}${move}/change`;
  for (const [name, value] of Object.entries({ version, on, starts, ends, site })) form.elements[name].value = value;
  form.querySelector("[data-title]").textContent = title;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-move]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  fill(link.dataset);
  dialog.showModal();
  form.elements.on.focus();
});
dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

const quartersOf = (text) => { const [hours, minutes] = text.split(":").map(Number); return hours * 4 + minutes / 15; };
const timeOf = (quarters) => {
  const minutes = Math.round(((quarters + QUARTERS_PER_DAY) % QUARTERS_PER_DAY) * 15);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
};

/** In the week, a session moves to another day by column and to another hour by how far down it is dropped. */
function dropInWeek(link, block, dropped, { down }) {
  const column = [...document.querySelectorAll("[data-week] [data-day]")].find((one) => {
    const { left, right } = one.getBoundingClientRect();
    return dropped.clientX >= left && dropped.clientX < right;
  });
  if (!column) return;
  const rows = block.parentElement;
  const quarter = rows.getBoundingClientRect().height / Number(getComputedStyle(rows).getPropertyValue("--quarters"));
  const later = Math.round(down / quarter);
  const { starts, ends, on } = link.dataset;
  if (!later && column.dataset.day === on) return;
  send({ ...link.dataset, on: column.dataset.day,
    starts: timeOf(quartersOf(starts) + later), ends: timeOf(quartersOf(ends) + later) });
}

/** Among the places, it moves to another day or site; which room it needs is asked for on its own page. */
function dropAtPlace(link, block, dropped) {
  const cell = cellAt(dropped);
  const room = block.closest("[data-drop]").dataset.room;
  if (!cell || (cell.dataset.room && cell.dataset.room !== room)) return;
  const { day: on, site } = cell.dataset;
  if (on !== link.dataset.on || site !== link.dataset.site) send({ ...link.dataset, on, site });
}

function send(moved) {
  fill(moved);
  form.requestSubmit();
}

for (const link of document.querySelectorAll(".block a[data-move]")) {
  const block = link.closest(".block");
  const drop = block.closest("[data-week]") ? dropInWeek : dropAtPlace;
  letDrag(block, (dropped, distance) => drop(link, block, dropped, distance));
}
