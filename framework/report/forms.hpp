// framework/report/forms.hpp - the forms that charts take: lines, heat maps, bars, points.
#pragma once
#include <string>
#include <vector>

#include "report/chart.hpp"

namespace lyap::framework {

/// What a chart of lines shows; fields are columns of the chart's data.
struct Lines {
  std::string x = "x", x_title = "", y = "y", y_title = "";
  std::string colour = "", colour_title = "";  ///< none: one colour
  bool colour_is_number = false;               ///< from low to high, rather than words
  std::string line = "";                       ///< tells lines of one colour apart
  std::string low = "", high = "";             ///< ends of a band
  std::vector<std::string> order = {};         ///< of the words of the colour
  bool points = false, log_y = false, zero = false;
};
/// Without panels; see in_panels().
Json lines_view(const Lines& lines);

/// Numbers in cells: x and y are places; signed numbers are shown about zero.
Json cells_view(const std::string& x_title, const std::string& y_title,
                const std::string& value_title, const std::vector<double>& values,
                bool square = false);

/// Bars from `from` to `to` with the height `count`, stacked by colour.
Json bars_view(const std::string& x_title, const std::string& y_title, const std::string& colour,
               const std::vector<std::string>& order);

/// A box and a tick an entry, `value`, in a row for each word of `kind`.
Json boxes_view(const std::string& x_title, const std::vector<std::string>& order,
                bool logarithmic);

/// A point an entry, with its words and numbers shown when pointed at.
struct Points {
  std::string x_title, y_title, colour_title;
  bool colour_is_number = false;
  std::vector<std::string> shown;  ///< columns of the tooltip
  std::vector<double> rules;       ///< vertical lines
  bool shapes = false;             ///< a shape as well as a colour
  std::vector<std::string> order;  ///< of the words of the colour
  bool x_log = false, y_log = false;
  std::size_t count = 0;  ///< few are drawn larger
};
Json points_view(const Points& points);

/// The view once for each word of a column, `columns` beside each other.
Json in_panels(Json view, const std::string& field, const std::vector<std::string>& order,
               int columns);

/// Colours from low to high for these numbers: all but the outermost twentieth at either end have
/// colours of their own, on a logarithmic scale when they are far apart.
void fit_colours(Json& colour, std::vector<double> values);

/// Makes a channel logarithmic, with few enough lines of the grid that they do not turn grey.
void make_logarithmic(Json& axis);

/// Whether numbers are better read on a logarithmic scale: positive, over more than two decades.
bool spans_decades(const std::vector<double>& values);

}  // namespace lyap::framework
