// The searchable table of actions. The page has its rows as numbers; a column with words holds places in them.
const found = JSON.parse(document.getElementById("actions-data").textContent);
const safe = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function number(decimals) {
  const format = new Intl.NumberFormat("en-US", {minimumFractionDigits: decimals, maximumFractionDigits: decimals});
  const least = 10 ** -decimals;
  return (value) => {
    if (value === null) return "–";
    if (value !== 0 && Math.abs(value) < least / 2) return value > 0 ? `<${format.format(least)}` : `>-${format.format(least)}`;
    return format.format(value);
  };
}

const columns = found.columns.map((column) => {
  if (column.words) {
    const words = column.words, shown = words.map(safe);
    return {render: (value, type) => (type === "display" ? shown : words)[value]};
  }
  const tell = number(column.decimals);
  return {className: "n", render: (value, type) => type === "display" ? safe(tell(value)) : value ?? -Infinity};
});

const table = new DataTable("#actions-table", {
  data: found.rows, columns, order: [], pageLength: 25, lengthMenu: [25, 100, 500], deferRender: true,
  autoWidth: false, language: found.language,
  layout: {topStart: "search", topEnd: "pageLength", bottomStart: "info", bottomEnd: "paging"},
});

function total() {
  const cells = document.querySelectorAll("#actions-table tfoot td");
  found.columns.forEach((column, at) => {
    if (!column.sum) return;
    const values = table.column(at, {search: "applied"}).data().toArray();
    cells[at].textContent = number(column.decimals)(values.reduce((sum, value) => sum + (value ?? 0), 0));
  });
}

for (const choice of document.querySelectorAll("#actions-choices select")) {
  choice.addEventListener("change", () => {
    table.column(Number(choice.dataset.column)).search(choice.value, {exact: true}).draw();
  });
}
table.on("draw", total);
total();
document.getElementById("actions").hidden = false;
document.getElementById("actions-printed").classList.add("printed");
