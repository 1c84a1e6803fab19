// framework/report/page.cpp - sections as one self-contained HTML file.
#include "report/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "report/page_parts.hpp"

namespace lyap::framework {
namespace fs = std::filesystem;
namespace {

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::array<std::uint32_t, 3> part{};
    for (std::size_t j = 0; j < 3 && i + j < bytes.size(); ++j)
      part[j] = static_cast<unsigned char>(bytes[i + j]);
    const std::uint32_t all = part[0] << 16 | part[1] << 8 | part[2];
    for (std::size_t j = 0; j < 4; ++j)
      text += i + j > bytes.size() ? '=' : digits[all >> (18 - 6 * j) & 63];
  }
  return text;
}

std::string hash_of(std::string_view script) {
  Sha256 hash;
  hash.add(script);
  const Sha256::Digest digest = hash.digest();
  return "'sha256-" + base64({reinterpret_cast<const char*>(digest.data()), digest.size()}) + "'";
}

/// JSON inside a script element ends where the element does: no "</" and no "<!--" may occur.
std::string inside_script(std::string text) {
  for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos; at += 6)
    text.replace(at, 1, "\\u003c");
  return text;
}

std::string dumped(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

/// "0.7", "0.7 [0.6, 0.8]", "[0.6, 0.8]", "± 0.1 (n = 3)", "<0.001", or missing.
bool is_number(const std::string& cell) {
  return cell.empty() || cell == "–" || cell.front() == '[' || cell.front() == '<' ||
         cell.starts_with("±") || parse_real(cell.substr(0, cell.find(' ')));
}

/// Columns of numbers stand to the right, of words to the left.
std::vector<bool> columns_of_words(const ReportTable& table) {
  std::vector<bool> words(table.columns.size(), false);
  for (const std::vector<std::string>& row : table.rows)
    for (std::size_t c = 0; c < row.size() && c < words.size(); ++c)
      if (!is_number(row[c])) words[c] = true;
  return words;
}

std::string html_of(const ReportTable& table, const std::string& id) {
  if (!table.lines.empty())
    return fmt::format(
        "<h3>{}</h3>\n{}<pre tabindex=\"0\" role=\"region\" aria-label=\"{}\">{}</pre>\n",
        escaped(table.title),
        table.caption.empty() ? "" : "<p class=\"note\">" + escaped(table.caption) + "</p>",
        escaped(table.title), escaped(table.lines));
  std::string html =
      fmt::format("<div class=\"scroll\"><table id=\"{}\"><caption>{}</caption>\n<thead><tr>", id,
                  escaped(table.title));
  const std::vector<bool> words = columns_of_words(table);
  const auto kind = [&](std::size_t column) { return words[column] ? " class=\"text\"" : ""; };
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    html += fmt::format("<th scope=\"col\"{}>{}</th>", kind(c), escaped(table.columns[c]));
  html += "</tr></thead>\n<tbody>\n";
  for (const std::vector<std::string>& row : table.rows) {
    html += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c)
      html += c ? fmt::format("<td{}>{}</td>", kind(c), escaped(row[c]))
                : "<th scope=\"row\">" + escaped(row[c]) + "</th>";
    html += "</tr>\n";
  }
  html += "</tbody></table></div>\n";
  if (!table.caption.empty()) html += "<p class=\"note\">" + escaped(table.caption) + "</p>\n";
  if (table.rows.size() > 1)
    html += fmt::format(
        "<button class=\"csv\" data-of=\"{}\" aria-label=\"Save {} as CSV\">"
        "CSV</button>\n",
        id, escaped(table.title));
  return html;
}

std::string html_of(const Chart& chart, const std::string& id) {
  return fmt::format(
      "<figure aria-labelledby=\"{0}-title\" aria-describedby=\"{0}-caption\">\n"
      "<figcaption><h3 id=\"{0}-title\">{1}</h3><p class=\"note\" id=\"{0}-caption\">{2}</p>"
      "</figcaption>\n<div class=\"chart\" id=\"{0}\"></div>\n"
      "<script type=\"application/json\" id=\"{0}-data\">{3}</script>\n"
      "<details class=\"data\" data-of=\"{0}\"><summary>Data ({4} rows)</summary>"
      "<button class=\"csv\" data-of=\"{0}\" aria-label=\"Save the data of {1} as "
      "CSV\">CSV</button>"
      "<div class=\"scroll\"></div></details>\n</figure>\n",
      id, escaped(chart.title), escaped(chart.caption),
      inside_script(dumped(chart.specification())), chart.data.rows());
}

/// Width at which a PNG is shown: its pixels as large as the page has room for, at most eightfold.
int shown_width(const std::string& png) {
  const auto number = [&](std::size_t at) {  // of its header, the highest byte first
    int value = 0;
    for (std::size_t i = at; i < at + 4 && i < png.size(); ++i)
      value = value * 256 + static_cast<unsigned char>(png[i]);
    return std::max(value, 1);
  };
  const int width = number(16), height = number(20);
  return width * std::clamp(std::min(760 / width, 320 / height), 1, 8);
}

std::string html_of(const ReportPicture& picture) {
  return fmt::format(
      "<figure><figcaption><h3>{0}</h3><p class=\"note\">{1}</p></figcaption>\n"
      "<img class=\"sheet\" width=\"{3}\" alt=\"{0}. {1}\" src=\"data:image/png;base64,{2}\">"
      "</figure>\n",
      escaped(picture.title), escaped(picture.caption), base64(picture.png),
      shown_width(picture.png));
}

