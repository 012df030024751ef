// Who came without a name, on an open-door session: a tap counts one more and is kept like a mark until it is answered.
// Numbers that somebody writes are a form, which is sent only when no tap waits: it would count that one twice.
const form = document.querySelector("form[data-visitors]");
const status = document.getElementById("visitors-status");
const cells = new Map([...(form?.querySelectorAll("li[data-band]") ?? [])].map((cell) => [cell.dataset.band, cell]));
const fields = [...cells.values()].map((cell) => cell.querySelector("input[type=number]"));
const isWritten = () => fields.some((field) => field.value !== field.defaultValue);

let taps = [];
const ofBand = (band) => taps.filter((one) => one.band === band);

export const cellOf = (band) => `visitors ${band}`;
export function agesOf(band) {
  const [from_age, to_age] = band.split("-").map(Number);
  return { from_age, to_age };
}

export function listenForVisitors(count, sync) {
  form?.addEventListener("submit", (event) => {
    const band = event.submitter?.value;
    if (band && !isWritten()) { event.preventDefault(); count(band); }
    else if (taps.length) { event.preventDefault(); sync(); }
  });
}

// What the server has counted and what waits here. What somebody is writing stays, with what he saw when he began.
export function showVisitors(waiting, counts, showRefusal) {
  if (!form) return;
  taps = waiting;
  const untouched = !isWritten();
  for (const [band, cell] of cells) {
    const refused = ofBand(band).find((one) => one.refused);
    const field = cell.querySelector("input[type=number]");
    if (untouched) {
      const counted = counts[band] ?? 0;
      cell.querySelector("input[type=hidden]").value = counted;
      field.defaultValue = field.value = counted + ofBand(band).length - (refused ? 1 : 0);
    }
    showRefusal(cell, band, refused, form.dataset);
  }
  const unsent = taps.filter((one) => !one.refused).length;
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0) + unsent;
  const told = [[all, form.dataset.countedOne, form.dataset.countedMany]];
  if (unsent) told.push([unsent, form.dataset.unsentOne, form.dataset.unsentMany]);
  const text = told.map(([number, one, many]) => (number === 1 ? one : many.replace("{count}", number))).join(" ");
  if (status.textContent !== text) status.textContent = text;
}

export const shownCounts = () => Object.fromEntries(
  [...cells].map(([band, cell]) => [band, Number(cell.querySelector("input[type=hidden]").value)]));
