// lyap/options.hpp - says which options a plugin takes; the same list validates pipeline files,
// fills in defaults and prints `lyap describe`.
#pragma once
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "lyap/abi.h"

namespace lyap {

/// The options of a plugin, in the order a reader should meet them. Every text given must live
/// as long as the library: string literals do.
class Options {
 public:
  class Entry {
   public:
    explicit Entry(lyap_option& option) : option_(option) {}
    /// Closed range of an integer or real.
    Entry& range(double low, double high) {
      option_.low = low, option_.high = high;
      return *this;
    }
    Entry& at_least(double low) {
      option_.low = low;
      return *this;
    }
    Entry& unit(const char* unit) {
      option_.unit = unit;
      return *this;
    }
    Entry& doc(const char* sentence) {
      option_.doc = sentence;
      return *this;
    }
    /// The default, spelt as in a pipeline file. An option without one is required.
    Entry& fallback(const char* text) {
      option_.fallback = text;
      return *this;
    }

   private:
    lyap_option& option_;
  };

  Entry integer(const char* name) { return add(name, LYAP_INTEGER); }
  Entry real(const char* name) { return add(name, LYAP_REAL); }
  Entry flag(const char* name) { return add(name, LYAP_BOOLEAN); }
  Entry text(const char* name) { return add(name, LYAP_TEXT); }
  Entry path(const char* name) { return add(name, LYAP_PATH); }
  Entry reals(const char* name) { return add(name, LYAP_REALS); }
  Entry texts(const char* name) { return add(name, LYAP_TEXTS); }
  /// `choices` is a null-terminated array with static lifetime.
  Entry choice(const char* name, const char* const* choices) {
    Entry entry = add(name, LYAP_CHOICE);
    list_.back().choices = choices;
    return entry;
  }
  const std::vector<lyap_option>& list() const { return list_; }

 private:
  Entry add(const char* name, lyap_option_type type) {
    constexpr double inf = std::numeric_limits<double>::infinity();
    list_.push_back({name, "", "", nullptr, nullptr, -inf, inf, type, 0});
    return Entry(list_.back());
  }
  std::vector<lyap_option> list_;
};

/// The values a pipeline file gave, checked and completed by the kernel.
class Values {
 public:
  Values(const lyap_value* values, std::uint32_t count) : values_(values, count) {}

  std::int64_t integer(std::string_view name) const {
    const lyap_value& value = find(name);
    // The type it was declared with is not known here; of a real, `integer` is left at 0.
    if (value.integer == 0 && value.real != 0)
      throw std::logic_error("option '" + std::string(name) + "' is " + value.text +
                             " and is read as an integer; read it with real(), or "
                             "declare it with integer()");
    return value.integer;
  }
  double real(std::string_view name) const { return find(name).real; }
  bool flag(std::string_view name) const { return find(name).integer != 0; }
  std::string text(std::string_view name) const { return find(name).text; }
  /// True when the option's word is `word`; for choices.
  bool is(std::string_view name, std::string_view word) const { return find(name).text == word; }
  std::span<const double> reals(std::string_view name) const {
    const lyap_value& value = find(name);
    return {value.reals, static_cast<std::size_t>(value.count)};
  }
  std::vector<std::string> texts(std::string_view name) const {
    const lyap_value& value = find(name);
    return {value.texts, value.texts + value.count};
  }

 private:
  const lyap_value& find(std::string_view name) const {
    for (const lyap_value& value : values_)
      if (name == value.name) return value;
    std::string declared;
    for (const lyap_value& value : values_)
      declared += (declared.empty() ? "" : ", ") + std::string(value.name);
    throw std::logic_error("it reads the option '" + std::string(name) +
                           "', which its options() does not declare; there are: " + declared);
  }
  std::span<const lyap_value> values_;
};

}  // namespace lyap