std::string html_of(const Section& section) {
  std::string html = fmt::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n",
                                 section.id, escaped(section.title));
  for (const std::string& paragraph : section.paragraphs)
    html += "<p>" + escaped(paragraph) + "</p>\n";
  for (std::size_t i = 0; i < section.tables.size(); ++i)
    html += html_of(section.tables[i], fmt::format("{}-table-{}", section.id, i + 1));
  for (std::size_t i = 0; i < section.charts.size(); ++i)
    html += html_of(section.charts[i], fmt::format("{}-{}", section.id, i + 1));
  for (const ReportPicture& picture : section.pictures) html += html_of(picture);
  return html + "</section>\n";
}

std::string policy(const std::vector<std::string_view>& scripts) {
  std::string allowed;
  for (const std::string_view script : scripts) allowed += " " + hash_of(script);
  return "default-src 'none'; script-src" + allowed +
         "; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";
}

std::string csv_of(const ReportTable& table) {
  const auto line = [](const std::vector<std::string>& cells) {
    std::string text;
    for (const std::string& cell : cells) {
      std::string quoted = cell;
      if (cell.find_first_of(",\"\n") != std::string::npos) {
        quoted = "\"";
        for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
        quoted += "\"";
      }
      text += (&cell == &cells.front() ? "" : ",") + quoted;
    }
    return text + "\n";
  };
  std::string text = line(table.columns);
  for (const auto& row : table.rows) text += line(row);
  return text;
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string html;
  for (const char c : text) {
    if (c == '&')
      html += "&amp;";
    else if (c == '<')
      html += "&lt;";
    else if (c == '>')
      html += "&gt;";
    else if (c == '"')
      html += "&quot;";
    else if (static_cast<unsigned char>(c) >= 32 || c == '\n' || c == '\t')
      html += c;
  }
  return html;
}

ChartLibraries read_libraries(const fs::path& assets) {
  ChartLibraries libraries;
  for (const char* name : {"vega", "vega-lite", "vega-embed"}) {
    const fs::path script = assets / (std::string(name) + ".min.js");
    if (!fs::exists(script)) {
      libraries.scripts.clear();
      libraries.missing =
          "Charts are not drawn: this lyap was built without the chart libraries (" +
          std::string(name) +
          ".min.js is not in its shared files). Their data stand in tables below, "
          "and their specifications beside this file in charts/, which any "
          "Vega-Lite viewer draws.";
      return libraries;
    }
    libraries.scripts.push_back(read_file(script));
    const fs::path licence = assets / (std::string(name) + ".LICENSE");
    if (fs::exists(licence))
      libraries.licences.push_back(std::string(name) + ":\n" + read_file(licence));
  }
  return libraries;
}

std::string html_of(const Page& page, const ChartLibraries& libraries) {
  std::vector<std::string_view> scripts(libraries.scripts.begin(), libraries.scripts.end());
  scripts.push_back(page_script);
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n"
      "<style>{}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">Skip to the "
      "content</a>\n<header>\n<h1>{}</h1>\n",
      policy(scripts), escaped(page.title), page_style, escaped(page.title));
  if (!page.about.empty()) html += "<p>" + escaped(page.about) + "</p>\n";
  if (!libraries.missing.empty())
    html += "<p class=\"warning\">" + escaped(libraries.missing) + "</p>\n";
  html +=
      "<noscript><p class=\"warning\">Charts need JavaScript; tables and text do not.</p>"
      "</noscript>\n<nav aria-label=\"Contents\"><ul>\n";
  for (const Section& section : page.sections)
    html += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", section.id, escaped(section.title));
  html += "</ul></nav>\n</header>\n<main id=\"content\">\n";
  for (const Section& section : page.sections) html += html_of(section);
  html +=
      "</main>\n<footer><p>Written by lyap. Charts: Vega, Vega-Lite and Vega-Embed (BSD-3-Clause)."
      "</p>\n";
  if (!libraries.licences.empty()) {
    html += "<details><summary>Licences</summary>";
    for (const std::string& licence : libraries.licences)
      html += "<pre>" + escaped(licence) + "</pre>";
    html += "</details>\n";
  }
  html += "</footer>\n";
  for (const std::string_view script : scripts)
    html += "<script>" + std::string(script) + "</script>\n";
  return html + "</body>\n</html>\n";
}

void write_parts(const fs::path& folder, const Page& page) {
  fs::create_directories(folder);
  for (const auto& entry : fs::directory_iterator(folder))  // of an earlier report
    if (entry.path().string().ends_with(".vl.json") || entry.path().extension() == ".csv")
      fs::remove(entry.path());
  for (const Section& section : page.sections) {
    for (std::size_t i = 0; i < section.charts.size(); ++i) {
      const std::string name = fmt::format("{}-{}", section.id, i + 1);
      Json specification = section.charts[i].specification();
      specification["title"] = section.charts[i].title;
      write_file_atomically(folder / (name + ".vl.json"), dumped(specification, 1) + "\n");
      write_file_atomically(folder / (name + ".csv"), section.charts[i].data.csv());
    }
    for (std::size_t i = 0; i < section.tables.size(); ++i)
      if (section.tables[i].lines.empty())
        write_file_atomically(folder / fmt::format("{}-table-{}.csv", section.id, i + 1),
                              csv_of(section.tables[i]));
  }
}

}  // namespace lyap::framework
