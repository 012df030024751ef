// Forms marked `data-filters` act at once when something is chosen; without scripts they have a button.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-filters]");
  if (form) form.requestSubmit();
});
for (const button of document.querySelectorAll("form[data-filters] [data-without-scripts]")) {
  button.hidden = true;
}
