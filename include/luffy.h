/*
 * luffy.h - post-training of language models by LUFFY on CPUs: load or create a model, let it write rollouts, judge
 * them, mix in a teacher's traces, update the weights.
 *
 * This header is the whole API: what is not here is not API. It needs C99 or C++11 and nothing else.
 * docs/c-api.md is its guide; examples/c/ are programs, in order.
 *
 * Errors     Every call that can fail returns a luffy_status; 0 is success. luffy_last_error() then has a text for
 *            this thread: what was expected, what came, where. After a failure, out-parameters are untouched unless
 *            their function says otherwise, and the handle is as it was before the call.
 * Handles    Opaque. luffy_x_destroy(NULL) does nothing. NULL, or a handle of another type, where one is needed
 *            gives LUFFY_ERROR_INVALID_ARGUMENT.
 * Memory     The library frees what it allocated and nothing else. Pointers in arguments are read (or written) during
 *            the call only. Pointers that come back are borrowed; each says until when.
 * Buffers    Texts and ids come back in the caller's buffer: `capacity` elements at `buffer`, and *length is set to
 *            how many there are, without the NUL that ends a text. A NULL buffer asks for the length alone. A buffer
 *            that is too small gives LUFFY_ERROR_BUFFER_TOO_SMALL with *length set and the buffer untouched.
 *            A text needs length + 1 bytes.
 * Texts      UTF-8. Where a length is taken, LUFFY_NUL_TERMINATED asks for strlen.
 * Structs    Start from LUFFY_X_INIT or luffy_x_init(), which set struct_size and the defaults, then change fields.
 *            Newer libraries take older, smaller structs. Non-zero bytes beyond what the library knows are refused.
 *            luffy_x_init(x) is a macro that gives sizeof(*x) to luffy_x_init_sized(), which a binding calls itself; the
 *            function luffy_x_init() writes the struct of 0.1.0, for programs that were compiled with its header.
 *            In arrays of structs all elements have the struct_size of the first, which is the array's stride.
 * Sequences  Several token sequences are one array `ids`, one after another, and `lengths[count]`. Arrays "shaped like
 *            ids" hold one number a token in the same order.
 * Threads    Any call may come from any thread. Calls that only read a model run side by side. A call that meets one
 *            that excludes it returns LUFFY_ERROR_BUSY at once; nothing waits. Destroy a handle when no call uses it.
 * Forks      A fork's child may use the library, on any of its threads. A handle that another thread was using at the
 *            fork gives LUFFY_ERROR_INVALID_ARGUMENT in the child. More: docs/reliability.md.
 * Numbers    Log-probabilities and entropies in nats; sizes in bytes; times in seconds.
 */
#ifndef LUFFY_H
#define LUFFY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------------------ versions, errors */

#define LUFFY_VERSION "0.1.0"
/* Libraries with one ABI number run the same programs; it is the number in libluffy.so.<abi>. */
#define LUFFY_ABI_VERSION 0

/* What a call came to. The numbers never change. */
typedef int32_t luffy_status;
enum {
  LUFFY_OK = 0,
  LUFFY_ERROR_INVALID_ARGUMENT = 1, /* a NULL, a number out of range, an unknown name */
  LUFFY_ERROR_OUT_OF_MEMORY = 2,
  LUFFY_ERROR_IO = 3,               /* the operating system refused to read or write */
  LUFFY_ERROR_CORRUPT = 4,          /* a file contradicts its format or itself */
  LUFFY_ERROR_UNSUPPORTED = 5,      /* well formed, but not something that this library does */
  LUFFY_ERROR_NOT_FOUND = 6,        /* a file, tensor, parameter or metric that is not there */
  LUFFY_ERROR_SHAPE = 7,            /* sizes that do not fit each other */
  LUFFY_ERROR_BUSY = 8,             /* another call uses the handle */
  LUFFY_ERROR_CANCELLED = 9,        /* luffy_cancel or its kin; the state is that before the call */
  LUFFY_ERROR_NON_FINITE = 10,      /* a loss, gradient, log-prob or updated weight that is no finite number; weights untouched */
  LUFFY_ERROR_BUFFER_TOO_SMALL = 11,
  LUFFY_ERROR_INTERNAL = 12         /* a fault of the library */
};

#define LUFFY_NUL_TERMINATED ((size_t)-1)

/* LUFFY_ABI_VERSION and LUFFY_VERSION of the library that runs, which may be newer than this header. */
int32_t luffy_abi_version(void);
const char *luffy_version_string(void);

/* The name of a status, as "LUFFY_ERROR_IO"; static. */
const char *luffy_status_string(luffy_status status);

/* The text of this thread's last failure; never NULL, empty before the first. Until this thread's next call. */
const char *luffy_last_error(void);

/* JSON: {"version", "abi", "isa", "allocator", "threads"}. Until this thread's next call of it. */
const char *luffy_build_info(void);

/* ------------------------------------------------------------------------------------------------- the whole process */

/* Threads that share the work of each call; 0 is one a core (the default). Results do not depend on it. Waits for
   no call: those that run keep theirs. */
luffy_status luffy_set_threads(int32_t count);

/* Cancels every call that runs now, in any thread. Safe in a signal handler. Calls that begin later are not touched. */
void luffy_cancel(void);

/* Bytes that models, trainers and their scratch memory hold. */
typedef struct luffy_memory_stats_t {
  uint32_t struct_size;
  uint32_t reserved;     /* 0 */
  uint64_t live_bytes;   /* in buffers now */
  uint64_t peak_bytes;   /* the most that live_bytes has been */
  uint64_t mapped_bytes; /* taken from the system for them */
} luffy_memory_stats_t;
#define LUFFY_MEMORY_STATS_INIT { sizeof(luffy_memory_stats_t), 0, 0, 0, 0 }
void luffy_memory_stats_init(luffy_memory_stats_t *stats);
void luffy_memory_stats_init_sized(luffy_memory_stats_t *stats, size_t size);
#define luffy_memory_stats_init(stats) luffy_memory_stats_init_sized((stats), sizeof(luffy_memory_stats_t))

