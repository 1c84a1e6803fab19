// framework/data/torch_file.cpp - tensors as torch.load reads them: a state_dict.
#include "data/torch_file.hpp"

#include <map>
#include <string_view>
#include <vector>

#include "data/zip.hpp"

namespace lyap::framework {
namespace {

const std::map<std::string_view, const char*> storages = {
    {"F64", "DoubleStorage"},    {"F32", "FloatStorage"}, {"F16", "HalfStorage"},
    {"BF16", "BFloat16Storage"}, {"I64", "LongStorage"},  {"I32", "IntStorage"},
    {"U8", "ByteStorage"},       {"BOOL", "BoolStorage"}};

/// Writes instructions of Python's pickle machine, protocol 2.  Format: Lib/pickletools.py.
class Pickle {
 public:
  Pickle() { text_ = "\x80\x02"; }

  void text(std::string_view value) {
    text_ += 'X';
    number(static_cast<std::uint64_t>(value.size()), 4);
    text_ += value;
  }
  void integer(std::int64_t value) {
    if (value <= 0x7fffffff) {
      text_ += 'J';
      number(static_cast<std::uint64_t>(value), 4);
    } else {
      text_ += "\x8a\x08";
      number(static_cast<std::uint64_t>(value), 8);
    }
  }
  void global(std::string_view module, std::string_view name) {
    ((text_ += 'c') += module) += '\n';
    (text_ += name) += '\n';
  }
  void tuple_of(const std::vector<std::int64_t>& values) {
    mark();
    for (const std::int64_t value : values) integer(value);
    end_tuple();
  }
  void mark() { text_ += '('; }
  void end_tuple() { text_ += 't'; }
  void no() { text_ += '\x89'; }
  void empty_tuple() { text_ += ')'; }
  void empty_dictionary() { text_ += '}'; }
  void set_items() { text_ += 'u'; }
  void call() { text_ += 'R'; }
  /// What the loader looks up by the tuple before it.
  void persistent() { text_ += 'Q'; }
  std::string end() { return text_ + '.'; }

 private:
  void number(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) text_ += static_cast<char>(value >> 8 * i);
  }
  std::string text_;
};

std::vector<std::int64_t> strides_of(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;)
    strides[axis - 1] = strides[axis] * shape[axis];
  return strides;
}

/// _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks)
void put_tensor(Pickle& pickle, const Tensor& tensor, const std::string& key) {
  pickle.global("torch._utils", "_rebuild_tensor_v2");
  pickle.mark();
  pickle.mark();
  pickle.text("storage");
  pickle.global("torch", storages.at(tensor.dtype));
  pickle.text(key);
  pickle.text("cpu");
  pickle.integer(tensor.count());
  pickle.end_tuple();
  pickle.persistent();
  pickle.integer(0);
  pickle.tuple_of(tensor.shape);
  pickle.tuple_of(strides_of(tensor.shape));
  pickle.no();
  pickle.global("collections", "OrderedDict");
  pickle.empty_tuple();
  pickle.call();
  pickle.end_tuple();
  pickle.call();
}

}  // namespace

void write_torch(const std::filesystem::path& path, const std::map<std::string, Tensor>& tensors) {
  Pickle pickle;
  pickle.empty_dictionary();
  pickle.mark();
  std::size_t key = 0;
  for (const auto& [name, tensor] : tensors) {
    pickle.text(name);
    put_tensor(pickle, tensor, std::to_string(key++));
  }
  pickle.set_items();

  ZipFile file(path);
  file.add("archive/data.pkl", pickle.end());
  key = 0;
  for (const auto& [name, tensor] : tensors)
    file.add("archive/data/" + std::to_string(key++),
             {reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size()});
  file.add("archive/version", "3\n");
  file.close();
}

}  // namespace lyap::framework
