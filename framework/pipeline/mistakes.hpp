// framework/pipeline/mistakes.hpp - all that is wrong with a pipeline, told at once.
#pragma once
#include <string>
#include <vector>

#include "base/error.hpp"
#include "pipeline/node.hpp"

namespace lyap::framework {

struct Mistake {
  Place place;
  std::string sentence;  ///< what is wrong and what to do, without the place
  std::string hint;      ///< a command that tells more, or empty: "lyap describe rank1 lists ..."
};

/// Collects mistakes so that a user sees all of them in one go.
class Mistakes {
 public:
  void add(Place place, std::string sentence, std::string hint = "");

  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  const std::vector<Mistake>& list() const { return list_; }

  /// `file:line:col: error: sentence` for each, sorted by place, with the line of the file and
  /// ^^^^ under the words meant; then how many there are. Ends without a line break.
  std::string text() const;

  /// Throws MistakesError unless empty.
  void throw_if_any() const;

 private:
  std::vector<Mistake> list_;
};

/// A pipeline that cannot be run; what() is Mistakes::text().
class MistakesError : public InputError {
 public:
  explicit MistakesError(const Mistakes& mistakes)
      : InputError(mistakes.text()), mistakes_(mistakes) {}
  const Mistakes& mistakes() const { return mistakes_; }

 private:
  Mistakes mistakes_;
};

/// "file:line:col" of a place, or the source alone where there is no line.
std::string to_string(const Place& place);

}  // namespace lyap::framework
