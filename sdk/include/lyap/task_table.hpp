// lyap/task_table.hpp - the border's table of functions around a C++ task.
#pragma once
#include <algorithm>
#include <concepts>

#include "lyap/task.hpp"

namespace lyap::border {

template <class C>
concept IsTask = std::derived_from<C, Task>;

template <IsTask C>
struct TaskTable {
  static_assert(std::constructible_from<C, const Values&, Host>,
                "LYAP_PLUGINS: a task is constructed from (const lyap::Values&, lyap::Host)");

  struct Box {
    Box(const Values& values, Host host) : task(values, host), kept(task.shape()) {
      for (const std::string& symbol : kept.symbols) symbols.push_back(symbol.c_str());
      symbols.push_back(nullptr);
      shape = {sizeof shape,
               static_cast<std::int32_t>(kept.loss),
               kept.inputs,
               kept.outputs,
               kept.targets,
               kept.steps,
               kept.drive_steps,
               {kept.train, kept.validation, kept.test},
               {kept.drive_count, kept.drive_count, kept.drive_count},
               kept.last_step_only,
               kept.next_step,
               kept.step_time,
               kept.time_unit.c_str(),
               kept.symbols.empty() ? nullptr : symbols.data(),
               kept.picture_rows,
               kept.picture_cols,
               kept.pixels.empty() ? nullptr : kept.pixels.data()};
      if (!kept.pixels.empty() && std::ssize(kept.pixels) != kept.steps * kept.inputs)
        throw std::logic_error("TaskShape::pixels has one entry for each input of each step");
    }
    C task;
    TaskShape kept;
    std::vector<const char*> symbols;
    lyap_task_shape shape{};
  };
  static const Box& box(const lyap_task* t) { return *reinterpret_cast<const Box*>(t); }

  static lyap_task* create(const lyap_value* values, std::uint32_t count, lyap_lent host,
                           lyap_error* error) {
    Box* made = nullptr;
    guarded(error, [&] { made = new Box(Values(values, count), Host(host)); });
    return reinterpret_cast<lyap_task*>(made);
  }
  static void destroy(lyap_task* t) { delete reinterpret_cast<Box*>(t); }
  static const lyap_task_shape* shape(const lyap_task* t) { return &box(t).shape; }

  /// Lets `fill` write float64 and narrows the result when the operand is float32.
  template <class Fill>
  static void widen(lyap_matrix to, Fill&& fill) {
    if (!to.data || to.dtype == LYAP_F64) {
      View out = view<double>(to);
      fill(out);
      return;
    }
    Matrix wide(to.rows, to.cols);
    fill(wide);
    view<float>(to) = wide.template cast<float>();
  }
  static Matrix wide(const lyap_const_matrix& m) {
    return with_dtype(m.dtype, [&](auto zero) -> Matrix {
      return view<decltype(zero)>(m).template cast<double>();
    });
  }

  /// Some sequences of a batch in float32 by way of float64, which goes out in the same cache.
  class Narrowed {
   public:
    Narrowed(const lyap_matrix& to, Index count)
        : to_(to),
          count_(count),
          steps_(to.data ? to.cols / count : 0),
          numbers_(to.data ? to.rows * steps_ : 0) {}
    Index numbers_of_one() const { return numbers_; }
    void room_for(Index sequences) {
      wide_.resize(numbers_ > 0 ? to_.rows : 0, steps_ * sequences);
    }
    auto of(Index sequences) { return wide_.leftCols(steps_ * sequences); }
    /// Writes sequences first .. first+sequences-1 of the batch.
    void put(Index first, Index sequences) {
      if (to_.data)
        with_dtype(to_.dtype, [&](auto zero) {
          ViewOf<decltype(zero)> to = view<decltype(zero)>(to_);
          for (Index t = 0; t < steps_; ++t)
            to.middleCols(t * count_ + first, sequences) =
                wide_.middleCols(t * sequences, sequences).template cast<decltype(zero)>();
        });
    }

   private:
    lyap_matrix to_;
    Index count_, steps_, numbers_;
    Matrix wide_;
  };

  static std::int32_t fetch(const lyap_task* t, std::int32_t split, const std::int64_t* which,
                            std::int64_t count, lyap_matrix input, lyap_matrix target,
                            lyap_error* error) {
    return guarded(error, [&] {
      const std::span<const std::int64_t> all(which, static_cast<std::size_t>(count));
      const auto is = [&](int dtype, const lyap_matrix& m) { return !m.data || m.dtype == dtype; };
      const auto both = [&](int dtype) { return is(dtype, input) && is(dtype, target); };
      const Request request{static_cast<Split>(split), all};
      if (count == 0 || both(LYAP_F64)) {
        View x = view<double>(input), y = view<double>(target);
        return box(t).task.fetch(request, x, y);
      }
      if (both(LYAP_F32)) {
        ViewOf<float> x = view<float>(input), y = view<float>(target);
        if (box(t).task.fetch_single(request, x, y)) return;
      }
      constexpr Index nearest_caches = 8192;  // numbers
      Narrowed x(input, count), y(target, count);
      const Index one = std::max<Index>({1, x.numbers_of_one(), y.numbers_of_one()});
      const Index most = std::clamp<Index>(nearest_caches / one, 1, count);
      x.room_for(most), y.room_for(most);
      for (Index first = 0; first < count; first += most) {
        const Index n = std::min(most, count - first);
        const auto some = all.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(n));
        box(t).task.fetch({request.split, some}, x.of(n), y.of(n));
        x.put(first, n), y.put(first, n);
      }
    });
  }
  static std::int32_t drive(const lyap_task* t, std::int32_t split, const std::int64_t* which,
                            std::int64_t count, std::int64_t from, std::int64_t steps,
                            lyap_matrix input, lyap_error* error) {
    return guarded(error, [&] {
      const Request request{static_cast<Split>(split), {which, static_cast<std::size_t>(count)}};
      widen(input, [&](auto& x) { box(t).task.drive(request, from, steps, x); });
    });
  }
  static std::int32_t loss(const lyap_task* t, lyap_const_matrix prediction,
                           lyap_const_matrix target, double* mean, lyap_matrix gradient,
                           lyap_error* error) {
    return guarded(error, [&] {
      widen(gradient,
            [&](auto& g) { *mean = box(t).task.loss(wide(prediction), wide(target), g); });
    });
  }
  /// Names of figures live as long as the thread's last call: the kernel copies them at once.
  static std::int32_t metrics(const lyap_task* t, lyap_const_matrix prediction,
                              lyap_const_matrix target, lyap_metric* out, std::int32_t room) {
    thread_local std::vector<std::pair<std::string, double>> figures;
    lyap_error error{};
    figures.clear();
    guarded(&error, [&] { figures = box(t).task.metrics(wide(prediction), wide(target)); });
    const auto n = std::min<std::int32_t>(room, static_cast<std::int32_t>(figures.size()));
    for (std::int32_t i = 0; i < n; ++i) out[i] = {figures[i].first.c_str(), figures[i].second};
    return n;
  }
  /// A task without figures of its own says so, for the kernel shows those who have some whole
  /// sequences.
  static constexpr bool has_metrics = !requires {
    requires std::same_as<decltype(&C::metrics), decltype(&Task::metrics)>;
  };
  static constexpr lyap_task_ops ops{
      sizeof(lyap_task_ops),          0, create, destroy, shape, fetch, drive, loss,
      has_metrics ? metrics : nullptr};
};

}  // namespace lyap::border
