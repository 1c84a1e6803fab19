// framework/run/host.cpp - what the kernel lends to every plugin, behind the border's table.
#include "run/host.hpp"

#include <filesystem>
#include <type_traits>
#include <utility>

#include "base/random.hpp"
#include "linalg/factorise.hpp"
#include "lyap/border.hpp"
#include "lyap/views.hpp"
#include "model/border.hpp"

namespace lyap::framework {
namespace {

LentHost& of(lyap_host* host) {
  return *reinterpret_cast<LentHost*>(host);
}

void log(lyap_host* h, std::int32_t level, const char* sentence) {
  if (of(h).surroundings().log) of(h).surroundings().log(level, sentence);
}
void progress(lyap_host* h, const char* stage, std::int64_t done, std::int64_t total) {
  if (of(h).surroundings().progress) of(h).surroundings().progress(stage, done, total);
}
std::int32_t stopped(lyap_host* h) {
  return of(h).surroundings().stopped();
}

// ---- files
// ---------------------------------------------------------------------------------------

/// A file as plugins see it, and the share in it that keeps it alive; release() deletes it.
struct Lent : lyap_file {
  explicit Lent(std::shared_ptr<const DataFile> shared) : file(std::move(shared)) {
    lyap_file& seen = *this;
    seen = {.size = sizeof(lyap_file),
            .dtype = 0,
            .dimensions = static_cast<std::int64_t>(file->shape.size()),
            .shape = file->shape.data(),
            .data = nullptr,
            .path = file->path.c_str()};
    const auto is = [&](std::int32_t number, const auto& numbers) {
      seen.dtype = number;
      seen.data = numbers.data();
    };
    if (const auto* bytes = std::get_if<std::vector<std::uint8_t>>(&file->contents))
      is(LYAP_U8, *bytes);
    if (const auto* doubles = std::get_if<std::vector<double>>(&file->contents))
      is(LYAP_F64, *doubles);
    if (const auto* text = std::get_if<std::vector<char32_t>>(&file->contents)) is(LYAP_U32, *text);
  }
  std::shared_ptr<const DataFile> file;
};

std::filesystem::path located(const LentHost& host, const std::string& name, std::int32_t format,
                              const char* remedy) {
  const bool may_be_packed =
      (format == LYAP_FILE_IDX || format == LYAP_FILE_TEXT) && !name.ends_with(".gz");
  const std::vector<std::string> endings =
      may_be_packed ? std::vector<std::string>{"", ".gz"} : std::vector<std::string>{""};
  if (std::filesystem::path(name).is_absolute()) {
    for (const std::string& ending : endings)
      if (std::filesystem::exists(name + ending)) return name + ending;
    return name;  // reading it tells what is wrong
  }
  return host.surroundings().folders->find(name, endings, remedy ? remedy : "");
}

const lyap_file* read(lyap_host* h, const char* asked, std::int32_t format, const char* remedy,
                      lyap_error* error) {
  const lyap_file* file = nullptr;
  reporting(error, [&] {
    std::string name = asked, part;
    if (format == LYAP_FILE_TENSOR || format == LYAP_FILE_NOTE) {  // "FILE.safetensors#PART"
      const std::size_t hash = name.rfind('#');
      if (hash == std::string::npos)
        throw std::invalid_argument("a plugin asked for a part of a file without naming it");
      part = name.substr(hash + 1);
      name.resize(hash);
    }
    const std::filesystem::path path = located(of(h), name, format, remedy);
    DataFiles* known = of(h).surroundings().files.get();
    file = new Lent(known ? known->read(path, format, part) : DataFiles().read(path, format, part));
  });
  return file;
}

void release(lyap_host*, const lyap_file* file) {
  delete static_cast<const Lent*>(file);
}

// ---- random streams and workers
// ------------------------------------------------------------------

template <class Draw>
std::int32_t fill(lyap_host* h, const char* stream, lyap_matrix out, lyap_error* error, Draw draw) {
  return reporting(error, [&] {
    Random random(of(h).surroundings().seed, of(h).stream(stream));
    with_dtype(out.dtype, [&](auto zero) {
      using T = decltype(zero);
      for (std::int64_t j = 0; j < out.cols; ++j) {
        T* column = static_cast<T*>(out.data) + j * out.stride;
        for (std::int64_t i = 0; i < out.rows; ++i) column[i] = static_cast<T>(draw(random));
      }
    });
  });
}
std::int32_t normal(lyap_host* h, const char* stream, lyap_matrix out, lyap_error* error) {
  return fill(h, stream, out, error, [](Random& random) { return random.normal(); });
}
std::int32_t uniform(lyap_host* h, const char* stream, lyap_matrix out, lyap_error* error) {
  return fill(h, stream, out, error, [](Random& random) { return random.uniform(); });
}
std::int32_t permutation(lyap_host* h, const char* stream, std::int64_t count, std::int64_t* out,
                         lyap_error* error) {
  return reporting(error, [&] {
    const auto order = Random(of(h).surroundings().seed, of(h).stream(stream)).permutation(count);
    std::copy(order.begin(), order.end(), out);
  });
}

std::int32_t workers(lyap_host* h) {
  return of(h).surroundings().workers->count();
}

std::int32_t parallel(lyap_host* h, std::int64_t count,
                      std::int32_t (*run)(void*, std::int64_t, std::int32_t, lyap_error*),
                      void* context, lyap_error* error) {
  try {
    of(h).surroundings().workers->parallel_for(count, [&](std::int64_t item, int worker) {
      lyap_error of_item{};
      border::check(run(context, item, worker, &of_item), of_item);
    });
    return LYAP_OK;
  } catch (const PluginError& e) {
    return border::fail(error, e.code(), e.what());  // what the plugin said, under its own code
  } catch (...) {
    return report_exception(error);
  }
}

// ---- factorisations
// ------------------------------------------------------------------------------

View matrix(const lyap_matrix& m) {
  if (m.data && m.dtype != LYAP_F64) throw BadShape("factorisations are made in float64");
  return view<double>(m);
}

std::int32_t qr(lyap_host*, lyap_matrix a, double* diagonal, lyap_matrix r, lyap_error* error) {
  return reporting(error, [&] {
    const std::span<double> diag(diagonal, static_cast<std::size_t>(a.cols));
    if (r.data)
      framework::qr(matrix(a), diag, matrix(r));
    else
      framework::qr(matrix(a), diag);
    ;
  });
}
std::int32_t qr_diagonal(lyap_host*, lyap_matrix a, double* diagonal, lyap_error* error) {
  return reporting(error, [&] {
    framework::qr_diagonal(matrix(a), {diagonal, static_cast<std::size_t>(a.cols)});
  });
}
std::int32_t lu(lyap_host*, lyap_matrix a, std::int64_t* rows, lyap_error* error) {
  return reporting(error, [&] {
    framework::lu(matrix(a), {rows, static_cast<std::size_t>(a.rows)});
  });
}
std::int32_t svd(lyap_host*, lyap_matrix a, double* s, lyap_matrix u, lyap_matrix vt,
                 lyap_error* error) {
  return reporting(error, [&] {
    const auto values = static_cast<std::size_t>(std::min(a.rows, a.cols));
    framework::svd(matrix(a), {s, values}, matrix(u), matrix(vt));
    ;
  });
}

}  // namespace

lyap_lent LentHost::lent() {
  static constexpr lyap_host_ops ops{
      sizeof(lyap_host_ops), log,     progress, stopped, read,        release, normal, uniform,
      permutation,           workers, parallel, qr,      qr_diagonal, lu,      svd};
  return {&ops, reinterpret_cast<lyap_host*>(this)};
}

}  // namespace lyap::framework