luffy_status luffy_memory_stats(luffy_memory_stats_t *stats);

/* --------------------------------------------------------------------------------------------------------- tokenizer */

/* Text to token ids and back: byte-level BPE as Hugging Face `tokenizers` does it. Immutable: any number of threads. */
typedef struct luffy_tokenizer luffy_tokenizer;

/* From a tokenizer.json, a directory with one (the files beside it count too: docs/tokenizer.md), or a GGUF file, which
   is known by its first bytes. IO, CORRUPT, UNSUPPORTED, NOT_FOUND. */
luffy_status luffy_tokenizer_load(const char *path, luffy_tokenizer **tokenizer);
void luffy_tokenizer_destroy(luffy_tokenizer *tokenizer);

/* The ids of a text, which need not be valid UTF-8. `add_special_tokens`: 1 adds what the file puts around a text. */
luffy_status luffy_tokenizer_encode(const luffy_tokenizer *tokenizer, const char *text, size_t text_length,
                                    int32_t add_special_tokens, int32_t *ids, size_t capacity, size_t *length);

/* The bytes of ids, exactly; parts of characters come out as they are. `skip_special_tokens`: 1 leaves those out.
   An id that names no token, as a padding row of the model's vocabulary, comes out as U+FFFD; a negative number is
   refused. */
luffy_status luffy_tokenizer_decode(const luffy_tokenizer *tokenizer, const int32_t *ids, size_t count,
                                    int32_t skip_special_tokens, char *text, size_t capacity, size_t *length);
/* The same; *unknown is set to the number of ids that name no token (0: every id has one). */
luffy_status luffy_tokenizer_decode_checked(const luffy_tokenizer *tokenizer, const int32_t *ids, size_t count,
                                            int32_t skip_special_tokens, char *text, size_t capacity, size_t *length,
                                            size_t *unknown);

/* The largest id and one; 0 for NULL. */
int32_t luffy_tokenizer_vocab_size(const luffy_tokenizer *tokenizer);
/* The token that ends (begins) a text; -1 where the files name none, or say that there is none. */
int32_t luffy_tokenizer_eos_id(const luffy_tokenizer *tokenizer);
int32_t luffy_tokenizer_bos_id(const luffy_tokenizer *tokenizer);

/* The id of a token as the vocabulary spells it, as "<|im_end|>"; -1 where there is none. */
int32_t luffy_tokenizer_token_id(const luffy_tokenizer *tokenizer, const char *token);
/* Writes the tokenizer's files into a directory, which is made where it is missing; each file whole or not at all. Files
   of another tokenizer there go. From a GGUF file they are made of its metadata. */
luffy_status luffy_tokenizer_save(const luffy_tokenizer *tokenizer, const char *directory);

enum {
  LUFFY_CHAT_GENERATION_PROMPT = 1, /* the start of the assistant's answer is added */
  LUFFY_CHAT_THINKING = 2,          /* enable_thinking, where the template has that switch (Qwen3) */
  LUFFY_CHAT_NO_THINKING = 4,
  LUFFY_CHAT_TEMPLATE_DATE = 8      /* Llama 3.2: the date that the template names, as in a run, and not today's */
};
/* A conversation by the chat template that the model's own files carry, as Jinja would render it; message i is
   contents[i] of roles[i]: "system", "user", "assistant", "tool". Encode the text without special tokens. NOT_FOUND where
   the files carry no template, UNSUPPORTED where it is none of those that docs/chat-templates.md lists. */
luffy_status luffy_tokenizer_apply_chat_template(const luffy_tokenizer *tokenizer, const char *const *roles,
                                                 const char *const *contents, size_t count, uint32_t flags, char *text,
                                                 size_t capacity, size_t *length);
/* The name of that template's family, as "qwen2.5"; the same errors. */
luffy_status luffy_tokenizer_chat_template_name(const luffy_tokenizer *tokenizer, char *name, size_t capacity,
                                                size_t *length);
/* The template's own text, in the language of Jinja, whether it is on that list or not. NOT_FOUND. */
luffy_status luffy_tokenizer_chat_template(const luffy_tokenizer *tokenizer, char *text, size_t capacity, size_t *length);

/* The prompt that a model continues. `name`: "raw", "chatml", "llama3", "luffy". `system` may be NULL: "luffy" then
   uses the paper's, the others none. */
luffy_status luffy_render_prompt(const char *name, const char *system, const char *user, char *text, size_t capacity,
                                 size_t *length);

/* ------------------------------------------------------------------------------------------------------------- model */

/* A language model: Qwen2, Llama 3 or Qwen3. Scoring, generating and reading parameters share it; setting parameters,
   gradients and training exclude every other call. */
typedef struct luffy_model luffy_model;

enum {
  LUFFY_DTYPE_FLOAT32 = 0,
  LUFFY_DTYPE_BFLOAT16 = 1 /* factors of matrix products rounded to bfloat16; sums and parameters in float32 */
};

typedef struct luffy_model_options {
  uint32_t struct_size;
  int32_t dtype;                /* LUFFY_DTYPE_...: of the matrix products */
  int32_t allow_long_sequences; /* 0: a sequence, or a prompt and max_new_tokens, of more tokens than the file's
                                   max_position_embeddings is refused by every call; 1: it is run */
  int32_t limit_vocabulary;     /* as luffy_model_limit_vocabulary sets it */
} luffy_model_options;
#define LUFFY_MODEL_OPTIONS_INIT { sizeof(luffy_model_options), LUFFY_DTYPE_FLOAT32, 0, 1 }
void luffy_model_options_init(luffy_model_options *options);
void luffy_model_options_init_sized(luffy_model_options *options, size_t size);
#define luffy_model_options_init(options) luffy_model_options_init_sized((options), sizeof(luffy_model_options))

/* From a Hugging Face directory (config.json, model.safetensors or shards with an index), a .gguf file (of a split model
   any part), or a directory whose only model is a .gguf. `options` may be NULL. Errors name the file, the tensor and the
   byte; what is well formed but not computed here (another model_type, an option, a quantized or adapter file) is
   LUFFY_ERROR_UNSUPPORTED and named. Sizes are checked against the files before memory is taken. */
