// lyap/ahead.hpp - memory that will be wanted soon, fetched while a product goes on.
#pragma once
#include <array>

#include "lyap/views.hpp"

namespace lyap {

/// Up to six stretches of memory, seen as one. The tape of a long chunk is larger than the caches,
/// and a loop over elements that comes to it waits for memory. A product waits for nothing: a line
/// fetched in every few of its steps costs next to nothing. A hint, no number depends on it.
class Ahead {
 public:
  static constexpr int most = 6;

  Ahead() = default;
  template <class... Views>
  explicit Ahead(const Views&... matrices) {
    static_assert(sizeof...(Views) <= most);
    (add(matrices), ...);
  }

  Index bytes() const { return bytes_; }
  /// Where byte `offset` of the stretches is, 0 <= offset < bytes().
  const char* at(Index offset) const {
    int s = 0;
    while (s + 1 < count_ && offset >= stretches_[s].bytes) offset -= stretches_[s++].bytes;
    return stretches_[s].from + offset;
  }

 private:
  struct Stretch {
    const char* from;
    Index bytes;
  };

  template <class View>
  void add(const View& m) {
    const Index bytes = m.outerStride() * m.cols() * Index{sizeof(*m.data())};
    if (!m.data() || bytes == 0) return;
    stretches_[count_++] = {reinterpret_cast<const char*>(m.data()), bytes};
    bytes_ += bytes;
  }

  std::array<Stretch, most> stretches_{};
  int count_ = 0;
  Index bytes_ = 0;
};

}  // namespace lyap
