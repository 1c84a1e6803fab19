// tests/sdk/abi_layout_test.cpp - the border's structs as they were released: compiling is the
// test.
//
// A field that moves breaks every plugin built before. Fields are only ever appended; then the
// size, and only the size, of that struct changes here, and LYAP_ABI_MINOR rises.
#include <lyap/abi.h>

#if defined(__x86_64__)
// clang-format off
#define LYAP_SIZE(type, bytes) static_assert(sizeof(type) == bytes, #type " has changed its size")
#define LYAP_AT(type, field, offset) \
  static_assert(offsetof(type, field) == offset, #type "." #field " has moved")

static_assert(LYAP_ABI_MAJOR == 1 && LYAP_ABI_MINOR == 0);

LYAP_SIZE(lyap_error, 1024);
LYAP_AT(lyap_error, code, 0);
LYAP_AT(lyap_error, text, 4);

LYAP_SIZE(lyap_matrix, 40);
LYAP_AT(lyap_matrix, data, 0);
LYAP_AT(lyap_matrix, rows, 8);
LYAP_AT(lyap_matrix, cols, 16);
LYAP_AT(lyap_matrix, stride, 24);
LYAP_AT(lyap_matrix, dtype, 32);
LYAP_AT(lyap_matrix, reserved, 36);

LYAP_SIZE(lyap_const_matrix, 40);
LYAP_AT(lyap_const_matrix, data, 0);
LYAP_AT(lyap_const_matrix, rows, 8);
LYAP_AT(lyap_const_matrix, cols, 16);
LYAP_AT(lyap_const_matrix, stride, 24);
LYAP_AT(lyap_const_matrix, dtype, 32);
LYAP_AT(lyap_const_matrix, reserved, 36);

LYAP_SIZE(lyap_option, 64);
LYAP_AT(lyap_option, name, 0);
LYAP_AT(lyap_option, doc, 8);
LYAP_AT(lyap_option, unit, 16);
LYAP_AT(lyap_option, fallback, 24);
LYAP_AT(lyap_option, choices, 32);
LYAP_AT(lyap_option, low, 40);
LYAP_AT(lyap_option, high, 48);
LYAP_AT(lyap_option, type, 56);
LYAP_AT(lyap_option, reserved, 60);

LYAP_SIZE(lyap_value, 56);
LYAP_AT(lyap_value, name, 0);
LYAP_AT(lyap_value, text, 8);
LYAP_AT(lyap_value, real, 16);
LYAP_AT(lyap_value, integer, 24);
LYAP_AT(lyap_value, reals, 32);
LYAP_AT(lyap_value, texts, 40);
LYAP_AT(lyap_value, count, 48);

LYAP_SIZE(lyap_file, 40);
LYAP_AT(lyap_file, size, 0);
LYAP_AT(lyap_file, dtype, 4);
LYAP_AT(lyap_file, dimensions, 8);
LYAP_AT(lyap_file, shape, 16);
LYAP_AT(lyap_file, data, 24);
LYAP_AT(lyap_file, path, 32);

LYAP_SIZE(lyap_host_ops, 120);
LYAP_AT(lyap_host_ops, size, 0);
LYAP_AT(lyap_host_ops, log, 8);
LYAP_AT(lyap_host_ops, progress, 16);
LYAP_AT(lyap_host_ops, stopped, 24);
LYAP_AT(lyap_host_ops, read, 32);
LYAP_AT(lyap_host_ops, release, 40);
LYAP_AT(lyap_host_ops, normal, 48);
LYAP_AT(lyap_host_ops, uniform, 56);
LYAP_AT(lyap_host_ops, permutation, 64);
LYAP_AT(lyap_host_ops, workers, 72);
LYAP_AT(lyap_host_ops, parallel, 80);
LYAP_AT(lyap_host_ops, qr, 88);
LYAP_AT(lyap_host_ops, qr_diagonal, 96);
LYAP_AT(lyap_host_ops, lu, 104);
LYAP_AT(lyap_host_ops, svd, 112);

LYAP_SIZE(lyap_lent, 16);
LYAP_AT(lyap_lent, ops, 0);
LYAP_AT(lyap_lent, self, 8);

LYAP_SIZE(lyap_block, 16);
LYAP_AT(lyap_block, name, 0);
LYAP_AT(lyap_block, rows, 8);

LYAP_SIZE(lyap_weight, 40);
LYAP_AT(lyap_weight, name, 0);
LYAP_AT(lyap_weight, init, 8);
LYAP_AT(lyap_weight, rows, 16);
LYAP_AT(lyap_weight, cols, 24);
LYAP_AT(lyap_weight, flags, 32);
LYAP_AT(lyap_weight, reserved, 36);

LYAP_SIZE(lyap_cell_shape, 88);
LYAP_AT(lyap_cell_shape, size, 0);
LYAP_AT(lyap_cell_shape, block_count, 4);
LYAP_AT(lyap_cell_shape, weight_count, 8);
LYAP_AT(lyap_cell_shape, output_block, 12);
LYAP_AT(lyap_cell_shape, blocks, 16);
LYAP_AT(lyap_cell_shape, weights, 24);
LYAP_AT(lyap_cell_shape, inputs, 32);
LYAP_AT(lyap_cell_shape, state, 40);
LYAP_AT(lyap_cell_shape, outputs, 48);
LYAP_AT(lyap_cell_shape, normal, 56);
LYAP_AT(lyap_cell_shape, uniform, 64);
LYAP_AT(lyap_cell_shape, tape_rows, 72);
LYAP_AT(lyap_cell_shape, noise_in_analysis, 80);
LYAP_AT(lyap_cell_shape, derivative, 84);

LYAP_SIZE(lyap_chunk, 224);
LYAP_AT(lyap_chunk, size, 0);
LYAP_AT(lyap_chunk, reserved, 4);
LYAP_AT(lyap_chunk, at, 8);
LYAP_AT(lyap_chunk, count, 16);
LYAP_AT(lyap_chunk, state, 24);
LYAP_AT(lyap_chunk, input, 64);
LYAP_AT(lyap_chunk, normal, 104);
LYAP_AT(lyap_chunk, uniform, 144);
LYAP_AT(lyap_chunk, states, 184);

LYAP_SIZE(lyap_point, 24);
LYAP_AT(lyap_point, t, 0);
LYAP_AT(lyap_point, first, 8);
LYAP_AT(lyap_point, samples, 16);

LYAP_SIZE(lyap_block_request, 48);
LYAP_AT(lyap_block_request, t, 0);
LYAP_AT(lyap_block_request, sample, 8);
LYAP_AT(lyap_block_request, row_blocks, 16);
LYAP_AT(lyap_block_request, column_blocks, 24);
LYAP_AT(lyap_block_request, row_order, 32);
LYAP_AT(lyap_block_request, column_order, 40);

LYAP_SIZE(lyap_projection, 40);
LYAP_AT(lyap_projection, size, 0);
LYAP_AT(lyap_projection, reserved, 4);
LYAP_AT(lyap_projection, weights, 8);
LYAP_AT(lyap_projection, previous, 16);
LYAP_AT(lyap_projection, gradients, 24);
LYAP_AT(lyap_projection, learning_rate, 32);

LYAP_SIZE(lyap_cell_ops, 144);
LYAP_AT(lyap_cell_ops, size, 0);
LYAP_AT(lyap_cell_ops, reserved, 4);
LYAP_AT(lyap_cell_ops, create, 8);
LYAP_AT(lyap_cell_ops, destroy, 16);
LYAP_AT(lyap_cell_ops, shape, 24);
LYAP_AT(lyap_cell_ops, open, 32);
LYAP_AT(lyap_cell_ops, close, 40);
LYAP_AT(lyap_cell_ops, bind, 48);
LYAP_AT(lyap_cell_ops, step, 56);
LYAP_AT(lyap_cell_ops, push, 64);
LYAP_AT(lyap_cell_ops, pull, 72);
LYAP_AT(lyap_cell_ops, jacobian, 80);
LYAP_AT(lyap_cell_ops, backward, 88);
LYAP_AT(lyap_cell_ops, output, 96);
LYAP_AT(lyap_cell_ops, output_push, 104);
LYAP_AT(lyap_cell_ops, output_pull, 112);
LYAP_AT(lyap_cell_ops, project, 120);
LYAP_AT(lyap_cell_ops, start, 128);
LYAP_AT(lyap_cell_ops, start_pull, 136);

LYAP_SIZE(lyap_task_shape, 152);
LYAP_AT(lyap_task_shape, size, 0);
LYAP_AT(lyap_task_shape, loss, 4);
LYAP_AT(lyap_task_shape, inputs, 8);
LYAP_AT(lyap_task_shape, outputs, 16);
LYAP_AT(lyap_task_shape, targets, 24);
LYAP_AT(lyap_task_shape, steps, 32);
LYAP_AT(lyap_task_shape, drive_steps, 40);
LYAP_AT(lyap_task_shape, count, 48);
LYAP_AT(lyap_task_shape, drive_count, 72);
LYAP_AT(lyap_task_shape, last_step_only, 96);
LYAP_AT(lyap_task_shape, next_step, 100);
LYAP_AT(lyap_task_shape, step_time, 104);
LYAP_AT(lyap_task_shape, time_unit, 112);
LYAP_AT(lyap_task_shape, symbols, 120);
LYAP_AT(lyap_task_shape, picture_rows, 128);
LYAP_AT(lyap_task_shape, picture_cols, 136);
LYAP_AT(lyap_task_shape, pixels, 144);

LYAP_SIZE(lyap_metric, 16);
LYAP_AT(lyap_metric, name, 0);
LYAP_AT(lyap_metric, value, 8);

LYAP_SIZE(lyap_task_ops, 64);
LYAP_AT(lyap_task_ops, size, 0);
LYAP_AT(lyap_task_ops, reserved, 4);
LYAP_AT(lyap_task_ops, create, 8);
LYAP_AT(lyap_task_ops, destroy, 16);
LYAP_AT(lyap_task_ops, shape, 24);
LYAP_AT(lyap_task_ops, fetch, 32);
LYAP_AT(lyap_task_ops, drive, 40);
LYAP_AT(lyap_task_ops, loss, 48);
LYAP_AT(lyap_task_ops, metrics, 56);

LYAP_SIZE(lyap_data_ops, 32);
LYAP_AT(lyap_data_ops, size, 0);
LYAP_AT(lyap_data_ops, reserved, 4);
LYAP_AT(lyap_data_ops, shape, 8);
LYAP_AT(lyap_data_ops, fetch, 16);
LYAP_AT(lyap_data_ops, drive, 24);

LYAP_SIZE(lyap_model_shape, 80);
LYAP_AT(lyap_model_shape, size, 0);
LYAP_AT(lyap_model_shape, derivative, 4);
LYAP_AT(lyap_model_shape, inputs, 8);
LYAP_AT(lyap_model_shape, outputs, 16);
LYAP_AT(lyap_model_shape, layers, 24);
LYAP_AT(lyap_model_shape, state, 32);
LYAP_AT(lyap_model_shape, hidden, 40);
LYAP_AT(lyap_model_shape, part_count, 48);
LYAP_AT(lyap_model_shape, weight_count, 52);
LYAP_AT(lyap_model_shape, parts, 56);
LYAP_AT(lyap_model_shape, weights, 64);
LYAP_AT(lyap_model_shape, cell, 72);

LYAP_SIZE(lyap_pass_request, 48);
LYAP_AT(lyap_pass_request, size, 0);
LYAP_AT(lyap_pass_request, dtype, 4);
LYAP_AT(lyap_pass_request, batch, 8);
LYAP_AT(lyap_pass_request, steps, 16);
LYAP_AT(lyap_pass_request, noise, 24);
LYAP_AT(lyap_pass_request, closed_loop, 28);
LYAP_AT(lyap_pass_request, stream, 32);
LYAP_AT(lyap_pass_request, first, 40);

LYAP_SIZE(lyap_backward, 224);
LYAP_AT(lyap_backward, size, 0);
LYAP_AT(lyap_backward, at, 4);
LYAP_AT(lyap_backward, target, 8);
LYAP_AT(lyap_backward, loss, 48);
LYAP_AT(lyap_backward, state_bars, 56);
LYAP_AT(lyap_backward, input_bars, 96);
LYAP_AT(lyap_backward, weight_bars, 136);
LYAP_AT(lyap_backward, direct_bars, 144);
LYAP_AT(lyap_backward, losses, 184);

LYAP_SIZE(lyap_model_ops, 136);
LYAP_AT(lyap_model_ops, size, 0);
LYAP_AT(lyap_model_ops, reserved, 4);
LYAP_AT(lyap_model_ops, shape, 8);
LYAP_AT(lyap_model_ops, weight, 16);
LYAP_AT(lyap_model_ops, open, 24);
LYAP_AT(lyap_model_ops, close, 32);
LYAP_AT(lyap_model_ops, capacity, 40);
LYAP_AT(lyap_model_ops, start, 48);
LYAP_AT(lyap_model_ops, run, 56);
LYAP_AT(lyap_model_ops, backward, 64);
LYAP_AT(lyap_model_ops, state, 72);
LYAP_AT(lyap_model_ops, output, 80);
LYAP_AT(lyap_model_ops, jacobian, 88);
LYAP_AT(lyap_model_ops, push, 96);
LYAP_AT(lyap_model_ops, pull, 104);
LYAP_AT(lyap_model_ops, seen, 112);
LYAP_AT(lyap_model_ops, carried, 120);
LYAP_AT(lyap_model_ops, pull_weights, 128);

LYAP_SIZE(lyap_batch_result, 16);
LYAP_AT(lyap_batch_result, loss, 0);
LYAP_AT(lyap_batch_result, accuracy, 8);

LYAP_SIZE(lyap_batch_request, 56);
LYAP_AT(lyap_batch_request, size, 0);
LYAP_AT(lyap_batch_request, split, 4);
LYAP_AT(lyap_batch_request, which, 8);
LYAP_AT(lyap_batch_request, count, 16);
LYAP_AT(lyap_batch_request, window, 24);
LYAP_AT(lyap_batch_request, dropout, 32);
LYAP_AT(lyap_batch_request, carry, 40);
LYAP_AT(lyap_batch_request, reserved, 44);
LYAP_AT(lyap_batch_request, stream, 48);

LYAP_SIZE(lyap_training_ops, 112);
LYAP_AT(lyap_training_ops, size, 0);
LYAP_AT(lyap_training_ops, reserved, 4);
LYAP_AT(lyap_training_ops, model_ops, 8);
LYAP_AT(lyap_training_ops, data_ops, 16);
LYAP_AT(lyap_training_ops, model, 24);
LYAP_AT(lyap_training_ops, data, 32);
LYAP_AT(lyap_training_ops, weight, 40);
LYAP_AT(lyap_training_ops, gradient, 48);
LYAP_AT(lyap_training_ops, changed, 56);
LYAP_AT(lyap_training_ops, batch, 64);
LYAP_AT(lyap_training_ops, evaluate, 72);
LYAP_AT(lyap_training_ops, slot, 80);
LYAP_AT(lyap_training_ops, first_epoch, 88);
LYAP_AT(lyap_training_ops, epoch, 96);
LYAP_AT(lyap_training_ops, restore_best, 104);

LYAP_SIZE(lyap_trainer_ops, 32);
LYAP_AT(lyap_trainer_ops, size, 0);
LYAP_AT(lyap_trainer_ops, reserved, 4);
LYAP_AT(lyap_trainer_ops, create, 8);
LYAP_AT(lyap_trainer_ops, destroy, 16);
LYAP_AT(lyap_trainer_ops, fit, 24);

LYAP_SIZE(lyap_port, 32);
LYAP_AT(lyap_port, name, 0);
LYAP_AT(lyap_port, quantity, 8);
LYAP_AT(lyap_port, doc, 16);
LYAP_AT(lyap_port, role, 24);
LYAP_AT(lyap_port, reserved, 28);

LYAP_SIZE(lyap_array, 24);
LYAP_AT(lyap_array, data, 0);
LYAP_AT(lyap_array, shape, 8);
LYAP_AT(lyap_array, dimensions, 16);

LYAP_SIZE(lyap_context_ops, 104);
LYAP_AT(lyap_context_ops, size, 0);
LYAP_AT(lyap_context_ops, reserved, 4);
LYAP_AT(lyap_context_ops, model_ops, 8);
LYAP_AT(lyap_context_ops, data_ops, 16);
LYAP_AT(lyap_context_ops, model, 24);
LYAP_AT(lyap_context_ops, data, 32);
LYAP_AT(lyap_context_ops, input, 40);
LYAP_AT(lyap_context_ops, result, 48);
LYAP_AT(lyap_context_ops, announce, 56);
LYAP_AT(lyap_context_ops, piece, 64);
LYAP_AT(lyap_context_ops, note, 72);
LYAP_AT(lyap_context_ops, memory_budget, 80);
LYAP_AT(lyap_context_ops, label, 88);
LYAP_AT(lyap_context_ops, tensor, 96);

LYAP_SIZE(lyap_estimate, 264);
LYAP_AT(lyap_estimate, bytes, 0);
LYAP_AT(lyap_estimate, flops, 8);
LYAP_AT(lyap_estimate, text, 16);

LYAP_SIZE(lyap_analysis_ops, 40);
LYAP_AT(lyap_analysis_ops, size, 0);
LYAP_AT(lyap_analysis_ops, reserved, 4);
LYAP_AT(lyap_analysis_ops, create, 8);
LYAP_AT(lyap_analysis_ops, destroy, 16);
LYAP_AT(lyap_analysis_ops, run, 24);
LYAP_AT(lyap_analysis_ops, estimate, 32);

LYAP_SIZE(lyap_plugin, 72);
LYAP_AT(lyap_plugin, size, 0);
LYAP_AT(lyap_plugin, kind, 4);
LYAP_AT(lyap_plugin, id, 8);
LYAP_AT(lyap_plugin, version, 16);
LYAP_AT(lyap_plugin, summary, 24);
LYAP_AT(lyap_plugin, reference, 32);
LYAP_AT(lyap_plugin, options, 40);
LYAP_AT(lyap_plugin, ports, 48);
LYAP_AT(lyap_plugin, option_count, 56);
LYAP_AT(lyap_plugin, port_count, 60);
LYAP_AT(lyap_plugin, ops, 64);

LYAP_SIZE(lyap_identity, 168);
LYAP_AT(lyap_identity, magic, 0);
LYAP_AT(lyap_identity, size, 8);
LYAP_AT(lyap_identity, abi_major, 12);
LYAP_AT(lyap_identity, abi_minor, 14);
LYAP_AT(lyap_identity, plugin_size, 16);
LYAP_AT(lyap_identity, cell_ops_size, 20);
LYAP_AT(lyap_identity, task_ops_size, 24);
LYAP_AT(lyap_identity, trainer_ops_size, 28);
LYAP_AT(lyap_identity, analysis_ops_size, 32);
LYAP_AT(lyap_identity, isa, 36);
LYAP_AT(lyap_identity, family, 40);
LYAP_AT(lyap_identity, sanitizers, 44);
LYAP_AT(lyap_identity, eigen_alignment, 48);
LYAP_AT(lyap_identity, reserved, 52);
LYAP_AT(lyap_identity, sdk, 56);
LYAP_AT(lyap_identity, eigen, 72);
LYAP_AT(lyap_identity, compiler, 88);

LYAP_SIZE(lyap_library, 184);
LYAP_AT(lyap_library, identity, 0);
LYAP_AT(lyap_library, plugin_count, 168);
LYAP_AT(lyap_library, reserved, 172);
LYAP_AT(lyap_library, plugin, 176);

// clang-format on
#endif