luffy_status luffy_model_load(const char *path, const luffy_model_options *options, luffy_model **model);

/* With weights drawn from the seed. `config`: JSON with the keys of a Hugging Face config.json. */
luffy_status luffy_model_create(const char *config, uint64_t seed, const luffy_model_options *options,
                                luffy_model **model);
/* Trainers keep what they need of a model; it may be destroyed before them. */
void luffy_model_destroy(luffy_model *model);

/* Cancels the calls on this model that run now. Safe in a signal handler. */
void luffy_model_cancel(luffy_model *model);

/* Writes a directory that transformers and llama.cpp's converter take as it is, whole or not at all: config.json,
   generation_config.json, float32 safetensors, and the files of the model's tokenizer (those that it was loaded with;
   from a GGUF file they are made of its metadata). Files of another tokenizer there go then; other files stay, and a
   symbolic link is followed. After an error what was there before is still there, but for one whose text begins with
   "saved, but": the new directory is in place and may not outlive a power cut. Two writers at once leave one whole result. */
luffy_status luffy_model_save(const luffy_model *model, const char *directory);

typedef struct luffy_save_options {
  uint32_t struct_size;
  int32_t dtype;                    /* LUFFY_DTYPE_...: of the weights in the file; bfloat16 rounds to nearest, ties to even */
  const luffy_tokenizer *tokenizer; /* whose files are written; NULL: the model's own */
} luffy_save_options;
#define LUFFY_SAVE_OPTIONS_INIT { sizeof(luffy_save_options), LUFFY_DTYPE_FLOAT32, NULL }
void luffy_save_options_init_sized(luffy_save_options *options, size_t size);
#define luffy_save_options_init(options) luffy_save_options_init_sized((options), sizeof(luffy_save_options))

/* The same with options, which may be NULL. */
luffy_status luffy_model_save_with(const luffy_model *model, const char *directory, const luffy_save_options *options);

/* The ids that end a rollout unless its options say otherwise, ascending: those that config.json,
   generation_config.json and the tokenizer's files name as eos_token; of a GGUF file eos, eot and eom. */
luffy_status luffy_model_stop_ids(const luffy_model *model, int32_t *ids, size_t capacity, size_t *length);

/* Takes a tokenizer for the model's own, in place of the one that it was loaded with: its vocabulary, its end token and
   its files. NULL: no tokenizer is known any more. Excludes every other call on the model. */
luffy_status luffy_model_set_tokenizer(luffy_model *model, const luffy_tokenizer *tokenizer);

/* 1, the default: rows of the vocabulary that no token of the model's tokenizer names (padding) are left out of every
   softmax, when generating, scoring and training alike: they are never drawn, their gradient is zero, and
   probabilities are those of the softmax over the other rows. A sequence with such an id cannot be scored or trained
   on. 0, or no tokenizer: every row takes part. Excludes every other call on the model. */
luffy_status luffy_model_limit_vocabulary(luffy_model *model, int32_t on);
/* How many rows of the vocabulary take part in the softmax; 0 for NULL. */
int32_t luffy_model_token_count(const luffy_model *model);

/* Its config.json; until the model is destroyed. NULL for NULL. */
const char *luffy_model_config(const luffy_model *model);

/* Tokens of a sequence at most, a prompt's max_new_tokens included; 0: no limit. */
uint64_t luffy_model_max_positions(const luffy_model *model);

typedef struct luffy_parameter {
  uint32_t struct_size;
  uint32_t rank;      /* 1 or 2 */
  uint64_t count;     /* elements */
  uint64_t shape[4];  /* row-major, [out, in] for matrices; 1 beyond the rank */
  const char *name;   /* Hugging Face's; until the model is destroyed */
} luffy_parameter;
#define LUFFY_PARAMETER_INIT { sizeof(luffy_parameter), 0, 0, { 0, 0, 0, 0 }, NULL }
void luffy_parameter_init(luffy_parameter *parameter);
void luffy_parameter_init_sized(luffy_parameter *parameter, size_t size);
#define luffy_parameter_init(parameter) luffy_parameter_init_sized((parameter), sizeof(luffy_parameter))

/* How many parameter tensors there are, and the one at an index. */
size_t luffy_model_parameter_count(const luffy_model *model);
luffy_status luffy_model_parameter_info(const luffy_model *model, size_t index, luffy_parameter *parameter);

/* Copies a parameter or its gradient out, or a parameter in; `count` must be its number of elements (SHAPE). */
luffy_status luffy_model_parameter(const luffy_model *model, const char *name, float *values, size_t count);
luffy_status luffy_model_set_parameter(luffy_model *model, const char *name, const float *values, size_t count);
luffy_status luffy_model_gradient(const luffy_model *model, const char *name, float *values, size_t count);
/* A trainer's step also leaves them zero, and as they were where it fails. */
luffy_status luffy_model_zero_gradients(luffy_model *model);

/* log p(x_t | x_<t) of every token under softmax(logits / temperature), and the entropies of the distributions that
   they were drawn from; both shaped like ids, 0 for the first token of a sequence. `entropies` may be NULL.
   A sequence's numbers do not depend on what else is scored with it, bit for bit. */
luffy_status luffy_model_score(const luffy_model *model, const int32_t *ids, const size_t *lengths, size_t count,
                               float temperature, float *logprobs, float *entropies);

/* Adds, over all tokens, dlogprob * dlogprob/dparameter + dentropy * dentropy/dparameter to the gradients. Arrays are
   shaped like ids; numbers at first tokens are not read. `dentropies` may be NULL. After a failure the gradients
   are undefined until luffy_model_zero_gradients. */
luffy_status luffy_model_backward(luffy_model *model, const int32_t *ids, const size_t *lengths, size_t count,
                                  float temperature, const float *dlogprobs, const float *dentropies);

/* ---------------------------------------------------------------------------------------------------------- rollouts */

