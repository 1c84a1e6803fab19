// framework/pipeline/recorded.cpp - what one column of the table of networks holds.
#include "pipeline/recorded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.hpp"

namespace lyap::framework {
namespace {

using What = Recorded::What;

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

/// `every` or `0, 1, 5`.
std::optional<Epochs> read_brackets(const std::string& text, const Place& place) {
  Epochs epochs;
  epochs.place = place;
  if (text == "every") {
    epochs.which = Epochs::Which::Every;
    return epochs;
  }
  epochs.which = Epochs::Which::Listed;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    std::string item = text.substr(at, comma - at);
    while (item.starts_with(' ')) item.erase(0, 1);
    while (item.ends_with(' ')) item.pop_back();
    const auto epoch = parse_integer(item);
    if (!epoch || *epoch < 0) return std::nullopt;
    epochs.listed.push_back(*epoch);
    at = comma + 1;
  }
  return epochs;
}

What what_of(const std::string& step, const std::string& name) {
  if (step == "train")
    return name == "seconds"      ? What::TrainingSeconds
           : name == "best_epoch" ? What::BestEpoch
                                  : What::Figure;
  if (step == "cell") return What::Parameters;
  return name == "seconds" ? What::Seconds : What::Result;
}

}  // namespace

std::optional<Recorded> read_recorded(const std::string& expression, const Place& place,
                                      Mistakes& mistakes) {
  const auto wrong = [&](const std::string& why) {
    mistakes.add(place, fmt::format("a column is $VARIABLE, train.FIGURE or STEP.RESULT, with "
                                    "[every] or [0, 1, 5] behind it for several epochs; got {}{}",
                                    quoted(expression), why));
    return std::nullopt;
  };
  Recorded recorded;
  if (expression.starts_with('$')) {
    recorded.what = What::Variable;
    recorded.step = expression.substr(1);
    if (recorded.step.starts_with('{') && recorded.step.ends_with('}'))
      recorded.step = recorded.step.substr(1, recorded.step.size() - 2);
    if (!is_word(recorded.step)) return wrong("");
    return recorded;
  }
  const std::size_t dot = expression.find('.');
  const std::size_t bracket = std::min(expression.find('['), expression.size());
  if (dot == std::string::npos || dot > bracket) return wrong("");
  recorded.step = expression.substr(0, dot);
  recorded.name = expression.substr(dot + 1, bracket - dot - 1);
  if (!is_word(recorded.step) || !is_word(recorded.name)) return wrong("");
  recorded.what = what_of(recorded.step, recorded.name);
  if (recorded.step == "task")
    return wrong("; figures of the task are those of training, such as train.validation_loss");
  if (recorded.what == What::Parameters && recorded.name != "parameters")
    return wrong("; of the cell there is cell.parameters");
  if (bracket == expression.size()) return recorded;
  if (!expression.ends_with(']')) return wrong("");
  recorded.at =
      read_brackets(expression.substr(bracket + 1, expression.size() - bracket - 2), place);
  const bool has_epochs = recorded.what == What::Figure || recorded.what == What::Result ||
                          recorded.what == What::TrainingSeconds;
  if (!recorded.at || !has_epochs) return wrong(recorded.at ? ", which has no epochs" : "");
  return recorded;
}

}  // namespace lyap::framework
