// Dragging a block with the mouse on wide screens; whatever it does can be done by a link or a form too.
const STEPS_MIN = 6;
const isWide = matchMedia("(width >= 64rem)");

/** Lets a block be dragged; `drop` gets where it was let go, and how far that is from where it was taken. */
export function letDrag(block, drop) {
  for (const anchor of block.querySelectorAll("a")) anchor.draggable = false;
  block.addEventListener("pointerdown", (event) => {
    if (isWide.matches && event.button === 0 && event.pointerType === "mouse") hold(event, block, drop);
  });
}

/** The cell of a table under the pointer that something may be dropped on. */
export function cellAt({ clientX, clientY }) {
  return document.elementsFromPoint(clientX, clientY).map((one) => one.closest("[data-drop]")).find(Boolean) ?? null;
}

function hold(event, block, drop) {
  const from = { x: event.clientX, y: event.clientY };
  let isMoving = false;
  const follow = (moved) => {
    isMoving ||= Math.hypot(moved.clientX - from.x, moved.clientY - from.y) > STEPS_MIN;
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
    if (!isMoving) return;
    const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
    addEventListener("click", swallow, { capture: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }));
    if (dropped.type === "pointerup") drop(dropped, { down: dropped.clientY - from.y });
  };
  addEventListener("pointermove", follow);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
}