/* Who wrote a rollout. */
enum {
  LUFFY_SOURCE_ON_POLICY = 0,  /* the model that is trained, in this step */
  LUFFY_SOURCE_OFF_POLICY = 1, /* somebody else: a teacher's trace */
  LUFFY_SOURCE_REPLAY = 2      /* the model that is trained, in an earlier step */
};
/* Why a rollout ended. */
enum { LUFFY_FINISH_STOP = 0, LUFFY_FINISH_LENGTH = 1, LUFFY_FINISH_CANCELLED = 2 };

/* How a rollout was drawn: with its model and prompt, all that it depends on. */
typedef struct luffy_sampling_record {
  uint32_t struct_size;
  uint32_t max_new_tokens;  /* 0: not known */
  float temperature;        /* 0 is greedy, whose log-probs are those at 1 */
  float top_p;
  uint32_t top_k;
  uint32_t step;
  uint64_t seed;
  uint64_t prompt;          /* its place in the call: which prompt, and which rollout of that prompt */
  uint64_t rollout;
} luffy_sampling_record;
#define LUFFY_SAMPLING_RECORD_INIT { sizeof(luffy_sampling_record), 0, 1.0f, 1.0f, 0, 0, 0, 0, 0 }
void luffy_sampling_record_init_sized(luffy_sampling_record *record, size_t size);
#define luffy_sampling_record_init(record) luffy_sampling_record_init_sized((record), sizeof(luffy_sampling_record))

/* One response to one prompt. A trainer scores it at the temperature of `sampling`, and its group's traces likewise; at
   the trainer's own where that is NULL. Its ratios are those of the whole distribution: `full_logprobs` where top_k or
   top_p cut the one that it was drawn from, `logprobs` where nothing was cut. */
typedef struct luffy_rollout {
  uint32_t struct_size;
  int32_t source;
  int32_t finish_reason;
  uint32_t reserved;               /* 0 */
  const int32_t *ids;              /* the response, its stop token included */
  uint64_t length;                 /* of ids */
  const float *logprobs;           /* of the distributions that the ids were drawn from; NULL: not known */
  const float *behavior_logprobs;  /* under whoever wrote it; NULL: not known */
  int64_t prefix_length;           /* leading ids copied from a trace; -1: all of a trace, none of a rollout */
  double reward;                   /* NaN: none; a step leaves such a rollout out and counts it */
  const float *full_logprobs;      /* of the whole distributions at its temperature; NULL: as logprobs, or not known */
  const luffy_sampling_record *sampling; /* NULL: not recorded */
} luffy_rollout;
#define LUFFY_ROLLOUT_INIT { sizeof(luffy_rollout), LUFFY_SOURCE_ON_POLICY, LUFFY_FINISH_STOP, 0, NULL, 0, NULL, NULL, \
                             -1, 0.0 / 0.0, NULL, NULL }
void luffy_rollout_init(luffy_rollout *rollout);
void luffy_rollout_init_sized(luffy_rollout *rollout, size_t size);
#define luffy_rollout_init(rollout) luffy_rollout_init_sized((rollout), sizeof(luffy_rollout))

typedef struct luffy_generate_options {
  uint32_t struct_size;
  uint32_t n;               /* rollouts of each prompt */
  uint32_t max_new_tokens;  /* of a rollout, its stop token included */
  uint32_t top_k;           /* only the k most probable tokens; 0 is all */
  float temperature;        /* logits are divided by it; 0 is greedy */
  float top_p;              /* only the most probable tokens that together have it; 1 is all */
  uint64_t seed;            /* two calls with one seed and step give the same rollouts: luffy_fresh_seed() */
  uint32_t step;            /* tells calls of one seed apart, as a trainer's steps */
  uint32_t maximum_batch;   /* rollouts that run at once */
  const int32_t *stop_ids;  /* NULL: luffy_model_stop_ids; not NULL with stop_id_count 0: none */
  uint64_t stop_id_count;
  uint64_t kv_memory;       /* bytes of keys and values at most: fewer rollouts run at once to fit; 0: half the machine's */
} luffy_generate_options;
#define LUFFY_GENERATE_OPTIONS_INIT { sizeof(luffy_generate_options), 1, 128, 0, 1.0f, 1.0f, 0, 0, 128, NULL, 0, 0 }
void luffy_generate_options_init(luffy_generate_options *options);
void luffy_generate_options_init_sized(luffy_generate_options *options, size_t size);
#define luffy_generate_options_init(options) luffy_generate_options_init_sized((options), sizeof(luffy_generate_options))

/* A seed from the operating system. Rollouts record theirs, so that they can be drawn again. */
uint64_t luffy_fresh_seed(void);

/* Rollouts of one call, prompt by prompt: rollout j of prompt i is at i * n + j. Immutable. */
typedef struct luffy_rollouts luffy_rollouts;

/* `options.n` rollouts of each prompt. A rollout depends on the model, its prompt, its place, seed and step: not on
   what else runs, nor on threads. Each recorded log-prob has the bits of luffy_model_score; where top_k or
   top_p cut the distribution, the log-prob is the cut distribution's, and full_logprobs have those bits. `options` may
   be NULL. */
luffy_status luffy_model_generate(const luffy_model *model, const int32_t *ids, const size_t *lengths, size_t count,
                                  const luffy_generate_options *options, luffy_rollouts **rollouts);
void luffy_rollouts_destroy(luffy_rollouts *rollouts);
size_t luffy_rollouts_count(const luffy_rollouts *rollouts);
/* Its arrays and its record are borrowed until the rollouts are destroyed; its reward is NaN. */
luffy_status luffy_rollouts_get(const luffy_rollouts *rollouts, size_t index, luffy_rollout *rollout);

/* ---------------------------------------------------------------------------------------------------------- verifier */

enum { LUFFY_VERDICT_WRONG = 0, LUFFY_VERDICT_RIGHT = 1, LUFFY_VERDICT_UNPARSED = 2 };

