// framework/model/border.cpp - networks and passes as plugins see them.
#include "model/border.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/error.hpp"
#include "model/backward.hpp"

namespace {
/// Also what SDK and kernel classes of other layers throw for operands that do not fit.
struct BadOperand : lyap::framework::InputError {
  using InputError::InputError;
};
}  // namespace

/// A pass together with what its backward passes keep.
struct lyap_pass {
  const lyap::framework::Model& model;
  std::unique_ptr<lyap::framework::Pass> pass;
  lyap::framework::BackwardPass backward;
};

namespace lyap::framework {
namespace {

const Model& of(const lyap_model* model) {
  return *reinterpret_cast<const Model*>(model);
}

std::string size_of(std::int64_t rows, std::int64_t cols) {
  return std::to_string(rows) + " x " + std::to_string(cols);
}

/// BadOperand names the operand when it has no data, another dtype than the pass, or another shape.
template <class Matrix>
void require(const char* name, const Matrix& m, std::int32_t dtype, std::int64_t rows,
             std::int64_t cols) {
  if (!m.data && rows * cols > 0) throw BadOperand(std::string(name) + " has no data");
  if (m.rows != rows || m.cols != cols || m.stride < m.rows)
    throw BadOperand(std::string(name) + " is " + size_of(m.rows, m.cols) + ", not " +
                     size_of(rows, cols));
  if (m.dtype != dtype)
    throw BadOperand(std::string(name) + " is not " + (dtype == LYAP_F32 ? "float32" : "float64") +
                     " as the pass is");
}
template <class Matrix>
void require_if_given(const char* name, const Matrix& m, std::int32_t dtype, std::int64_t rows,
                      std::int64_t cols) {
  if (m.data) require(name, m, dtype, rows, cols);
}

void require_step(const Pass& pass, std::int64_t t, std::int64_t lowest) {
  if (t < lowest || t > pass.count())
    throw BadOperand("step " + std::to_string(t) + " is not one of " + std::to_string(lowest) +
                     " .. " + std::to_string(pass.count()) + " of the chunk last run");
}

void require_samples(const Pass& pass, std::int64_t first, std::int64_t samples) {
  if (first < 0 || samples < 1 || first + samples > pass.batch())
    throw BadOperand("samples " + std::to_string(first) + " .. " +
                     std::to_string(first + samples - 1) + " are not among the " +
                     std::to_string(pass.batch()) + " of the pass");
}

std::int64_t scope_rows(const Pass& pass, std::int32_t scope) {
  if (scope != LYAP_FULL_STATE && scope != LYAP_HIDDEN_STATE)
    throw BadOperand("there is no scope " + std::to_string(scope));
  return pass.network().order().rows(scope);
}

const lyap_model_shape* shape(const lyap_model* model) {
  return &of(model).shape();
}

int weight(const lyap_model* model, std::uint32_t index, std::int32_t dtype, lyap_const_matrix* out,
           lyap_error* error) {
  return reporting(error, [&] {
    if (index >= of(model).weights().size())
      throw BadOperand("there is no weight " + std::to_string(index));
    if (dtype != LYAP_F32 && dtype != LYAP_F64) throw BadOperand("weights are float32 or float64");
    *out = of(model).weights(dtype)[index];
  });
}

lyap_pass* open(const lyap_model* model, const lyap_pass_request* request, lyap_error* error) {
  lyap_pass* pass = nullptr;
  reporting(error, [&] {
    if (request->batch < 1 || request->steps < 0)
      throw BadOperand("a pass has at least one sample and a chunk of at least one step");
    if (request->dtype != LYAP_F32 && request->dtype != LYAP_F64)
      throw BadOperand("a pass is float32 or float64");
    pass = new lyap_pass{of(model), of(model).open(*request), {}};
  });
  return pass;
}

void close(lyap_pass* pass) {
  delete pass;
}

std::int64_t capacity(const lyap_pass* pass) {
  return pass->pass->capacity();
}

int start(lyap_pass* handle, lyap_const_matrix state, lyap_error* error) {
  return reporting(error, [&] {
    Pass& pass = *handle->pass;
    require_if_given("the start", state, pass.request().dtype, pass.network().shape().state,
                     pass.batch());
    pass.bind(handle->model.weights(pass.request().dtype));
    pass.start(state);
  });
}

int run(lyap_pass* handle, std::int64_t count, lyap_const_matrix input, lyap_error* error) {
  return reporting(error, [&] {
    Pass& pass = *handle->pass;
    if (count < 1 || count > pass.capacity())
      throw BadOperand("a chunk has 1 .. " + std::to_string(pass.capacity()) + " steps, not " +
                       std::to_string(count));
    const std::int64_t inputs = pass.network().shape().inputs;
    if (pass.request().closed_loop)
      require_if_given("the input", input, pass.request().dtype, inputs, pass.batch());
    else
      require("the input", input, pass.request().dtype, inputs, count * pass.batch());
    pass.run(count, input);
  });
}

void require_weight_bars(const lyap_model_shape& network, const lyap_matrix* bars,
                         std::int32_t dtype) {
  for (std::uint32_t i = 0; bars && i < network.weight_count; ++i)
    require_if_given(network.weights[i].name, bars[i], dtype, network.weights[i].rows,
                     network.weights[i].cols);
}

/// Steps that the loss of the task looks at, and their target.
void choose_steps(const Pass& pass, const TaskView& task, const lyap_backward& request,
                  BackwardRequest& backward) {
  const bool last_only = task.shape().last_step_only != 0;
  const std::int64_t B = pass.batch(), count = pass.count();
  if (!request.target.data) throw BadOperand("the target has no data");
  require("the target", request.target, pass.request().dtype, task.shape().targets,
          last_only ? B : count * B);
  backward.target = request.target;
  backward.steps = last_only ? LossSteps{count, 1} : LossSteps{1, count};
  if (request.at <= 0) return;
  require_step(pass, request.at, 1);
  backward.steps = {request.at, 1};
  if (!last_only) backward.target = columns_of(request.target, (request.at - 1) * B, B);
}

int backward(lyap_pass* handle, lyap_backward* request, lyap_error* error) {
  return reporting(error, [&] {
    Pass& pass = *handle->pass;
    const TaskView& task = handle->model.task();
    const lyap_model_shape& network = pass.network().shape();
    const std::int32_t dtype = pass.request().dtype;
    const std::int64_t B = pass.batch(), count = pass.count();
    require_step(pass, 1, 1);
    require_if_given("state_bars", request->state_bars, dtype, network.state, (count + 1) * B);
    require_if_given("input_bars", request->input_bars, dtype, network.inputs, count * B);
    require_weight_bars(network, request->weight_bars, dtype);
    require_if_given("direct_bars", request->direct_bars, dtype, network.state, count * B);
    require_if_given("losses", request->losses, dtype, 1, B);
    BackwardRequest backward;
    choose_steps(pass, task, *request, backward);
    backward.scale = 1.0 / static_cast<double>(backward.steps.count * B);
    backward.state_bars = request->state_bars;
    backward.input_bars = request->input_bars;
    backward.weight_bars = request->weight_bars;
    backward.direct_bars = request->direct_bars;
    backward.losses = request->losses;
    request->loss = handle->backward.run(pass, task, backward).mean();
  });
}

int state(const lyap_pass* handle, std::int64_t t, lyap_matrix out, lyap_error* error) {
  return reporting(error, [&] {
    const Pass& pass = *handle->pass;
    require_step(pass, t, 0);
    require("the state", out, pass.request().dtype, pass.network().shape().state, pass.batch());
    pass.state(t, out);
  });
}

int output(const lyap_pass* handle, std::int64_t t, lyap_matrix out, lyap_error* error) {
  return reporting(error, [&] {
    const Pass& pass = *handle->pass;
    require_step(pass, t, 0);
    require("the output", out, pass.request().dtype, pass.network().shape().outputs, pass.batch());
    pass.output(t, out);
  });
}

int seen(const lyap_pass* handle, std::int64_t t, lyap_matrix out, lyap_error* error) {
  return reporting(error, [&] {
    const Pass& pass = *handle->pass;
    require_step(pass, t, 0);
    require("what the readout sees", out, pass.request().dtype, pass.network().visible(),
            pass.batch());
    Buffer scratch;
    copy(pass.seen(pass.network().layers() - 1, t, 1, scratch), out);
  });
}

int jacobian(const lyap_pass* handle, std::int64_t t, std::int64_t sample, std::int32_t scope,
             const std::int64_t* row_order, const std::int64_t* column_order, lyap_matrix out,
             lyap_error* error) {
  return reporting(error, [&] {
    const Pass& pass = *handle->pass;
    require_step(pass, t, 1);
    require_samples(pass, sample, 1);
    const std::int64_t d = scope_rows(pass, scope);
    require("the Jacobian", out, pass.request().dtype, d, d);
    pass.jacobian(t, sample, scope, row_order, column_order, out);
  });
}

int push(const lyap_pass* handle, lyap_point at, std::int32_t scope, lyap_const_matrix v,
         lyap_const_matrix w, lyap_matrix out, lyap_error* error) {
  return reporting(error, [&] {
    const Pass& pass = *handle->pass;
    const std::int32_t dtype = pass.request().dtype;
    require_step(pass, at.t, 1);
    require_samples(pass, at.first, at.samples);
    if (out.cols % at.samples != 0)
      throw BadOperand("the tangents are not a whole number a sample");
    require("the result", out, dtype, scope_rows(pass, scope), out.cols);
    require_if_given("the tangent", v, dtype, out.rows, out.cols);
    require_if_given("the input's tangent", w, dtype, pass.network().shape().inputs, out.cols);
    pass.push(at, scope, v, w, out);
  });
}

int pull(const lyap_pass* handle, lyap_point at, std::int32_t scope, lyap_const_matrix u,
         lyap_matrix out, lyap_matrix out_input, lyap_error* error) {
  return reporting(error, [&] {
    const Pass& pass = *handle->pass;
    const std::int32_t dtype = pass.request().dtype;
    require_step(pass, at.t, 1);
    require_samples(pass, at.first, at.samples);
    if (u.cols % at.samples != 0) throw BadOperand("the adjoints are not a whole number a sample");
    require("the adjoint", u, dtype, scope_rows(pass, scope), u.cols);
    require_if_given("the result", out, dtype, u.rows, u.cols);
    require_if_given("the input's adjoint", out_input, dtype, pass.network().shape().inputs,
                     u.cols);
    pass.pull(at, scope, u, out, out_input);
  });
}

int pull_weights(const lyap_pass* handle, std::int64_t t, lyap_const_matrix u,
                 const lyap_matrix* weight_bars, lyap_error* error) {
  return reporting(error, [&] {
    const Pass& pass = *handle->pass;
    const lyap_model_shape& network = pass.network().shape();
    require_step(pass, t, 0);
    require("the adjoint", u, pass.request().dtype, network.state, pass.batch());
    if (!weight_bars) throw BadOperand("there are no weight_bars to add to");
    require_weight_bars(network, weight_bars, pass.request().dtype);
    pass.pull_weights(t, u, weight_bars);
  });
}

void carried(const lyap_model* model, lyap_const_matrix* state, lyap_const_matrix* input) {
  const auto column = [](const std::vector<double>& values) {
    const auto rows = static_cast<std::int64_t>(values.size());
    return lyap_const_matrix{rows ? values.data() : nullptr, rows, rows ? 1 : 0, rows, LYAP_F64, 0};
  };
  *state = column(of(model).carried().state);
  *input = column(of(model).carried().input);
}

int code_and_sentence(lyap_error* error, int code, const char* sentence) {
  if (!error) return code;
  error->code = code;
  std::strncpy(error->text, sentence, sizeof error->text - 1);
  error->text[sizeof error->text - 1] = '\0';
  return code;
}

}  // namespace

int report_exception(lyap_error* error) noexcept {
  try {
    throw;
  } catch (const BadOperand& e) {
    return code_and_sentence(error, LYAP_BAD_SHAPE, e.what());
  } catch (const InputError& e) {
    return code_and_sentence(error, LYAP_BAD_DATA, e.what());
  } catch (const NumericError& e) {
    return code_and_sentence(error, LYAP_NOT_FINITE, e.what());
  } catch (const Interrupted& e) {
    return code_and_sentence(error, LYAP_STOPPED, e.what());
  } catch (const std::exception& e) {
    return code_and_sentence(error, LYAP_FAILED, e.what());
  } catch (...) {
    return code_and_sentence(error, LYAP_FAILED, "threw something that is not an exception");
  }
}

const lyap_model_ops& model_ops() {
  static const lyap_model_ops ops{sizeof ops, 0,     shape, weight,   open,    close,
                                  capacity,   start, run,   backward, state,   output,
                                  jacobian,   push,  pull,  seen,     carried, pull_weights};
  return ops;
}

lyap_model* lend(Model& model) {
  return reinterpret_cast<lyap_model*>(&model);
}
const lyap_model* lend(const Model& model) {
  return reinterpret_cast<const lyap_model*>(&model);
}

}  // namespace lyap::framework
