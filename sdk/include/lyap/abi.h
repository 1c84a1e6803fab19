/* lyap/abi.h - everything that crosses the border between the kernel and a plugin.
 *
 * Plain C, two standard headers, no function bodies. C++ authors never write against this
 * file: include <lyap/lyap.hpp>, whose classes fill these tables in.
 *
 * Rules of the border
 *   numbers   float32 or float64, the same for all operands of a call; column-major, one column
 *             per sample; `stride` is the distance between columns in elements (>= rows). No
 *             alignment beyond that of the element is promised.
 *   time      B sequences of T steps are a matrix of T*B columns: step t of sequence b is column
 *             t*B + b. Steps count from 0 within a chunk.
 *   memory    whoever allocates frees. The kernel owns every matrix; a plugin owns what its
 *             create/open returned until destroy/close. What a pointer argument points to is
 *             valid during the call only, unless the function says otherwise.
 *   errors    a call that can fail returns LYAP_OK or a lyap_code (or null) and writes one
 *             sentence into the caller's lyap_error. Nothing is ever thrown across the border.
 *   growth    a struct starts with `size` = sizeof as its writer saw it; fields are only ever
 *             appended. A change of meaning raises LYAP_ABI_MAJOR and renames symbol and section.
 *   threads   each function says [any thread], or [one thread per tape / pass / object].
 *   BLAS      the kernel runs one BLAS thread per worker; a plugin never changes that number.
 *
 * J(i, j) = d s'_i / d s_j: row = output, column = input, everywhere.
 */
#ifndef LYAP_ABI_H
#define LYAP_ABI_H

#include <stddef.h>
#include <stdint.h>

#define LYAP_ABI_MAJOR 1 /* the two sides must agree */
#define LYAP_ABI_MINOR 0 /* a plugin's must not be above the kernel's */

