// tests/broken/faulty_tasks.cpp - a sound task on abi.h, and one for each promise it can break.
//
// x_t(i) of sequence w is a fixed function of split, w, t and i; its class is w modulo 3.
#include <lyap/border.hpp>
#include <lyap/identity.hpp>
#include <lyap/views.hpp>

#include <cmath>
#include <iterator>

namespace {

enum class Fault {
  None,
  RefusesDefaults,
  LacksData,
  TwoRowsOfClasses,
  CountsCalls,
  ClassOutOfRange,
  RestartsDrive,
};

struct CountingTask {
  Fault fault;
  lyap_task_shape shape;
  mutable int calls = 0;
};

const CountingTask& of(const lyap_task* task) {
  return *reinterpret_cast<const CountingTask*>(task);
}

template <Fault fault>
lyap_task* create(const lyap_value*, std::uint32_t, lyap_lent, lyap_error* error) {
  if (fault == Fault::RefusesDefaults) {
    lyap::border::fail(error, LYAP_BAD_OPTION, "not today");
    return nullptr;
  }
  if (fault == Fault::LacksData) {
    lyap::border::fail(error, LYAP_BAD_DATA, "there is no file 'digits'; fetch it");
    return nullptr;
  }
  lyap_task_shape shape{};
  shape.size = sizeof shape;
  shape.loss = LYAP_CROSS_ENTROPY;
  shape.inputs = 2;
  shape.outputs = 3;
  shape.targets = fault == Fault::TwoRowsOfClasses ? 2 : 1;
  shape.steps = 5;
  shape.count[0] = 7, shape.count[1] = 2;
  shape.last_step_only = 1;
  return reinterpret_cast<lyap_task*>(new CountingTask{fault, shape});
}
void destroy(lyap_task* task) {
  delete reinterpret_cast<CountingTask*>(task);
}
const lyap_task_shape* shape(const lyap_task* task) {
  return &of(task).shape;
}

template <class T>
void fill(lyap_matrix input, int split, const std::int64_t* which, std::int64_t count,
          std::int64_t from, double more) {
  auto x = lyap::view<T>(input);
  for (std::int64_t j = 0; j < input.cols; ++j)
    for (std::int64_t i = 0; i < input.rows; ++i)
      x(i, j) = static_cast<T>(
          std::sin(1.0 + split + 3.0 * which[j % count] + 0.1 * (from + j / count) + i) + more);
}

std::int32_t fetch(const lyap_task* task, std::int32_t split, const std::int64_t* which,
                   std::int64_t count, lyap_matrix input, lyap_matrix target, lyap_error*) {
  const Fault fault = of(task).fault;
  const double more = fault == Fault::CountsCalls ? ++of(task).calls : 0;
  lyap::with_dtype(input.dtype, [&](auto zero) {
    using T = decltype(zero);
    fill<T>(input, split, which, count, 0, more);
    if (!target.data) return;
    for (std::int64_t j = 0; j < target.cols; ++j)
      lyap::view<T>(target).col(j).setConstant(
          static_cast<T>(which[j] % 3 + (fault == Fault::ClassOutOfRange ? 3 : 0)));
  });
  return LYAP_OK;
}

std::int32_t drive(const lyap_task* task, std::int32_t split, const std::int64_t* which,
                   std::int64_t count, std::int64_t from, std::int64_t, lyap_matrix input,
                   lyap_error*) {
  if (of(task).fault == Fault::RestartsDrive) from = 0;
  lyap::with_dtype(input.dtype,
                   [&](auto zero) { fill<decltype(zero)>(input, split, which, count, from, 0); });
  return LYAP_OK;
}

template <Fault fault>
constexpr lyap_task_ops table{
    sizeof(lyap_task_ops), 0, create<fault>, destroy, shape, fetch, drive, nullptr, nullptr};

template <Fault fault>
constexpr lyap_plugin plugin(const char* id) {
  return {sizeof(lyap_plugin), LYAP_TASK, id,      "1.0.0", "Counts",
          "tests/broken",      nullptr,   nullptr, 0,       0,
          &table<fault>};
}

constexpr lyap_plugin plugins[] = {
    plugin<Fault::None>("sound_task"),
    plugin<Fault::RefusesDefaults>("refuses_defaults"),
    plugin<Fault::LacksData>("lacks_data"),
    plugin<Fault::TwoRowsOfClasses>("two_rows_of_classes"),
    plugin<Fault::CountsCalls>("counts_calls"),
    plugin<Fault::ClassOutOfRange>("class_out_of_range"),
    plugin<Fault::RestartsDrive>("restarts_drive"),
};

}  // namespace

extern "C" {
__attribute__((used, section(LYAP_LIBRARY_SECTION))) static constexpr lyap_identity in_section =
    lyap::border::identity();
__attribute__((visibility("default"))) extern const lyap_library lyap_library_v1;
const lyap_library lyap_library_v1{lyap::border::identity(), std::size(plugins), 0,
                                   [](std::uint32_t i) -> const lyap_plugin* {
                                     return i < std::size(plugins) ? &plugins[i] : nullptr;
                                   }};
}
