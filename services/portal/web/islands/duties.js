// The week by person: a shift is dragged to the row of who shall do it. The page offers to undo it afterwards.
import { cellAt, letDrag } from "./dragging.js";

const form = document.getElementById("change");

for (const block of document.querySelectorAll(".block[data-shift]")) {
  letDrag(block, (dropped) => {
    const person = cellAt(dropped)?.dataset.person;
    const { shift, assignment, person: before } = block.dataset;
    if (person === undefined || person === before) return;
    for (const [name, value] of Object.entries({ shift, assignment, before, person })) form.elements[name].value = value;
    form.requestSubmit();
  });
}