enum {
  LUFFY_GRADER_MATH = 0,              /* mathematical equality */
  LUFFY_GRADER_CHOICE = 1,            /* options A, B, C, ... */
  LUFFY_GRADER_EXACT_STRING = 2,      /* equal bytes, white space around them aside */
  LUFFY_GRADER_NORMALIZED_STRING = 3, /* equal words: case, articles and punctuation aside */
  LUFFY_GRADER_INTEGER = 4            /* equal integers */
};
enum {
  LUFFY_THINKING_IGNORE = 0,   /* the whole response is read */
  LUFFY_THINKING_AFTER = 1,    /* what follows the last </think>, where there is one */
  LUFFY_THINKING_REQUIRED = 2  /* what follows the first </think>; unparsed without */
};
enum {
  LUFFY_ANSWER_ANYWHERE = 0,   /* as the fields below say; the last number of the text if need be */
  LUFFY_ANSWER_ANCHORED = 1,   /* for rewards: a box, or an answer announced by "answer is", "Answer:", "####" */
  LUFFY_ANSWER_BOXED = 2       /* a box only */
};
enum { LUFFY_BOXED_RANKED = 0, LUFFY_BOXED_FIRST = 1, LUFFY_BOXED_ONLY = 2, LUFFY_BOXED_NEVER = 3 };

typedef struct luffy_verify_options {
  uint32_t struct_size;
  int32_t grader;
  int32_t thinking;
  int32_t boxed;                     /* whether \boxed{} comes before, with or instead of other anchors */
  int32_t latex;                     /* 1: answers in $...$, \[...\], \(...\) and boxes */
  int32_t expression;                /* 1: plain numbers and arithmetic */
  int32_t without_anchor;            /* 1: they count without "answer" or a box before them */
  int32_t hash_answer;               /* 1: a last line "#### n" comes before plain numbers */
  int32_t first_match_only;          /* 1: nothing after the first candidate is tried */
  int32_t float_rounding;            /* decimals kept where a decimal meets another number */
  int32_t strict_variables;          /* 0: x + 1 equals y + 1 */
  int32_t set_matches_relation;      /* 1: (1,3) is matched by 1 < x < 3 */
  int32_t reference_verbatim;        /* 1: the reference is read as a response is; 0: as people hold answers */
  int32_t choice_count;              /* options of LUFFY_GRADER_CHOICE, 1 to 26 */
  const char *const *choice_texts;   /* choice_count texts; NULL: not known */
  uint64_t last_bytes;               /* only so many bytes at the response's end are read */
  int32_t answer_form;               /* LUFFY_ANSWER_...; other than ANYWHERE it overrides boxed and without_anchor */
  uint32_t reserved;                 /* 0 */
  const char *problem;               /* the question, NUL-terminated: arithmetic copied from it is no answer; NULL: not known */
} luffy_verify_options;
#define LUFFY_VERIFY_OPTIONS_INIT { sizeof(luffy_verify_options), LUFFY_GRADER_MATH, LUFFY_THINKING_IGNORE, \
                                    LUFFY_BOXED_RANKED, 1, 1, 1, 0, 0, 6, 1, 0, 0, 4, NULL, 32768, \
                                    LUFFY_ANSWER_ANYWHERE, 0, NULL }
void luffy_verify_options_init(luffy_verify_options *options);
void luffy_verify_options_init_sized(luffy_verify_options *options, size_t size);
#define luffy_verify_options_init(options) luffy_verify_options_init_sized((options), sizeof(luffy_verify_options))

typedef struct luffy_verdict {
  uint32_t struct_size;
  int32_t status;             /* LUFFY_VERDICT_... */
  int32_t has_extracted;      /* 1 where an answer was found in the response */
  uint32_t reserved;          /* 0 */
  uint64_t extracted_length;  /* of its text in bytes */
} luffy_verdict;
#define LUFFY_VERDICT_INIT { sizeof(luffy_verdict), LUFFY_VERDICT_UNPARSED, 0, 0, 0 }
void luffy_verdict_init(luffy_verdict *verdict);
void luffy_verdict_init_sized(luffy_verdict *verdict, size_t size);
#define luffy_verdict_init(verdict) luffy_verdict_init_sized((verdict), sizeof(luffy_verdict))

/* Judges a response against a reference answer. Bounded work whatever the texts. `options` and `extracted` may be
   NULL. Where `extracted` is too small (LUFFY_ERROR_BUFFER_TOO_SMALL) the verdict is set all the same. */
luffy_status luffy_verify(const char *reference, size_t reference_length, const char *response, size_t response_length,
                          const luffy_verify_options *options, luffy_verdict *verdict, char *extracted,
                          size_t capacity);

/* `count` judgements on all threads; statuses[count] are LUFFY_VERDICT_... Lengths may be NULL: NUL-terminated. */
luffy_status luffy_verify_batch(const char *const *references, const size_t *reference_lengths,
                                const char *const *responses, const size_t *response_lengths, size_t count,
                                const luffy_verify_options *options, int32_t *statuses);

/* What a response of `length` tokens adds to its reward (DAPO, arXiv 2503.14476): 0 up to maximum_length - buffer, then
   linear down to -weight at maximum_length, -weight beyond. `weight` is finite and not negative. */
luffy_status luffy_overlength_penalty(uint64_t length, uint64_t maximum_length, uint64_t buffer, double weight,
                                      double *penalty);

/* --------------------------------------------------------------------------------------------------------- objective */

/* What an update minimises: docs/objective.md. One thread at a time sets options; any number evaluate. */
typedef struct luffy_objective luffy_objective;

/* `preset`: "luffy", "plain", "reference", "on_policy", "mixed_policy", "sft" or "rl_with_sft_loss"; or a follow-up:
   "dr_grpo", "dapo", "gspo", "cispo", "sapo", "exgrpo", "srft", "prefix_rft", "hpt" or "chord"; NULL is "luffy". */
luffy_status luffy_objective_create(const char *preset, luffy_objective **objective);
void luffy_objective_destroy(luffy_objective *objective);

/* Sets one option. `value` is JSON, as 0.1, true, null or {"kind": "power", "exponent": 0.5}; what is not JSON is
   taken as a text, so that "on_policy" needs no quotes of its own. Set "aggregation" before "fixed_length".
   The options and values: docs/c-api.md. */
