// On a narrow screen the bar of pages scrolls sideways: the page one is on is brought into view.
const bar = document.querySelector(".nav ul");
const current = bar?.querySelector("[aria-current]");
if (current && bar.scrollWidth > bar.clientWidth) {
  bar.scrollLeft += current.getBoundingClientRect().left - bar.getBoundingClientRect().left - bar.clientWidth / 3;
}
