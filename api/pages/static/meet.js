// A comfort: whoever picks the first day has it picked for the other two, until he picks others.
"use strict";

document.querySelectorAll("form").forEach((form) => {
  const [first, ...rest] = form.querySelectorAll("input[type=date]");
  if (!first) return;
  let copied = "";
  first.addEventListener("change", () => {
    rest.filter((day) => day.value === copied).forEach((day) => { day.value = first.value; });
    copied = first.value;
  });
});