luffy_status luffy_objective_set(luffy_objective *objective, const char *key, const char *value);

/* Sets every member of a JSON object in its order, or none of them. */
luffy_status luffy_objective_configure(luffy_objective *objective, const char *options);

/* Every option as a JSON object. */
luffy_status luffy_objective_options(const luffy_objective *objective, char *text, size_t capacity, size_t *length);

/* One rollout or trace, for luffy_objective_evaluate. Arrays hold one number a token of the response. */
typedef struct luffy_row {
  uint32_t struct_size;
  int32_t source;                    /* LUFFY_SOURCE_... */
  int64_t group;                     /* rows with one number answer one prompt */
  double reward;
  uint64_t length;                   /* of every array */
  const double *logprobs;            /* under the model now */
  const double *old_logprobs;        /* NULL: equal to logprobs */
  const double *behavior_logprobs;   /* NULL: not known */
  const double *reference_logprobs;  /* NULL: not known */
  const double *entropies;           /* NULL: not known; a term that needs them refuses the row */
  const uint8_t *response_mask;      /* 1: trained on; NULL: all */
  const uint8_t *off_mask;           /* 1: copied from a trace; NULL: all of a trace, none of a rollout */
} luffy_row;
#define LUFFY_ROW_INIT { sizeof(luffy_row), LUFFY_SOURCE_ON_POLICY, 0, 0.0 / 0.0, 0, NULL, NULL, NULL, NULL, NULL, \
                         NULL, NULL }
void luffy_row_init(luffy_row *row);
void luffy_row_init_sized(luffy_row *row, size_t size);
#define luffy_row_init(row) luffy_row_init_sized((row), sizeof(luffy_row))

/* Named numbers. Immutable. */
typedef struct luffy_metrics luffy_metrics;

/* Loss and gradients of one update over these rows, in float64. Log-probs are at most 0, entropies at least 0, masks 0 or 1. `dlogprobs` and `dentropies` hold the rows' tokens one
   row after another, `advantages` one number a row. Every out-parameter may be NULL. `step` counts from 0. */
luffy_status luffy_objective_evaluate(const luffy_objective *objective, const luffy_row *rows, size_t count,
                                      uint64_t step, double *loss, double *dlogprobs, double *dentropies,
                                      double *advantages, luffy_metrics **metrics);

void luffy_metrics_destroy(luffy_metrics *metrics);
size_t luffy_metrics_count(const luffy_metrics *metrics);
/* Until the metrics are destroyed; NULL past the end. docs/metrics.md defines the names. */
const char *luffy_metrics_name(const luffy_metrics *metrics, size_t index);
/* NaN past the end. */
double luffy_metrics_value(const luffy_metrics *metrics, size_t index);
/* NOT_FOUND for what nothing was counted for. */
luffy_status luffy_metrics_find(const luffy_metrics *metrics, const char *name, double *value);
/* One JSON object; until the metrics are destroyed. NULL for NULL. */
const char *luffy_metrics_json(const luffy_metrics *metrics);

/* ----------------------------------------------------------------------------------------------------------- trainer */

/* Trains one model with AdamW. One call at a time. */
typedef struct luffy_trainer luffy_trainer;

enum { LUFFY_SCHEDULE_CONSTANT = 0, LUFFY_SCHEDULE_LINEAR = 1, LUFFY_SCHEDULE_COSINE = 2 };

typedef struct luffy_trainer_options {
  uint32_t struct_size;
  int32_t lr_schedule;             /* of the learning rate, after the warm-up */
  double lr;                       /* the peak */
  double beta1;
  double beta2;
  double eps;
  double weight_decay;             /* decoupled; matrices only */
  double max_grad_norm;            /* the global gradient norm is cut to it; 0: never */
  double minimum_lr_factor;        /* where linear and cosine end, as a part of lr */
  double temperature;              /* that rollouts without a sampling record were drawn at */
  uint64_t warmup_steps;           /* updates over which the rate rises linearly */
  uint64_t total_steps;            /* the update at which linear and cosine end */
  uint64_t updates_per_step;       /* the groups of a step, at least as many, are cut into so many updates */
  uint64_t micro_batch_tokens;     /* that run at once, about; a prompt that a group shares is not counted */
  int32_t recompute_activations;   /* 1: less memory, more time, the same bits */
  int32_t recompute_old_logprobs;  /* 1: from a pass before the update, not from the rollouts */
  uint64_t memory_limit;           /* bytes for weights, gradients, moments and a step's scratch: recomputes activations
                                      and runs smaller micro-batches to fit, or is refused with the bytes needed; 0: none */
  int32_t share_prompts;           /* 1: a group's prompt runs once, forward and backward; the same log-probs */
  int32_t reserved;                /* 0 */
  double entropy_band;             /* nats that the entropy of rollouts may rise before "signal/entropy_rising" says so */
} luffy_trainer_options;
#define LUFFY_TRAINER_OPTIONS_INIT { sizeof(luffy_trainer_options), LUFFY_SCHEDULE_CONSTANT, 1e-6, 0.9, 0.999, 1e-8, \
                                     0.01, 1.0, 0.0, 1.0, 0, 0, 1, 640, 0, 0, 0, 1, 0, 1.0 }
void luffy_trainer_options_init(luffy_trainer_options *options);
void luffy_trainer_options_init_sized(luffy_trainer_options *options, size_t size);
#define luffy_trainer_options_init(options) luffy_trainer_options_init_sized((options), sizeof(luffy_trainer_options))

