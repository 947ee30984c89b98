// The language switch leads to the section that is being read: both languages give their sections the same labels.
document.addEventListener("DOMContentLoaded", () => {
  const link = document.querySelector("a.btn-language");
  if (!link) return;
  link.removeAttribute("target"); // the theme opens links of the header in a new tab
  const labels = [...document.querySelectorAll("[id^='sec-']")];
  link.addEventListener("click", () => {
    const passed = labels.filter((label) => label.getBoundingClientRect().top < innerHeight / 3);
    link.hash = passed.length ? passed.at(-1).id : "";
  });
});
