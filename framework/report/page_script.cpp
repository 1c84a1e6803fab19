// framework/report/page_script.cpp - what a report does in a browser.
#include "report/page_parts.hpp"

namespace lyap::framework {

// currentColor for all text and axes: one drawing serves light, dark and paper.
const std::string_view page_script = R"js('use strict';
(() => {
  const page = document.documentElement;
  const charts = [...document.querySelectorAll('.chart')];
  const specification = id => JSON.parse(document.getElementById(id + '-data').textContent);
  const ink = 'currentColor';
  const config = {
    background: null, font: 'system-ui, sans-serif', view: {stroke: null},
    axis: {labelColor: ink, titleColor: ink, domainColor: ink, tickColor: ink, gridColor: ink,
           gridOpacity: 0.12, labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal'},
    legend: {labelColor: ink, titleColor: ink, labelFontSize: 11, titleFontSize: 12,
             symbolLimit: 40, symbolOpacity: 1, labelLimit: 260, titleFontWeight: 'normal'},
    header: {labelColor: ink, titleColor: ink, labelFontSize: 12},
    title: {color: ink}, text: {color: ink}, rule: {color: ink}
  };
  let drawn = 0, failed = 0;
  const tell = () => { page.dataset.charts = drawn + '/' + charts.length;
                       page.dataset.failed = failed; };
  const save = (text, name, type) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], {type}));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const field = value => /[",\n]/.test(value) ? '"' + value.replace(/"/g, '""') + '"' : value;
  const csvOf = table => [...table.rows].map(
    row => [...row.cells].map(cell => field(cell.textContent.trim())).join(',')).join('\n') + '\n';

  const tableOf = (columns, most) => {
    const names = Object.keys(columns), rows = columns[names[0]].length;
    const table = document.createElement('table');
    const head = table.createTHead().insertRow();
    for (const name of names) {
      const cell = document.createElement('th');
      cell.scope = 'col'; cell.textContent = name; head.append(cell);
    }
    const body = table.createTBody();
    for (let i = 0; i < Math.min(rows, most); ++i) {
      const row = body.insertRow();
      for (const name of names) row.insertCell().textContent = columns[name][i] ?? '';
    }
    return table;
  };
  const columnsOf = chart => specification(chart.id).data.values[0];

  for (const details of document.querySelectorAll('details.data'))
    details.addEventListener('toggle', () => {
      const into = details.querySelector('.scroll');
      if (details.open && !into.firstChild)
        into.append(tableOf(columnsOf(document.getElementById(details.dataset.of)), 500));
    });
  for (const button of document.querySelectorAll('button.csv'))
    button.addEventListener('click', () => {
      const chart = document.getElementById(button.dataset.of);
      if (chart.tagName === 'TABLE') return save(csvOf(chart), chart.id + '.csv', 'text/csv');
      save(csvOf(tableOf(columnsOf(chart), Infinity)), chart.id + '.csv', 'text/csv');
    });

  const draw = async chart => {
    if (chart.dataset.state) return;
    chart.dataset.state = 'begun';
    const data = specification(chart.id);
    try {
      await vegaEmbed(chart, data, {ast: true, renderer: 'svg', config,
        tooltip: {theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'},
        actions: {export: true, source: true, compiled: false, editor: false},
        downloadFileName: chart.id});
      chart.querySelectorAll('details summary').forEach(
        menu => menu.setAttribute('aria-label', 'Save this chart'));
      if (!drawn++) page.dataset.first = Math.round(performance.now());
    } catch (error) {
      ++failed;
      chart.textContent = 'This chart could not be drawn: ' + error.message;
      console.error(chart.id, error);
    }
    tell();
  };
  tell();
  if (typeof vegaEmbed === 'undefined') {
    for (const details of document.querySelectorAll('details.data')) details.open = true;
    return;
  }
  // Those in sight first, then the others while the reader reads.
  const watch = new IntersectionObserver(
    entries => entries.forEach(entry => entry.isIntersecting && draw(entry.target)),
    {rootMargin: '300px'});
  charts.forEach(chart => watch.observe(chart));
  const rest = async () => {
    for (const chart of charts) {
      await draw(chart);
      await new Promise(go => setTimeout(go, 0));
    }
    page.dataset.last = Math.round(performance.now());
  };
  addEventListener('load', () => setTimeout(rest, 50));
})();
)js";

}  // namespace lyap::framework
