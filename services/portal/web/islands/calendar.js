// Moving in the calendar: "Move" opens a dialog instead of a page, and on wide screens a session can be dragged. Both
// send the form of the dialog; afterwards the page offers to undo it.
const dialog = document.getElementById("move");
const form = dialog.querySelector("form");
const QUARTERS_PER_DAY = 96;

function fill({ move, version, on, starts, ends, title }) {
  form.action = `${form.dataset.base}${move}/change`;
  for (const [name, value] of Object.entries({ version, on, starts, ends })) form.elements[name].value = value;
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

function hold(event, block, link) {
  const columns = [...document.querySelectorAll("[data-week] [data-day]")];
  const rows = block.parentElement;
  const quarter = rows.getBoundingClientRect().height / Number(getComputedStyle(rows).getPropertyValue("--quarters"));
  const from = { x: event.clientX, y: event.clientY };
  let isMoving = false;
  const columnAt = (x) => columns.find((one) => {
    const { left, right } = one.getBoundingClientRect();
    return x >= left && x < right;
  });
  const follow = (moved) => {
    isMoving ||= Math.hypot(moved.clientX - from.x, moved.clientY - from.y) > 6;
    if (!isMoving) return;
    block.classList.add("held");
    block.style.transform = `translate(${moved.clientX - from.x}px, ${moved.clientY - from.y}px)`;
  };
  const end = (dropped) => {
    for (const [name, act] of Object.entries({ pointermove: follow, pointerup: end, pointercancel: end })) {
      removeEventListener(name, act);
    }
    block.style.transform = "";
    block.classList.remove("held");
    const column = dropped.type === "pointerup" && isMoving ? columnAt(dropped.clientX) : null;
    if (!isMoving) return;
    const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
    addEventListener("click", swallow, { capture: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }));
    if (!column) return;
    const later = Math.round((dropped.clientY - from.y) / quarter);
    const { starts, ends, on } = link.dataset;
    if (!later && column.dataset.day === on) return;
    fill({ ...link.dataset, on: column.dataset.day,
      starts: timeOf(quartersOf(starts) + later), ends: timeOf(quartersOf(ends) + later) });
    form.requestSubmit();
  };
  addEventListener("pointermove", follow);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
}

const isWide = matchMedia("(width >= 64rem)");
for (const link of document.querySelectorAll("[data-week] a[data-move]")) {
  const block = link.closest(".block");
  for (const anchor of block.querySelectorAll("a")) anchor.draggable = false;
  block.addEventListener("pointerdown", (event) => {
    if (isWide.matches && event.button === 0 && event.pointerType === "mouse") hold(event, block, link);
  });
}
