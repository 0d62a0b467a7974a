(function () {
  "use strict";
  // Each block of commands gets a button when it comes near the window: a page of thousands of clusters has too many to make at once.
  function copy(text, button) {
    function told(word) { button.textContent = word; setTimeout(function () { button.textContent = "Copy"; }, 1500); }
    if (!navigator.clipboard) return told("Select it and copy");
    navigator.clipboard.writeText(text).then(function () { told("Copied"); }, function () { told("Select it and copy"); });
  }
  function equip(pre) {
    var text = pre.textContent.replace(/\n+$/, "\n");
    var box = document.createElement("div"), button = document.createElement("button");
    box.className = "copy";
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy these commands");
    button.addEventListener("click", function () { copy(text, button); });
    pre.parentNode.insertBefore(box, pre);
    box.append(pre, button);
  }
  if (window.IntersectionObserver) {
    var near = new IntersectionObserver(function (seen) {
      seen.forEach(function (one) {
        if (!one.isIntersecting) return;
        near.unobserve(one.target);
        equip(one.target);
      });
    }, { rootMargin: "400px" });
    document.querySelectorAll("pre").forEach(function (pre) { near.observe(pre); });
  }
})();
(function () {
  "use strict";
  var table = document.getElementById("matrix");
  if (!table) return;
  var body = table.tBodies[0];
  var heads = Array.from(table.tHead.rows[0].cells);
  var rows = Array.from(body.rows).map(function (row) {
    var link = row.querySelector("a");
    var target = link && document.getElementById(link.getAttribute("href").slice(1));
    return { row: row, target: target, cells: Array.from(row.cells, function (cell) { return cell.textContent.trim(); }) };
  });
  rows.forEach(function (one) { one.text = one.cells.join(" ").toLowerCase(); });
  var rank = { ready: 0, action: 1, unknown: 2, blocked: 3 };
  var natural = new Intl.Collator("en", { numeric: true });
  function compare(column) {
    return function (a, b) {
      var x = a.cells[column], y = b.cells[column];
      if (x in rank && y in rank) return rank[x] - rank[y];
      return natural.compare(x, y);
    };
  }
  heads.forEach(function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      var by = compare(column);
      rows.sort(function (a, b) { return down ? by(b, a) : by(a, b); });
      var all = document.createDocumentFragment();
      rows.forEach(function (one) { all.appendChild(one.row); });
      body.appendChild(all);
    });
  });
  var form = document.getElementById("filter");
  var text = document.getElementById("filter-text");
  var method = document.getElementById("filter-method");
  var verdict = document.getElementById("filter-verdict");
  var told = document.getElementById("filter-told");
  function apply() {
    var words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    var column = Number(method.value), wanted = verdict.value, shown = 0;
    rows.forEach(function (one) {
      var fits = (!wanted || one.cells[column] === wanted) && words.every(function (word) { return one.text.includes(word); });
      if (one.row.hidden === fits) {
        one.row.hidden = !fits;
        if (one.target) one.target.hidden = !fits;
      }
      if (fits) shown += 1;
    });
    document.body.classList.toggle("few", shown <= 200);
    told.textContent = shown === rows.length ? rows.length + " shown" : shown + " of " + rows.length + " shown";
  }
  var waiting = 0;
  form.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  var opener = document.getElementById("open-all");
  opener.addEventListener("click", function () {
    var open = opener.getAttribute("aria-pressed") !== "true";
    opener.setAttribute("aria-pressed", String(open));
    document.querySelectorAll("article:not([hidden]) details").forEach(function (one) { one.open = open; });
  });
  form.hidden = false;
  apply();
})();
