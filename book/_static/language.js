// The language switch leads to the section that is being read: both languages give their sections the same labels.
document.addEventListener("DOMContentLoaded", () => {
  const link = document.querySelector("a[data-language-switch], a.btn-language, [aria-label='language']");
  if (!link) return;
  const labels = [...document.querySelectorAll("[id^='sec-']")];
  link.addEventListener("click", () => {
    const passed = labels.filter((label) => label.getBoundingClientRect().top < innerHeight / 3);
    if (passed.length) link.hash = passed.at(-1).id;
  });
});