/* The work of one training step. */
typedef struct luffy_workload {
  uint32_t struct_size;
  int32_t dtype;             /* LUFFY_DTYPE_… */
  uint64_t prompts;
  uint64_t rollouts;         /* of each prompt, written by the model */
  uint64_t traces;           /* of each prompt, the teacher's */
  uint64_t prompt_tokens;    /* of each prompt */
  uint64_t response_tokens;  /* of each rollout and trace at most */
  uint64_t kv_memory;        /* as in luffy_generate_options */
  uint32_t maximum_batch;    /* likewise */
  int32_t has_reference;     /* 1: a reference model of the same shape */
} luffy_workload;
#define LUFFY_WORKLOAD_INIT { sizeof(luffy_workload), LUFFY_DTYPE_FLOAT32, 16, 7, 1, 128, 512, 0, 128, 0 }
void luffy_workload_init(luffy_workload *workload);
void luffy_workload_init_sized(luffy_workload *workload, size_t size);
#define luffy_workload_init(workload) luffy_workload_init_sized((workload), sizeof(luffy_workload))

/* What such a step takes. Bytes are summed as the passes allocate; rates and seconds are an estimate from a measurement of
   some tens of milliseconds of this machine's products and memory, which the first plan of a process makes. */
typedef struct luffy_plan_t {
  uint32_t struct_size;
  int32_t recompute_activations;    /* as fitted to memory_limit */
  uint64_t weight_bytes;            /* parameters and their packed panels; the reference's too */
  uint64_t gradient_bytes;
  uint64_t optimizer_bytes;         /* moments, and the copy that a step of several updates keeps */
  uint64_t kv_bytes;                /* keys and values of the rollouts that run at once */
  uint64_t rollout_bytes;           /* everything while rollouts are written */
  uint64_t update_bytes;            /* everything during the update */
  uint64_t peak_bytes;              /* the larger of both */
  uint64_t slots;                   /* rollouts at once */
  uint64_t micro_batch_tokens;      /* as fitted to memory_limit */
  double rollout_tokens_per_second; /* new tokens */
  double update_tokens_per_second;  /* prompt and response tokens of all rows */
  double step_seconds;
} luffy_plan_t;
#define LUFFY_PLAN_INIT { sizeof(luffy_plan_t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.0, 0.0, 0.0 }
void luffy_plan_init(luffy_plan_t *plan);
void luffy_plan_init_sized(luffy_plan_t *plan, size_t size);
#define luffy_plan_init(plan) luffy_plan_init_sized((plan), sizeof(luffy_plan_t))

/* Plans a step of the model at `path`, of which only the configuration is read: a model's path, or that of a config.json;
   the weights need not be there. `workload` and `options` may be NULL.
   LUFFY_ERROR_OUT_OF_MEMORY, with the bytes needed, where options.memory_limit or kv_memory is too little. */
luffy_status luffy_plan(const char *path, const luffy_workload *workload, const luffy_trainer_options *options,
                        luffy_plan_t *plan);

/* The trainer trains `model` itself, not a copy. `objective` is copied; NULL is "luffy". `options` may be NULL.
   `reference` is the model of KL terms, another one than `model`; NULL where the objective has none. */
luffy_status luffy_trainer_create(luffy_model *model, const luffy_objective *objective,
                                  const luffy_trainer_options *options, luffy_model *reference,
                                  luffy_trainer **trainer);
void luffy_trainer_destroy(luffy_trainer *trainer);

/* Cancels the call on this trainer that runs now. Safe in a signal handler. */
void luffy_trainer_cancel(luffy_trainer *trainer);

/* All rollouts and traces of one prompt: what an advantage compares. */
typedef struct luffy_group {
  uint32_t struct_size;
  uint32_t reserved;              /* 0 */
  const int32_t *prompt_ids;
  uint64_t prompt_length;
  const luffy_rollout *rollouts;  /* traces too: their source says which they are */
  uint64_t rollout_count;
} luffy_group;
#define LUFFY_GROUP_INIT { sizeof(luffy_group), 0, NULL, 0, NULL, 0 }
void luffy_group_init(luffy_group *group);
void luffy_group_init_sized(luffy_group *group, size_t size);
#define luffy_group_init(group) luffy_group_init_sized((group), sizeof(luffy_group))

/* One step of the objective: advantages, gradients, clipping, AdamW. Rollouts whose reward is NaN are left out and
   counted (batch/unrewarded_rollouts); a step in which none has a reward is refused. `metrics` may be NULL. */
luffy_status luffy_trainer_step(luffy_trainer *trainer, const luffy_group *groups, size_t count,
                                luffy_metrics **metrics);

/* One supervised step on every response of the groups: the mean of -log p over all their tokens. Rewards and sources
   are not looked at. */
luffy_status luffy_trainer_sft_step(luffy_trainer *trainer, const luffy_group *groups, size_t count,
                                    luffy_metrics **metrics);

/* The learning rate that the schedule scales: luffy_trainer_options.lr until it is set. It is saved with the state. */
luffy_status luffy_trainer_lr(const luffy_trainer *trainer, double *lr);
luffy_status luffy_trainer_set_lr(luffy_trainer *trainer, double lr);

/* Steps so far, supervised ones included. */
uint64_t luffy_trainer_steps(const luffy_trainer *trainer);

/* Another handle on the trainer's model, for the caller to destroy. */
luffy_status luffy_trainer_model(const luffy_trainer *trainer, luffy_model **model);

/* Bytes of the caller's that are saved and loaded with the trainer, as its place in the data. */
luffy_status luffy_trainer_set_user_state(luffy_trainer *trainer, const void *bytes, size_t length);
luffy_status luffy_trainer_user_state(const luffy_trainer *trainer, void *bytes, size_t capacity, size_t *length);

/* Writes weights, moments, counters and options, whole or not at all, as luffy_model_save does; a directory that holds
   anything but a state is not replaced. Takes no memory that grows with the model. */
luffy_status luffy_trainer_save(const luffy_trainer *trainer, const char *directory);
/* Continues where luffy_trainer_save was, bit for bit. `reference` as for luffy_trainer_create. */
luffy_status luffy_trainer_load(const char *directory, luffy_model *reference, luffy_trainer **trainer);

/* -------------------------------------------------------------------------------------------------------------- runs */

/* A whole training run: rollouts, verifier, updates, evaluation, checkpoints, in a directory that every language and
   luffy-train can go on with. It is pulled: luffy_run_next works until the next event; there is no thread and no
   callback. The same configuration gives the same bits whoever drives it. docs/run.md. */
