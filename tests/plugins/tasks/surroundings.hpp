// tests/plugins/tasks/surroundings.hpp - what a task is lent, from the kernel's lower layers alone.
#pragma once
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/workers.hpp"
#include "data/idx.hpp"
#include "data/locate.hpp"
#include "data/npy.hpp"
#include "data/text_file.hpp"
#include "lyap/border.hpp"

namespace lyap::testing {

/// Files of a data folder, named random streams, workers.
class Surroundings {
 public:
  explicit Surroundings(const std::filesystem::path& data = "", std::uint64_t seed = 1,
                        int workers = 1)
      : folders_(data.string()), workers_(workers), seed_(seed) {}

  lyap_lent lent() {
    static const lyap_host_ops ops = [] {
      lyap_host_ops o{};
      o.size = sizeof o;
      o.read = read, o.release = release;
      o.normal = draw<&framework::Random::normal>, o.uniform = draw<&framework::Random::uniform>;
      o.permutation = permutation, o.parallel = parallel;
      return o;
    }();
    return {&ops, reinterpret_cast<lyap_host*>(this)};
  }

 private:
  template <class Contents>
  struct Kept : lyap_file {
    std::vector<std::int64_t> extents;
    Contents contents;
    std::string place;
  };
  static Surroundings& of(lyap_host* host) { return *reinterpret_cast<Surroundings*>(host); }

  template <class Contents>
  static const lyap_file* keep(int dtype, std::vector<std::int64_t> extents, Contents contents,
                               const std::string& place) {
    auto* kept = new Kept<Contents>{{}, std::move(extents), std::move(contents), place};
    static_cast<lyap_file&>(*kept) = {sizeof(lyap_file),         dtype,
                                      std::ssize(kept->extents), kept->extents.data(),
                                      kept->contents.data(),     kept->place.c_str()};
    return kept;
  }
  static const lyap_file* read(lyap_host* h, const char* name, std::int32_t format,
                               const char* remedy, lyap_error* error) {
    const lyap_file* file = nullptr;
    border::guarded(error, [&] {
      const std::filesystem::path path = std::filesystem::path(name).is_absolute()
                                             ? name
                                             : of(h).folders_.find(name, {"", ".gz"}, remedy);
      if (format == LYAP_FILE_IDX) {
        framework::IdxArray array = framework::read_idx(path);
        file = keep(LYAP_U8, array.shape, std::move(array.bytes), path.string());
      } else if (format == LYAP_FILE_NPY) {
        framework::Array array = framework::read_npy(path);
        file = keep(LYAP_F64, array.shape, std::move(array.values), path.string());
      } else {
        std::vector<char32_t> text = framework::read_text(path);
        const std::int64_t size = std::ssize(text);
        file = keep(LYAP_U32, {size}, std::move(text), path.string());
      }
    });
    return file;
  }
  static void release(lyap_host*, const lyap_file* file) {
    if (file->dtype == LYAP_U8)
      delete static_cast<const Kept<std::vector<std::uint8_t>>*>(file);
    else if (file->dtype == LYAP_F64)
      delete static_cast<const Kept<std::vector<double>>*>(file);
    else
      delete static_cast<const Kept<std::vector<char32_t>>*>(file);
  }
  template <double (framework::Random::*number)()>
  static std::int32_t draw(lyap_host* h, const char* stream, lyap_matrix out, lyap_error* error) {
    return border::guarded(error, [&] {
      framework::Random random(of(h).seed_, stream);
      auto* numbers = static_cast<double*>(out.data);
      for (std::int64_t j = 0; j < out.cols; ++j)
        for (std::int64_t i = 0; i < out.rows; ++i)
          numbers[j * out.stride + i] = (random.*number)();
    });
  }
  static std::int32_t permutation(lyap_host* h, const char* stream, std::int64_t count,
                                  std::int64_t* out, lyap_error* error) {
    return border::guarded(error, [&] {
      std::ranges::copy(framework::Random(of(h).seed_, stream).permutation(count), out);
    });
  }
  static std::int32_t parallel(lyap_host* h, std::int64_t count,
                               std::int32_t (*run)(void*, std::int64_t, std::int32_t, lyap_error*),
                               void* context, lyap_error* error) {
    return border::guarded(error, [&] {
      of(h).workers_.parallel_for(count, [&](std::int64_t item, int worker) {
        lyap_error of_item{};
        border::check(run(context, item, worker, &of_item), of_item);
      });
    });
  }

  framework::DataFolders folders_;
  framework::Workers workers_;
  std::uint64_t seed_;
};

}  // namespace lyap::testing
