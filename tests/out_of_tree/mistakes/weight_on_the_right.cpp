#include <lyap/lyap.hpp>
lyap::Value wrong(lyap::Value a, lyap::Weight w) {
  return a * w;
}
