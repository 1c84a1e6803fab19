// framework/model/border.hpp - networks and passes as plugins see them: the table lyap_model_ops.
#pragma once
#include "lyap/abi.h"
#include "model/model.hpp"

namespace lyap::framework {

/// For the rest of the process.  Every operation checks its operands and turns what is thrown into
/// a lyap_error: shapes and dtypes LYAP_BAD_SHAPE, other input LYAP_BAD_DATA, NumericError
/// LYAP_NOT_FINITE, Interrupted LYAP_STOPPED, anything else LYAP_FAILED.
const lyap_model_ops& model_ops();

/// The model under the name that plugins use.
lyap_model* lend(Model& model);
const lyap_model* lend(const Model& model);

/// Writes what the exception of a catch block means into the error and returns its code.
int report_exception(lyap_error* error) noexcept;

/// Runs f; what it throws becomes the error and its code.
template <class F>
std::int32_t reporting(lyap_error* error, F&& f) noexcept {
  try {
    f();
    return LYAP_OK;
  } catch (...) {
    return report_exception(error);
  }
}

}  // namespace lyap::framework
