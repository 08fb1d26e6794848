// A field above a long table shows the rows that have all its words.
for (const field of document.querySelectorAll(".sift input")) {
  const rows = [...field.closest(".sift").nextElementSibling.querySelectorAll("tbody tr")];
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  });
}
