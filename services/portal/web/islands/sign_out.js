// Who signs out leaves no sheet with names on the device. Taps that were not sent stay, under the account that made
// them: the sheet sends them when that account opens it again.
import { dropKeptPages } from "./attendance_page.js";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (new URL(form.action).pathname !== "/sign-out" || !("caches" in globalThis)) return;
  event.preventDefault();
  await dropKeptPages(() => true).catch(() => {});
  form.submit();
});