typedef struct luffy_run luffy_run;

/* What luffy_run_next has just done. */
enum {
  LUFFY_RUN_GROUPS = 1,     /* a step's rollouts and traces are there, judged: rewards may be read and set */
  LUFFY_RUN_STEP = 2,       /* a step is done: luffy_run_metrics */
  LUFFY_RUN_EVALUATION = 3, /* held-out accuracy was measured: luffy_run_status */
  LUFFY_RUN_CHECKPOINT = 4, /* a checkpoint is on the disk */
  LUFFY_RUN_DONE = 5        /* complete; model and state are on the disk */
};

/* `configuration`: JSON of the keys of docs/run-directory.md; {} is the built-in task. With "resume", a run directory,
   the run there goes on from its last checkpoint and the other keys are new values of those that may change; a finished
   run is at LUFFY_RUN_DONE. Wrong keys: INVALID_ARGUMENT with what is allowed. Files: NOT_FOUND, CORRUPT, IO. */
luffy_status luffy_run_open(const char *configuration, luffy_run **run);
/* Without a checkpoint: luffy_run_checkpoint makes one. */
void luffy_run_destroy(luffy_run *run);

/* The configuration that luffy_run_open would run, every key with its value, as JSON. Reads data, trains nothing. */
luffy_status luffy_run_configuration(const char *configuration, char *json, size_t capacity, size_t *length);

/* Works until the next event. After LUFFY_RUN_DONE it stays so. After a failure, CANCELLED too, everything is as it was
   after the last event, and the call may be made again. */
luffy_status luffy_run_next(luffy_run *run, int32_t *event);
/* Cancels a luffy_run_next that runs now. Safe in a signal handler. */
void luffy_run_cancel(luffy_run *run);

/* Groups of the step that comes next, after LUFFY_RUN_GROUPS; 0 at any other time. */
size_t luffy_run_group_count(luffy_run *run);
/* Members of a group: rollouts, then traces. */
size_t luffy_run_rollout_count(luffy_run *run, size_t group);
/* One of them, with the verifier's reward. Its arrays live until the next luffy_run_next or luffy_run_set_rewards. */
luffy_status luffy_run_rollout(luffy_run *run, size_t group, size_t index, luffy_rollout *rollout);
/* JSON: {"prompt", "problem", "answer", "columns": what else the data say of it, "responses": the members' texts}. Until
   the next luffy_run_next. */
luffy_status luffy_run_problem(luffy_run *run, size_t group, const char **json);
/* A reward for each member of a group in place of the verifier's; NaN leaves one out. A run that was resumed asks for them
   again, step by step: they are not saved. */
luffy_status luffy_run_set_rewards(luffy_run *run, size_t group, const double *rewards, size_t count);

/* Of the last step of this handle (docs/metrics.md), for the caller to destroy. NOT_FOUND before the first. */
luffy_status luffy_run_metrics(luffy_run *run, luffy_metrics **metrics);
/* JSON: {"directory", "task", "stage", "step", "steps", "stage_step", "stage_steps", "done", "evaluates_next",
   "expects_rewards", "before", "evaluation", "evaluation_moment", "best", "notes"}; notes are given once. Until the next
   luffy_run_next. */
luffy_status luffy_run_status(luffy_run *run, const char **json);
/* Saves a checkpoint of the last complete step; *saved (may be NULL) is 0 where no step is complete. */
luffy_status luffy_run_checkpoint(luffy_run *run, int32_t *saved);
/* Another handle on the run's model or tokenizer, for the caller to destroy. */
luffy_status luffy_run_model(luffy_run *run, luffy_model **model);
luffy_status luffy_run_tokenizer(luffy_run *run, luffy_tokenizer **tokenizer);

/* -------------------------------------------------------------------------------------------------------- evaluation */

/* Judged responses to problems: avg@k, pass@k, maj@k with intervals. docs/evaluation.md. */
typedef struct luffy_evaluation luffy_evaluation;

/* Samples and judges every problem of a JSON Lines file. `options`: JSON of "data" (the file) and, where the default does
   not suit, "n", "max_new_tokens", "temperature", "top_p", "seed", "template", "system", "answers", "answer_form",
   "thinking", "limit", "problems_at_once" (docs/evaluation.md). luffy_model_cancel ends it: CANCELLED. */
luffy_status luffy_evaluate(luffy_model *model, const luffy_tokenizer *tokenizer, const char *options,
                            luffy_evaluation **evaluation);
/* An empty one, for responses of the caller's; `options` (may be NULL) say how they are judged. */
luffy_status luffy_evaluation_create(const char *options, luffy_evaluation **evaluation);
void luffy_evaluation_destroy(luffy_evaluation *evaluation);
/* Adds a problem: JSON of "problem", "answer", "id", "prompt" and "responses", objects of "text", "finish_reason" and
   "tokens"; with "verdict" ("right", "wrong", "unparsed") and "extracted" the caller has judged it. */
luffy_status luffy_evaluation_add(luffy_evaluation *evaluation, const char *problem);

size_t luffy_evaluation_count(luffy_evaluation *evaluation);
/* A problem's record as JSON, with "answer_classes", and "pass_at" and "votes" for each k. Lives as long as the handle. */
luffy_status luffy_evaluation_problem(luffy_evaluation *evaluation, size_t index, const char **json);
/* estimate[3]: the mean over problems and its 95 % interval. `measure`: "avg" (k is not looked at), "pass", "maj". */
luffy_status luffy_evaluation_estimate(luffy_evaluation *evaluation, const char *measure, size_t k, double *estimate);
/* The same of one value in [0, 1] for each problem. */
luffy_status luffy_estimate(const double *values, size_t count, double *estimate);
/* JSON {"labels", "texts"} of the options that a question lists at its end; empty where it lists none. */
luffy_status luffy_listed_options(const char *question, char *json, size_t capacity, size_t *length);

/* One HTML page of a run's or a comparison's directory. `output` NULL: report.html in it. */
luffy_status luffy_report(const char *directory, const char *output);

#ifdef __cplusplus
}
#endif
#endif