#ifdef __cplusplus
extern "C" {
#endif

/* ---- errors ------------------------------------------------------------------------------- */

enum lyap_code {
  LYAP_OK = 0,
  LYAP_BAD_OPTION, /* a value the plugin cannot accept */
  LYAP_BAD_SHAPE,  /* operands that do not fit each other */
  LYAP_BAD_DATA,   /* a file or data set that cannot be used */
  LYAP_NOT_FINITE, /* numbers that have gone bad */
  LYAP_STOPPED,    /* Ctrl-C or an exhausted budget; what is finished is kept */
  LYAP_FAILED
};

typedef struct lyap_error {
  int32_t code;    /* lyap_code */
  char text[1020]; /* one sentence, UTF-8, null-terminated; says what to change */
} lyap_error;

/* ---- numbers ------------------------------------------------------------------------------ */

enum lyap_dtype { LYAP_F32 = 1, LYAP_F64, LYAP_U8, LYAP_U32, LYAP_I64 }; /* last three: files */

typedef struct lyap_matrix {
  void* data; /* null: this operand is absent */
  int64_t rows, cols, stride;
  int32_t dtype, reserved;
} lyap_matrix;

typedef struct lyap_const_matrix {
  const void* data;
  int64_t rows, cols, stride;
  int32_t dtype, reserved;
} lyap_const_matrix;

/* ---- options: what a pipeline file may say under `with:` ---------------------------------- */

enum lyap_option_type {
  LYAP_INTEGER,
  LYAP_REAL,
  LYAP_BOOLEAN,
  LYAP_TEXT,
  LYAP_CHOICE,
  LYAP_PATH,  /* the kernel makes it absolute */
  LYAP_REALS, /* a list of numbers */
  LYAP_TEXTS  /* a list of words */
};

typedef struct lyap_option {
  const char* name;
  const char* doc;            /* one sentence; `lyap describe` prints it */
  const char* unit;           /* "steps", "1/step", "" ... */
  const char* fallback;       /* default, spelt as in a pipeline file; null = required */
  const char* const* choices; /* null-terminated; LYAP_CHOICE only */
  double low, high;           /* closed range of numbers; -inf, +inf when open */
  int32_t type;               /* lyap_option_type */
  int32_t reserved;
} lyap_option;

typedef struct lyap_value { /* one checked option; the kernel has filled in defaults */
  const char* name;
  const char* text; /* as written, or the chosen word, or the absolute path */
  double real;
  int64_t integer;          /* booleans: 0 or 1 */
  const double* reals;      /* LYAP_REALS */
  const char* const* texts; /* LYAP_TEXTS */
  int64_t count;            /* entries of reals or texts */
} lyap_value;

/* ---- what the kernel lends to every plugin ------------------------------------------------ */

enum lyap_level { LYAP_INFO = 0, LYAP_WARNING };
enum lyap_format {
  LYAP_FILE_IDX = 1,
  LYAP_FILE_NPY,
  LYAP_FILE_TEXT,
  LYAP_FILE_TENSOR, /* "FILE.safetensors#NAME": one tensor of it */
  LYAP_FILE_NOTE    /* "FILE.safetensors#KEY": one entry of its metadata, a text */
};

typedef struct lyap_file { /* a data file, read and checked by the kernel; gzip is transparent */
  uint32_t size;
  int32_t dtype; /* lyap_dtype: IDX U8, NPY and TENSOR F64, TEXT and NOTE U32 (Unicode) */
  int64_t dimensions;
  const int64_t* shape; /* `dimensions` extents, the last one fastest (C order) */
  const void* data;
  const char* path;
} lyap_file;

typedef struct lyap_host lyap_host;
typedef struct lyap_host_ops {
  uint32_t size;

  /* [any thread] */
  void (*log)(lyap_host*, int32_t level, const char* sentence);
  void (*progress)(lyap_host*, const char* stage, int64_t done, int64_t total);
  int32_t (*stopped)(lyap_host*); /* not 0 after Ctrl-C: finish the step at hand and return */

  /* Files. `name` is absolute, or relative to the data folders (--data, LYAP_DATA, the cache):
   * "mnist/train-images-idx3-ubyte" is found with or without ".gz". `remedy` ends the sentence
   * when the file is missing. Valid until release. [any thread] */
  const lyap_file* (*read)(lyap_host*, const char* name, int32_t format, const char* remedy,
                           lyap_error*);
  void (*release)(lyap_host*, const lyap_file*);

  /* Named random streams: the same seed and name give the same numbers in every run, whatever
   * the number of workers. `out` is filled column by column from the stream's beginning.
   * [any thread] */
  int32_t (*normal)(lyap_host*, const char* stream, lyap_matrix out, lyap_error*);
  int32_t (*uniform)(lyap_host*, const char* stream, lyap_matrix out, lyap_error*); /* [0, 1) */
  int32_t (*permutation)(lyap_host*, const char* stream, int64_t count, int64_t* out, lyap_error*);

  /* The kernel's worker pool: run(context, item, worker) for item = 0 .. count-1, worker below
   * workers(). The first failing item decides the error. Nested calls run inline. */
  int32_t (*workers)(lyap_host*);
  int32_t (*parallel)(lyap_host*, int64_t count,
                      int32_t (*run)(void* context, int64_t item, int32_t worker, lyap_error*),
                      void* context, lyap_error*);

  /* Dense factorisations in float64 (LAPACK, workspace kept per thread). [any thread] */
  /* A = Q R with R's diagonal >= 0: A (m x k, m >= k) becomes Q, diagonal[k] gets diag R; `r`
   * (k x k, or no data) gets R. */
  int32_t (*qr)(lyap_host*, lyap_matrix a, double* diagonal, lyap_matrix r, lyap_error*);
  /* |diag R| of the same factorisation without forming Q; A is destroyed. */
  int32_t (*qr_diagonal)(lyap_host*, lyap_matrix a, double* diagonal, lyap_error*);
  /* A = P^T L U by row pivoting: A becomes L below and U on and above the diagonal; row i of L
   * is row rows[i] of A. Exactly singular columns leave a zero in U's diagonal and are no error. */
  int32_t (*lu)(lyap_host*, lyap_matrix a, int64_t* rows, lyap_error*);
  /* A = U diag(s) V^T, thin; A is destroyed. U, Vt may have no data. */
  int32_t (*svd)(lyap_host*, lyap_matrix a, double* s, lyap_matrix u, lyap_matrix vt, lyap_error*);
} lyap_host_ops;

typedef struct lyap_lent { /* an object of the kernel with its functions */
  const lyap_host_ops* ops;
  lyap_host* self;
} lyap_lent;

/* ---- cells -------------------------------------------------------------------------------- */

typedef struct lyap_cell lyap_cell; /* a cell with its options; holds no weights, no state */
typedef struct lyap_tape lyap_tape; /* remembers a chunk of steps, for their derivatives */

typedef struct lyap_block { /* part of the state vector, e.g. "h" or "c" of an LSTM */
  const char* name;
  int64_t rows;
} lyap_block;

enum lyap_weight_flag {
  LYAP_TRAINABLE = 1,
  LYAP_LIVE = 2 /* may change between two steps without a new bind: read it where it is */
};

typedef struct lyap_weight { /* one named parameter tensor */
  const char* name;          /* PyTorch's name where there is one, without "_l0": "weight_hh" */
  const char* init;          /* default initialiser: "xavier_normal", "uniform(-0.1, 0.1)" ... */
  int64_t rows, cols;        /* a vector has one column */
  int32_t flags;             /* lyap_weight_flag bits */
  int32_t reserved;
} lyap_weight;

enum lyap_derivative { LYAP_BY_DIFFERENCES = 0, LYAP_AUTOMATIC, LYAP_ANALYTIC };

typedef struct lyap_cell_shape {
  uint32_t size;
  uint32_t block_count, weight_count;
  uint32_t output_block; /* what the readout and the next layer see, unless ops->output is set */
  const lyap_block* blocks;
  const lyap_weight* weights;
  int64_t inputs, state, outputs; /* rows */
  int64_t normal, uniform;        /* rows of N(0,1) and U(0,1) the kernel draws per step */
  int64_t tape_rows;              /* numbers a tape remembers per sample and step; 0 = unknown */
  int32_t noise_in_analysis;      /* draw noise in analyses too, not only in training */
  int32_t derivative;             /* lyap_derivative: who wrote the derivatives */
} lyap_cell_shape;

typedef struct lyap_chunk { /* `count` steps s_t = f(x_t, s_{t-1}; W) of B samples */
  uint32_t size;
  uint32_t reserved;
  int64_t at, count;         /* remembered as steps at .. at+count-1 of the tape */
  lyap_const_matrix state;   /* state x B: before the first of them, blocks in declared order */
  lyap_const_matrix input;   /* inputs x count*B */
  lyap_const_matrix normal;  /* normal x count*B, or no data: no noise */
  lyap_const_matrix uniform; /* uniform x count*B, or no data */
  lyap_matrix states;        /* out: state x count*B, after each step */
} lyap_chunk;

typedef struct lyap_point { /* samples first .. first+samples-1 at step t of a tape */
  int64_t t, first, samples;
} lyap_point;

typedef struct lyap_block_request { /* which part of the Jacobian of one sample is wanted */
  int64_t t, sample;
  uint64_t row_blocks, column_blocks; /* bit i: block i; all bits: the whole Jacobian */
  const int64_t* row_order;           /* out.row(i) = row row_order[i] of the block; null = as is */
  const int64_t* column_order;        /* out.col(j) = column column_order[j] */
} lyap_block_request;

typedef struct lyap_projection { /* what an optimiser step did */
  uint32_t size;
  uint32_t reserved;
  const lyap_matrix* weights;         /* in: after the step; out: on the constraint set again */
  const lyap_const_matrix* previous;  /* before the step */
  const lyap_const_matrix* gradients; /* of the loss, or entries without data */
  double learning_rate;
} lyap_projection;

typedef struct lyap_cell_ops {
  uint32_t size;
  uint32_t reserved;

  /* [any thread] */
  lyap_cell* (*create)(const lyap_value* values, uint32_t count, int64_t inputs, lyap_error*);
  void (*destroy)(lyap_cell*);
  const lyap_cell_shape* (*shape)(const lyap_cell*);

  /* A tape for up to `steps` steps of `batch` samples in one dtype. [any thread] */
  lyap_tape* (*open)(const lyap_cell*, int32_t dtype, int64_t steps, int64_t batch, lyap_error*);
  void (*close)(lyap_tape*);

  /* The weights, in declared order, in the tape's dtype. Their addresses stay valid and, but for
   * LYAP_LIVE ones, their values unchanged until the next bind; a cell may derive and keep what it
   * likes from them. Called before the first step and after every change of the weights. */
  int32_t (*bind)(lyap_tape*, const lyap_const_matrix* weights, lyap_error*);

  /* Carries out a chunk and remembers what the derivatives need, by value: of the chunk nothing
   * may be kept by address. [one thread per tape] */
  int32_t (*step)(lyap_tape*, const lyap_chunk*, lyap_error*);

  /* The following three read the tape only: [any thread] once step has returned. */

  /* out = (ds'/ds) in_state + (ds'/dx) in_input; k tangents a sample: the i-th sample of the point
   * owns columns i*k .. i*k+k-1. in_state: state x samples*k, in_input: inputs x samples*k; either
   * may have no data (= zero). out: state x samples*k. Null: the kernel takes differences. */
  int32_t (*push)(const lyap_tape*, lyap_point, lyap_const_matrix in_state,
                  lyap_const_matrix in_input, lyap_matrix out, lyap_error*);

  /* out_state = (ds'/ds)^T bar, out_input = (ds'/dx)^T bar (overwritten; k adjoints a sample as
   * above), weight_bars[i] += sum over columns of (ds'/dW_i)^T bar. Any output may have no data;
   * weight_bars may be null. */
  int32_t (*pull)(const lyap_tape*, lyap_point, lyap_const_matrix bar, lyap_matrix out_state,
                  lyap_matrix out_input, const lyap_matrix* weight_bars, lyap_error*);

  /* The explicit Jacobian block of one sample: out = [ds'/ds] of the asked blocks, in the asked
   * orders. Null: the kernel pushes the identity. */
  int32_t (*jacobian)(const lyap_tape*, const lyap_block_request*, lyap_matrix out, lyap_error*);

  /* The adjoint of a whole chunk of `count` steps from `at`. In: bars (state x count*B) holds the
   * direct derivative of the loss by each state; out: the total one. state_bar (state x B, or no
   * data) gets the one before the first step, input_bars (inputs x count*B, or no data) those of
   * the inputs; weight_bars accumulate. Null: the kernel calls pull step by step.
   * [one thread per tape] */
  int32_t (*backward)(lyap_tape*, int64_t at, int64_t count, lyap_matrix bars,
                      lyap_matrix state_bar, lyap_matrix input_bars, const lyap_matrix* weight_bars,
                      lyap_error*);

  /* Optional from here on; null = absent. [any thread] */

  /* What the readout and the next layer see of a state (outputs x n from state x n), its tangent
   * (k tangents a column) and its adjoint (state_bar is added to, weight_bars too). All three or
   * none. */
  int32_t (*output)(const lyap_cell*, const lyap_const_matrix* weights, lyap_const_matrix state,
                    lyap_matrix out, lyap_error*);
  int32_t (*output_push)(const lyap_cell*, const lyap_const_matrix* weights,
                         lyap_const_matrix state, lyap_const_matrix tangent, lyap_matrix out,
                         lyap_error*);
  int32_t (*output_pull)(const lyap_cell*, const lyap_const_matrix* weights,
                         lyap_const_matrix state, lyap_const_matrix bar, lyap_matrix state_bar,
                         const lyap_matrix* weight_bars, lyap_error*);

  /* Puts the weights back on the cell's constraint set after an optimiser step (unit Householder
   * columns, a Cayley step, an exponential of a skew matrix). */
  int32_t (*project)(const lyap_cell*, const lyap_projection*, lyap_error*);

  /* Initial states (state x B) from the weights and from N(0,1) draws (state x B); without it the
   * start is zero. start_pull adds the adjoint of a learned start to weight_bars. */
  int32_t (*start)(const lyap_cell*, const lyap_const_matrix* weights, lyap_const_matrix normal,
                   lyap_matrix state, lyap_error*);
  int32_t (*start_pull)(const lyap_cell*, const lyap_const_matrix* weights,
                        lyap_const_matrix state_bar, const lyap_matrix* weight_bars, lyap_error*);
} lyap_cell_ops;

/* ---- tasks -------------------------------------------------------------------------------- */

typedef struct lyap_task lyap_task;

enum lyap_split { LYAP_TRAIN = 0, LYAP_VALIDATION, LYAP_TEST };

enum lyap_loss {
  LYAP_CROSS_ENTROPY = 1, /* softmax over the outputs; targets are class indices, one row; nats */
  LYAP_MEAN_SQUARED,
  LYAP_MEAN_ABSOLUTE,
  LYAP_OWN_LOSS, /* lyap_task_ops::loss */
  LYAP_NO_LOSS   /* inputs only: nothing to train on */
};

typedef struct lyap_task_shape {
  uint32_t size;
  int32_t loss;            /* lyap_loss */
  int64_t inputs, outputs; /* rows of x_t and of the prediction y_t */
  int64_t targets;         /* rows of a target: 1 for cross entropy */
  int64_t steps;           /* T of a sequence that fetch gives */
  int64_t drive_steps;     /* longest input that drive gives; 0 = any length */
  int64_t count[3];        /* sequences in the training, validation and test split */
  int64_t drive_count[3];  /* distinct starting points of drive; 0 = as many as asked */
  int32_t last_step_only;  /* the loss looks at the last step (targets x B) or at every one */
  int32_t next_step;       /* y_t predicts x_{t+1}: the loop can be closed */
  double step_time;        /* model time of a step, in time_unit; 0 = steps only */
  const char* time_unit;
  const char* const* symbols; /* names of the classes, null-terminated, or null */

  /* When a sequence is a picture: its size, and which pixel (row by row) input i of step t shows,
   * pixels[t*inputs + i]; null: they come in order. No rows: it is none. */
  int64_t picture_rows, picture_cols;
  const int64_t* pixels;
} lyap_task_shape;

typedef struct lyap_metric {
  const char* name;
  double value;
} lyap_metric;

typedef struct lyap_task_ops {
  uint32_t size;
  uint32_t reserved;
  /* `host` stays valid until destroy. [any thread] */
  lyap_task* (*create)(const lyap_value* values, uint32_t count, lyap_lent host, lyap_error*);
  void (*destroy)(lyap_task*);
  const lyap_task_shape* (*shape)(const lyap_task*);

  /* The sequences numbered in which[0 .. count-1] of a split: input inputs x steps*count, target
   * targets x steps*count (or x count when last_step_only; may have no data). The kernel shuffles;
   * a task never does. [any thread] */
  int32_t (*fetch)(const lyap_task*, int32_t split, const int64_t* which, int64_t count,
                   lyap_matrix input, lyap_matrix target, lyap_error*);

  /* Steps from .. from+steps-1 of `count` long inputs that drive a network for an analysis,
   * numbered as the sequences of the split: contiguous text, fresh noise, a whole image. */
  int32_t (*drive)(const lyap_task*, int32_t split, const int64_t* which, int64_t count,
                   int64_t from, int64_t steps, lyap_matrix input, lyap_error*);

  /* Optional. Only for LYAP_OWN_LOSS: mean loss and its gradient by the prediction. */
  int32_t (*loss)(const lyap_task*, lyap_const_matrix prediction, lyap_const_matrix target,
                  double* mean, lyap_matrix gradient, lyap_error*);
  /* Optional: fills at most `room` further figures (sums to be averaged over sequences are means
   * of the batch) and returns how many; accuracy of classes is the kernel's. */
  int32_t (*metrics)(const lyap_task*, lyap_const_matrix prediction, lyap_const_matrix target,
                     lyap_metric* out, int32_t room);
} lyap_task_ops;

/* The task of the pipeline as trainers and analyses see it. */
typedef struct lyap_data lyap_data;
typedef struct lyap_data_ops {
  uint32_t size;
  uint32_t reserved;
  const lyap_task_shape* (*shape)(const lyap_data*);
  int32_t (*fetch)(const lyap_data*, int32_t split, const int64_t* which, int64_t count,
                   lyap_matrix input, lyap_matrix target, lyap_error*);
  int32_t (*drive)(const lyap_data*, int32_t split, const int64_t* which, int64_t count,
                   int64_t from, int64_t steps, lyap_matrix input, lyap_error*);
} lyap_data_ops;

/* ---- networks ----------------------------------------------------------------------------- */

/* Stacked cells and a linear readout: s_t = F(x_t, s_{t-1}; W), y_t = C o(s_t) + d. The state is
 * ordered by part, then by layer: (h of layer 1..L, then c of layer 1..L). */
typedef struct lyap_model lyap_model;
typedef struct lyap_pass lyap_pass; /* one run over a batch, a chunk of steps at a time */

enum lyap_scope {
  LYAP_FULL_STATE = 0, /* the whole tangent map */
  LYAP_HIDDEN_STATE    /* d part0'/d part0 with the other parts held fixed inside each step */
};

typedef struct lyap_model_shape {
  uint32_t size;
  int32_t derivative;              /* lyap_derivative in use for the Jacobian */
  int64_t inputs, outputs, layers; /* outputs: rows of the readout */
  int64_t state, hidden;           /* rows of the two scopes */
  uint32_t part_count, weight_count;
  const lyap_block* parts;    /* "h", "c": rows summed over layers */
  const lyap_weight* weights; /* "cell.weight_hh_l0", ..., "readout.weight", "readout.bias" */
  const char* cell;           /* id of the cell */
} lyap_model_shape;

typedef struct lyap_pass_request {
  uint32_t size;
  int32_t dtype;
  int64_t batch;
  int64_t steps;       /* capacity: the longest chunk of run; 0 = from the memory budget */
  int32_t noise;       /* draw the cell's noise */
  int32_t closed_loop; /* run feeds the output back as the next input; of scores of classes,
                          their softmax */
  const char* stream;  /* random stream of the noise and of sampled starts */
  int64_t first;       /* what its first sequence is called in messages */
} lyap_pass_request;

typedef struct lyap_backward { /* the loss of the task on the chunk just run, and its adjoint */
  uint32_t size;
  int32_t at;                     /* 0: as the task says; t > 0: the loss at step t of it only */
  lyap_const_matrix target;       /* as lyap_task_ops::fetch gives it */
  double loss;                    /* out: mean over batch (and steps), nats for cross entropy */
  lyap_matrix state_bars;         /* out: state x (count+1)*B, total dL/ds_t, t = 0..count */
  lyap_matrix input_bars;         /* out: inputs x count*B */
  const lyap_matrix* weight_bars; /* out (added to): one a weight in declared order, or null */
  lyap_matrix direct_bars; /* out: state x count*B, by way of the readout of that step alone */
  lyap_matrix losses;      /* out: 1 x B, the loss of each sequence */
} lyap_backward;

typedef struct lyap_model_ops {
  uint32_t size;
  uint32_t reserved;
  /* [any thread] */
  const lyap_model_shape* (*shape)(const lyap_model*);
  int32_t (*weight)(const lyap_model*, uint32_t index, int32_t dtype, lyap_const_matrix* out,
                    lyap_error*);
  lyap_pass* (*open)(const lyap_model*, const lyap_pass_request*, lyap_error*);

  /* [one thread per pass] */
  void (*close)(lyap_pass*);
  int64_t (*capacity)(const lyap_pass*);
  /* Back to the beginning: `state` is state x B, or no data for the cell's own start. */
  int32_t (*start)(lyap_pass*, lyap_const_matrix state, lyap_error*);
  /* Runs the next chunk: input inputs x count*B (closed loop: the first step's only). */
  int32_t (*run)(lyap_pass*, int64_t count, lyap_const_matrix input, lyap_error*);
  int32_t (*backward)(lyap_pass*, lyap_backward*, lyap_error*);

  /* About the chunk last run, t = 1 .. count (state: 0 .. count, 0 = before it). Until the next
   * run these read only: [any thread]. */
  int32_t (*state)(const lyap_pass*, int64_t t, lyap_matrix out, lyap_error*);
  int32_t (*output)(const lyap_pass*, int64_t t, lyap_matrix out, lyap_error*);
  /* out = J of one sample at step t, d x d for the scope's d, rows and columns in the given orders
   * (null = as they are). */
  int32_t (*jacobian)(const lyap_pass*, int64_t t, int64_t sample, int32_t scope,
                      const int64_t* row_order, const int64_t* column_order, lyap_matrix out,
                      lyap_error*);
  /* out = J V + (ds_t/dx_t) W, out = J^T U and (ds_t/dx_t)^T U; k columns a sample of the point. */
  int32_t (*push)(const lyap_pass*, lyap_point, int32_t scope, lyap_const_matrix v,
                  lyap_const_matrix w, lyap_matrix out, lyap_error*);
  int32_t (*pull)(const lyap_pass*, lyap_point, int32_t scope, lyap_const_matrix u, lyap_matrix out,
                  lyap_matrix out_input, lyap_error*);
  /* What the readout sees after step t: as many rows as "readout.weight" has columns, x B. */
  int32_t (*seen)(const lyap_pass*, int64_t t, lyap_matrix out, lyap_error*);

  /* Where a trainer or the file of the weights left the network, float64: its state (state x 1)
   * and the input that comes next (inputs x 1); no data when they left none. [any thread] */
  void (*carried)(const lyap_model*, lyap_const_matrix* state, lyap_const_matrix* input);

  /* weight_bars[i] += (ds_t/dW_i)^T u summed over the batch: u state x B, t = 1 .. count; t = 0: of
   * the cell's own start, when the chunk began there. Entries without data are left out. Reads the
   * pass only: [any thread], with weight_bars of its own. */
  int32_t (*pull_weights)(const lyap_pass*, int64_t t, lyap_const_matrix u,
                          const lyap_matrix* weight_bars, lyap_error*);
} lyap_model_ops;

/* ---- trainers ----------------------------------------------------------------------------- */

typedef struct lyap_trainer lyap_trainer;
typedef struct lyap_training lyap_training; /* the kernel's side of a training run */

typedef struct lyap_batch_result {
  double loss;
  double accuracy; /* NaN unless the targets are classes */
} lyap_batch_result;

typedef struct lyap_batch_request {
  uint32_t size;
  int32_t split;        /* lyap_split */
  const int64_t* which; /* sequences of the batch */
  int64_t count;
  int64_t window; /* back-propagation is cut after so many steps; 0 = whole sequence */
  double dropout; /* on the readout's input */
  int32_t carry;  /* start from the final state of the previous batch */
  int32_t reserved;
  const char* stream; /* random stream of dropout, noise and sampled starts */
} lyap_batch_request;

typedef struct lyap_training_ops {
  uint32_t size;
  uint32_t reserved;
  const lyap_model_ops* model_ops;
  const lyap_data_ops* data_ops;
  lyap_model* (*model)(lyap_training*);
  const lyap_data* (*data)(lyap_training*);

  /* The weights and the gradients of the last gradient() call, where they are, in the dtype of
   * training. [one thread] */
  int32_t (*weight)(lyap_training*, uint32_t index, lyap_matrix* out);
  int32_t (*gradient)(lyap_training*, uint32_t index, lyap_const_matrix* out);
  /* Tells the kernel that weights have changed (LYAP_LIVE ones need not be told), after which the
   * cell's projection runs when `learning_rate` is positive. */
  int32_t (*changed)(lyap_training*, double learning_rate, lyap_error*);

  /* Mean loss of a batch and its gradient, by back-propagation through time over the kernel's
   * workers; the sum is made in an order that does not depend on their number. */
  int32_t (*batch)(lyap_training*, const lyap_batch_request*, lyap_batch_result*, lyap_error*);
  /* Mean loss of a whole split without noise and dropout. */
  int32_t (*evaluate)(lyap_training*, int32_t split, int64_t batch, lyap_batch_result*,
                      lyap_error*);

  /* Memory of the trainer that checkpoints save and a resumed run restores: zero at first. The
   * float64 slots "carried.state" (state x 1) and "carried.input" (inputs x 1) say where training
   * leaves the network: they stay with its weights, and lyap_model_ops::carried gives them. */
  int32_t (*slot)(lyap_training*, const char* name, int64_t rows, int64_t cols, int32_t dtype,
                  lyap_matrix* out, lyap_error*);
  int64_t (*first_epoch)(lyap_training*); /* 0, or the epoch a resumed run continues after */

  /* Epoch `number` is complete (0 = before any training): the kernel writes the figures, keeps a
   * checkpoint when the pipeline asks for one, and remembers the weights as best when `best`.
   * LYAP_STOPPED: return now. */
  int32_t (*epoch)(lyap_training*, int64_t number, const lyap_metric* figures, int32_t count,
                   int32_t best, lyap_error*);
  int32_t (*restore_best)(lyap_training*, lyap_error*);
} lyap_training_ops;

typedef struct lyap_trainer_ops {
  uint32_t size;
  uint32_t reserved;
  lyap_trainer* (*create)(const lyap_value* values, uint32_t count, lyap_error*);
  void (*destroy)(lyap_trainer*);
  int32_t (*fit)(lyap_trainer*, const lyap_training_ops*, lyap_training*, lyap_lent host,
                 lyap_error*);
} lyap_trainer_ops;

/* ---- analyses ----------------------------------------------------------------------------- */

enum lyap_port_role { LYAP_MODEL_PORT = 1, LYAP_DATA_PORT, LYAP_INPUT, LYAP_OPTIONAL, LYAP_RESULT };

typedef struct lyap_port {
  const char* name;
  const char* quantity; /* "exponent[sequence, index] nats/step"; "" for model and data */
  const char* doc;
  int32_t role; /* lyap_port_role */
  int32_t reserved;
} lyap_port;

typedef struct lyap_array { /* doubles, last axis fastest */
  const double* data;
  const int64_t* shape;
  int64_t dimensions;
} lyap_array;

typedef struct lyap_analysis lyap_analysis;
typedef struct lyap_context lyap_context; /* the kernel's side of one measurement */

typedef struct lyap_context_ops {
  uint32_t size;
  uint32_t reserved;
  const lyap_model_ops* model_ops;
  const lyap_data_ops* data_ops;
  const lyap_model* (*model)(lyap_context*, const char* port); /* null: not connected */
  const lyap_data* (*data)(lyap_context*, const char* port);
  int32_t (*input)(lyap_context*, const char* port, lyap_array* out); /* 0: not connected */

  /* A result, given as a whole; copied. Infinite values are allowed, NaN means missing. */
  int32_t (*result)(lyap_context*, const char* port, const int64_t* shape, int64_t dimensions,
                    const double* data, lyap_error*);
  /* A large result in pieces: shape is announced once, then boxes [from, from+extent) follow, from
   * any thread. What is never given is missing. */
  int32_t (*announce)(lyap_context*, const char* port, const int64_t* shape, int64_t dimensions,
                      lyap_error*);
  int32_t (*piece)(lyap_context*, const char* port, const int64_t* from, const int64_t* extent,
                   const double* data, lyap_error*);
  /* What was done, for the reader of the result: attributes in the file, lines in the report.
   * `port` may be a file of tensors, whose metadata it then is. */
  void (*note)(lyap_context*, const char* port, const char* key, const char* value);
  int64_t (*memory_budget)(lyap_context*); /* bytes */

  /* Words that came as codes 0, 1, ... (a column of the table of networks, the axis of a result of
   * another step): the word of a code; null when the port carries plain numbers. */
  const char* (*label)(lyap_context*, const char* port, int64_t code);
  /* Adds a tensor to `file` ("aelle": aelle.safetensors beside the results), which appears when the
   * analysis has returned; copied. A later run reads it with LYAP_FILE_TENSOR. */
  int32_t (*tensor)(lyap_context*, const char* file, const char* name, lyap_const_matrix values,
                    lyap_error*);
} lyap_context_ops;

typedef struct lyap_estimate {
  double bytes, flops;
  char text[248]; /* one line for `lyap plan`, may be empty */
} lyap_estimate;

typedef struct lyap_analysis_ops {
  uint32_t size;
  uint32_t reserved;
  lyap_analysis* (*create)(const lyap_value* values, uint32_t count, lyap_error*);
  void (*destroy)(lyap_analysis*);
  int32_t (*run)(lyap_analysis*, const lyap_context_ops*, lyap_context*, lyap_lent host,
                 lyap_error*);
  /* Optional: what a run would cost, from shapes alone; may refuse what cannot work. Either shape
   * may be null. */
  int32_t (*estimate)(const lyap_analysis*, const lyap_model_shape*, const lyap_task_shape*,
                      lyap_estimate*, lyap_error*);
} lyap_analysis_ops;

/* ---- plugins ------------------------------------------------------------------------------ */

enum lyap_kind { LYAP_CELL = 1, LYAP_TASK, LYAP_TRAINER, LYAP_ANALYSIS };

typedef struct lyap_plugin {
  uint32_t size;
  int32_t kind;          /* lyap_kind: says what `ops` points to */
  const char* id;        /* "lstm" for ours, "org.example.my_cell" for everyone else's */
  const char* version;   /* "1.2.0" */
  const char* summary;   /* one line */
  const char* reference; /* where the equations stand */
  const lyap_option* options;
  const lyap_port* ports; /* analyses */
  uint32_t option_count, port_count;
  const void* ops;
} lyap_plugin;

enum lyap_isa { LYAP_ISA_AVX = 1, LYAP_ISA_AVX2 = 2, LYAP_ISA_FMA = 4, LYAP_ISA_AVX512F = 8 };
enum lyap_family { LYAP_LIBSTDCXX = 1, LYAP_LIBCXX = 2 };
enum lyap_sanitizer { LYAP_ASAN = 1, LYAP_TSAN = 2 };

/* How a library was made. Pointer-free, so that it is read from the file before any of the
 * library's code runs; what it says decides whether the library is opened at all. */
typedef struct lyap_identity {
  char magic[8]; /* "lyap-so" and a null */
  uint32_t size;
  uint16_t abi_major, abi_minor;
  uint32_t plugin_size, cell_ops_size, task_ops_size, trainer_ops_size, analysis_ops_size;
  uint32_t isa;             /* lyap_isa bits the code may use */
  uint32_t family;          /* lyap_family */
  uint32_t sanitizers;      /* lyap_sanitizer bits */
  uint32_t eigen_alignment; /* bytes */
  uint32_t reserved;
  char sdk[16];      /* "0.1.0" */
  char eigen[16];    /* "3.4.0" */
  char compiler[80]; /* "g++ 12.2.0" */
} lyap_identity;

typedef struct lyap_library {
  lyap_identity identity;
  uint32_t plugin_count;
  uint32_t reserved;
  const lyap_plugin* (*plugin)(uint32_t index); /* null when out of range. [any thread] */
} lyap_library;

/* The one exported symbol: a constant, read before any code of the plugin is asked to run. The
 * identity alone lies, once more, in the ELF section. */
#define LYAP_LIBRARY_SYMBOL "lyap_library_v1"
#define LYAP_LIBRARY_SECTION ".lyap_abi_1"
#define LYAP_LIBRARY_MAGIC "lyap-so"

#ifdef __cplusplus
}
#endif
#endif /* LYAP_ABI_H */
